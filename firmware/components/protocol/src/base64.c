/* Bytes as text: RFC 4648, section 4, read as leniently as a browser's `atob`; and hexadecimal. */
#include <string.h>

#include "protocol_text.h"

static const char s_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void protocol_base64_encode(const uint8_t *bytes, size_t size, char *text)
{
    for (size_t at = 0; at < size; at += 3) {
        size_t rest = size - at;
        uint32_t group = (uint32_t)bytes[at] << 16;
        group |= rest > 1 ? (uint32_t)bytes[at + 1] << 8 : 0;
        group |= rest > 2 ? bytes[at + 2] : 0;
        *text++ = s_alphabet[group >> 18];
        *text++ = s_alphabet[group >> 12 & 63];
        *text++ = rest > 1 ? s_alphabet[group >> 6 & 63] : '=';
        *text++ = rest > 2 ? s_alphabet[group & 63] : '=';
    }
    *text = 0;
}

int32_t protocol_base64_decode(const char *text, uint8_t *bytes, size_t capacity)
{
    uint32_t group = 0;
    size_t digits = 0;
    size_t padding = 0;
    size_t size = 0;
    for (; *text != 0; text++) {
        if (strchr(" \t\n\f\r", *text) != NULL) {
            continue;
        }
        if (*text == '=') {
            padding++;
            continue;
        }
        const char *digit = strchr(s_alphabet, *text);
        if (digit == NULL || padding > 0) {
            return -1;
        }
        group = group << 6 | (uint32_t)(digit - s_alphabet);
        digits++;
        /* Each digit after the first of a group completes a byte. */
        if (digits % 4 != 1) {
            if (size == capacity) {
                return -1;
            }
            bytes[size++] = (uint8_t)(group >> (6 - 2 * ((digits - 1) % 4)));
        }
    }
    if (digits % 4 == 1 || (padding > 0 && (digits + padding) % 4 != 0) || padding > 2) {
        return -1;
    }
    return (int32_t)size;
}

void protocol_hex_encode(const uint8_t *bytes, size_t size, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t at = 0; at < size; at++) {
        *text++ = digits[bytes[at] >> 4];
        *text++ = digits[bytes[at] & 15];
    }
    *text = 0;
}

static int s_digit(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    char lower = (char)(character | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool protocol_hex_decode(const char *text, uint8_t *bytes, size_t size)
{
    if (strlen(text) != 2 * size) {
        return false;
    }
    for (size_t at = 0; at < size; at++) {
        int high = s_digit(text[2 * at]);
        int low = s_digit(text[2 * at + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[at] = (uint8_t)(high << 4 | low);
    }
    return true;
}
