#include <string.h>

#include "improv_link.h"

#define FIRST_OF_OURS 0xa0

static void s_write(struct improv_link *link, enum improv_type type, const uint8_t *data, size_t size)
{
    uint8_t bytes[IMPROV_FRAME_BYTES(IMPROV_MAX_DATA)];
    size_t length = improv_frame_write(type, data, (uint8_t)size, bytes);
    link->port->write(link->port->context, bytes, length);
}

/* A string that does not fit any more is cut. */
static void s_result(struct improv_link *link, uint8_t command, const char *first, const char *const *strings,
                     size_t count)
{
    uint8_t data[IMPROV_MAX_DATA];
    size_t size = 2;
    for (size_t at = first == NULL; at <= count; at++) {
        const char *string = at == 0 ? first : strings[at - 1];
        size_t length = strlen(string);
        if (size + 1 > sizeof data) {
            break;
        }
        size_t room = sizeof data - size - 1;
        length = length > room ? room : length;
        data[size++] = (uint8_t)length;
        memcpy(data + size, string, length);
        size += length;
    }
    data[0] = command;
    data[1] = (uint8_t)(size - 2);
    s_write(link, IMPROV_RESULT, data, size);
}

static void s_error(struct improv_link *link, enum improv_error error)
{
    uint8_t code = (uint8_t)error;
    s_write(link, IMPROV_ERROR, &code, 1);
}

void improv_link_open(struct improv_link *link, const struct improv_link_port *port)
{
    *link = (struct improv_link){.port = port};
}

static void s_request(struct improv_link *link, const struct improv_frame *frame)
{
    if (frame->size < 2 || frame->data[1] != frame->size - 2 || frame->data[0] == 0) {
        s_error(link, IMPROV_INVALID_REQUEST);
        return;
    }
    uint8_t command = frame->data[0];
    if (link->at_work != 0) {
        static const char *const sentence = "Another request is at work: ask again when it is answered.";
        if (command >= FIRST_OF_OURS) {
            s_result(link, command, "refused", &sentence, 1);
        } else {
            s_error(link, IMPROV_INVALID_REQUEST);
        }
        return;
    }
    link->at_work = command;
    link->port->request(link->port->context, command, frame->data + 2, frame->data[1]);
}

void improv_link_take(struct improv_link *link, const uint8_t *bytes, size_t size)
{
    struct improv_frame frame;
    for (size_t at = 0; at < size; at++) {
        if (improv_parser_take(&link->parser, bytes[at], &frame) && frame.type == IMPROV_REQUEST) {
            s_request(link, &frame);
        }
    }
}

void improv_link_say_state(struct improv_link *link, enum improv_state state)
{
    uint8_t code = (uint8_t)state;
    s_write(link, IMPROV_STATE, &code, 1);
}

void improv_link_item(struct improv_link *link, const char *const *strings, size_t count)
{
    if (link->at_work != 0) {
        s_result(link, link->at_work, "item", strings, count);
    }
}

void improv_link_ok(struct improv_link *link, const char *detail)
{
    uint8_t command = link->at_work;
    if (command == 0) {
        return;
    }
    link->at_work = 0;
    char piece[IMPROV_PIECE_BYTES + 1];
    const char *string = piece;
    while (detail != NULL && strlen(detail) > IMPROV_PIECE_BYTES) {
        memcpy(piece, detail, IMPROV_PIECE_BYTES);
        piece[IMPROV_PIECE_BYTES] = 0;
        detail += IMPROV_PIECE_BYTES;
        s_result(link, command, "item", &string, 1);
    }
    s_result(link, command, "ok", &detail, detail != NULL);
}

void improv_link_refuse(struct improv_link *link, const char *sentence)
{
    uint8_t command = link->at_work;
    if (command == 0) {
        return;
    }
    link->at_work = 0;
    s_result(link, command, "refused", &sentence, 1);
}

void improv_link_plain(struct improv_link *link, const char *const *strings, size_t count, bool last)
{
    uint8_t command = link->at_work;
    if (last) {
        link->at_work = 0;
    }
    s_result(link, command, NULL, strings, count);
}

void improv_link_error(struct improv_link *link, enum improv_error error)
{
    link->at_work = 0;
    if (error != IMPROV_NO_ERROR) {
        s_error(link, error);
    }
}
