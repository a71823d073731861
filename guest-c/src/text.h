/* A text built up in a buffer of the caller; what does not fit is dropped, never written past it. */
#ifndef TEXT_H
#define TEXT_H

#include <stdint.h>

struct text {
    char *bytes;
    /* Of the buffer, at least 1: the last byte is kept for the NUL. */
    uint32_t capacity;
    uint32_t length;
};

void text_byte(struct text *text, char byte);
void text_string(struct text *text, const char *string);
void text_unsigned(struct text *text, uint32_t value);
void text_signed(struct text *text, int32_t value);

/* Ends the text with a NUL and returns it. */
const char *text_end(struct text *text);

#endif
