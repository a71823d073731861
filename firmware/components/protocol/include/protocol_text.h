/* Text on the wire: UTF-8, base64, sentences for people. */
#ifndef PROTOCOL_TEXT_H
#define PROTOCOL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Receivers take reasons of at most 200 characters. */
#define PROTOCOL_REASON_CHARACTERS 200
#define PROTOCOL_REASON_BYTES (PROTOCOL_REASON_CHARACTERS + 1)

/* Why something was refused, for people. Empty when it was not. */
struct protocol_reason {
    char text[PROTOCOL_REASON_BYTES];
};

/* Always false, so that a parser can `return protocol_refuse(...)`. What does not fit is cut between two characters. */
bool protocol_refuse(struct protocol_reason *reason, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool protocol_utf8_valid(const void *bytes, size_t size);

/* UTF-16 units of valid UTF-8: how JavaScript, and so the page, counts characters. */
size_t protocol_utf16_units(const char *text);

/* Cuts `text` to at most `bytes` bytes and not within a character. */
void protocol_utf8_cut(char *text, size_t bytes);

/* 4 characters for each 3 bytes begun, and a NUL. */
#define PROTOCOL_BASE64_BYTES(size) (((size) + 2) / 3 * 4 + 1)

void protocol_base64_encode(const uint8_t *bytes, size_t size, char *text);

/* Number of bytes, or -1 for what is not base64 or does not fit. As lenient as the page: padding may be missing. */
int32_t protocol_base64_decode(const char *text, uint8_t *bytes, size_t capacity);

/* `text` takes twice `size` and a NUL; lower case. */
void protocol_hex_encode(const uint8_t *bytes, size_t size, char *text);

/* Whether `text` is `size` bytes in hexadecimal, in either case, and nothing else. */
bool protocol_hex_decode(const char *text, uint8_t *bytes, size_t size);

#endif
