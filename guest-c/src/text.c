#include "text.h"

void text_byte(struct text *text, char byte)
{
    if (text->length + 1 < text->capacity) {
        text->bytes[text->length++] = byte;
    }
}

/* Link-time optimisation would copy these loops into every caller and double the module. */
#define TEXT_NOINLINE __attribute__((noinline))

TEXT_NOINLINE void text_string(struct text *text, const char *string)
{
    while (*string != '\0') {
        text_byte(text, *string++);
    }
}

TEXT_NOINLINE void text_unsigned(struct text *text, uint32_t value)
{
    /* Ten digits hold any uint32_t; filled from the end. */
    char digits[11];
    char *first = digits + 10;
    *first = '\0';
    do {
        *--first = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    text_string(text, first);
}

void text_signed(struct text *text, int32_t value)
{
    uint32_t magnitude = (uint32_t)value;
    if (value < 0) {
        text_byte(text, '-');
        /* Unsigned, so that the smallest int32_t has a magnitude too. */
        magnitude = 0 - magnitude;
    }
    text_unsigned(text, magnitude);
}

const char *text_end(struct text *text)
{
    text->bytes[text->length] = '\0';
    return text->bytes;
}
