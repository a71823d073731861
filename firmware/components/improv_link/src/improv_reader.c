#include <string.h>

#include "improv_frame.h"

struct improv_reader improv_reader_of(const uint8_t *bytes, size_t size)
{
    return (struct improv_reader){.bytes = bytes, .size = size, .good = true};
}

static const uint8_t *s_take(struct improv_reader *reader, size_t size)
{
    if (!reader->good || size > reader->size) {
        reader->good = false;
        return NULL;
    }
    const uint8_t *taken = reader->bytes;
    reader->bytes += size;
    reader->size -= size;
    return taken;
}

uint32_t improv_read_integer(struct improv_reader *reader, size_t bytes)
{
    const uint8_t *from = s_take(reader, bytes);
    uint32_t value = 0;
    for (size_t at = bytes; from != NULL && at-- > 0;) {
        value = value << 8 | from[at];
    }
    return value;
}

void improv_read_bytes(struct improv_reader *reader, uint8_t *into, size_t size)
{
    const uint8_t *from = s_take(reader, size);
    if (from != NULL && size > 0) {
        memcpy(into, from, size);
    }
}

void improv_read_text(struct improv_reader *reader, char *into, size_t capacity)
{
    size_t size = improv_read_integer(reader, 1);
    const uint8_t *from = s_take(reader, size);
    into[0] = 0;
    if (from == NULL) {
        return;
    }
    if (size >= capacity || memchr(from, 0, size) != NULL) {
        reader->good = false;
        return;
    }
    memcpy(into, from, size);
    into[size] = 0;
}

bool improv_reader_done(const struct improv_reader *reader)
{
    return reader->good && reader->size == 0;
}
