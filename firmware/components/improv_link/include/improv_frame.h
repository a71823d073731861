/* Frames of Improv over serial, as firmware/SERIAL.md says. https://www.improv-wifi.com/serial/ */
#ifndef IMPROV_FRAME_H
#define IMPROV_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPROV_MAX_DATA 255
/* IMPROV, version, type, length. */
#define IMPROV_HEAD_BYTES 9
/* With a newline before, the checksum, and a newline behind. */
#define IMPROV_FRAME_BYTES(size) (1 + IMPROV_HEAD_BYTES + (size) + 2)

enum improv_type {
    IMPROV_STATE = 1,
    IMPROV_ERROR = 2,
    IMPROV_REQUEST = 3,
    IMPROV_RESULT = 4,
};

struct improv_frame {
    uint8_t type;
    uint8_t size;
    uint8_t data[IMPROV_MAX_DATA];
};

/* Into `IMPROV_FRAME_BYTES(size)` at `bytes`; returns how many that are. */
size_t improv_frame_write(enum improv_type type, const uint8_t *data, uint8_t size, uint8_t *bytes);

/* Finds frames among the text of a serial line. All zero to begin with. */
struct improv_parser {
    uint8_t bytes[IMPROV_HEAD_BYTES + IMPROV_MAX_DATA + 1];
    size_t size;
};

/* Whether this byte completes a frame, which then lies in `frame`. */
bool improv_parser_take(struct improv_parser *parser, uint8_t byte, struct improv_frame *frame);

/* Reads the data of a request piece by piece; `good` stays false from the first piece that is not there. */
struct improv_reader {
    const uint8_t *bytes;
    size_t size;
    bool good;
};

struct improv_reader improv_reader_of(const uint8_t *bytes, size_t size);
uint32_t improv_read_integer(struct improv_reader *reader, size_t bytes);
void improv_read_bytes(struct improv_reader *reader, uint8_t *into, size_t size);
/* A length in one byte and so many bytes, NUL-terminated; one that does not fit, or holds a NUL, is not good. */
void improv_read_text(struct improv_reader *reader, char *into, size_t capacity);
/* True when all was there and nothing is left over. */
bool improv_reader_done(const struct improv_reader *reader);

#endif
