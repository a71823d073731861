/* RFC 3629. */
#include <string.h>

#include "protocol_text.h"

/* Bytes of the character that begins at `bytes`; 0 when none does. */
static size_t s_character(const uint8_t *bytes, size_t size)
{
    uint8_t first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size < length) {
        return 0;
    }
    for (size_t at = 1; at < length; at++) {
        if ((bytes[at] & 0xc0) != 0x80) {
            return 0;
        }
    }
    /* Longer than need be, half a surrogate pair, or past U+10FFFF. */
    if ((first == 0xe0 && bytes[1] < 0xa0) || (first == 0xed && bytes[1] > 0x9f) || (first == 0xf0 && bytes[1] < 0x90) ||
        (first == 0xf4 && bytes[1] > 0x8f)) {
        return 0;
    }
    return length;
}

bool protocol_utf8_valid(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        size_t length = s_character(at, size);
        if (length == 0) {
            return false;
        }
        at += length;
        size -= length;
    }
    return true;
}

size_t protocol_utf16_units(const char *text)
{
    size_t units = 0;
    for (const uint8_t *at = (const uint8_t *)text; *at != 0; at++) {
        units += (*at & 0xc0) != 0x80;
        units += *at >= 0xf0;
    }
    return units;
}

void protocol_utf8_cut(char *text, size_t bytes)
{
    if (strlen(text) <= bytes) {
        return;
    }
    while (bytes > 0 && ((uint8_t)text[bytes] & 0xc0) == 0x80) {
        bytes--;
    }
    text[bytes] = 0;
}
