#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol_text.h"

bool protocol_refuse(struct protocol_reason *reason, const char *format, ...)
{
    /* One more than fits shows whether it was cut, which then has to be between two characters. */
    char whole[PROTOCOL_REASON_BYTES + 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(whole, sizeof whole, format, arguments);
    va_end(arguments);
    protocol_utf8_cut(whole, PROTOCOL_REASON_CHARACTERS);
    memcpy(reason->text, whole, strlen(whole) + 1);
    return false;
}
