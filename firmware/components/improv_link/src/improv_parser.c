#include <string.h>

#include "improv_frame.h"

static const uint8_t s_head[] = {'I', 'M', 'P', 'R', 'O', 'V', 1};

enum match { NOT_ONE, NOT_YET, WHOLE };

static enum match s_match(const struct improv_parser *parser)
{
    size_t known = parser->size < sizeof s_head ? parser->size : sizeof s_head;
    if (memcmp(parser->bytes, s_head, known) != 0) {
        return NOT_ONE;
    }
    if (parser->size < IMPROV_HEAD_BYTES) {
        return NOT_YET;
    }
    size_t before_sum = IMPROV_HEAD_BYTES + (size_t)parser->bytes[IMPROV_HEAD_BYTES - 1];
    if (parser->size <= before_sum) {
        return NOT_YET;
    }
    uint8_t sum = 0;
    for (size_t at = 0; at < before_sum; at++) {
        sum = (uint8_t)(sum + parser->bytes[at]);
    }
    return sum == parser->bytes[before_sum] ? WHOLE : NOT_ONE;
}

static void s_drop(struct improv_parser *parser, size_t count)
{
    parser->size -= count;
    memmove(parser->bytes, parser->bytes + count, parser->size);
}

bool improv_parser_take(struct improv_parser *parser, uint8_t byte, struct improv_frame *frame)
{
    parser->bytes[parser->size++] = byte;
    /* A frame whose head was noise may hide the beginning of the next: all that came is looked at again. */
    while (parser->size > 0) {
        switch (s_match(parser)) {
        case NOT_YET:
            return false;
        case NOT_ONE: {
            const uint8_t *next = memchr(parser->bytes + 1, s_head[0], parser->size - 1);
            s_drop(parser, next == NULL ? parser->size : (size_t)(next - parser->bytes));
            break;
        }
        case WHOLE:
            frame->type = parser->bytes[IMPROV_HEAD_BYTES - 2];
            frame->size = parser->bytes[IMPROV_HEAD_BYTES - 1];
            memcpy(frame->data, parser->bytes + IMPROV_HEAD_BYTES, frame->size);
            /* What lies behind it, after a head that was noise, is looked at with the next byte. */
            s_drop(parser, (size_t)IMPROV_HEAD_BYTES + frame->size + 1);
            return true;
        }
    }
    return false;
}
