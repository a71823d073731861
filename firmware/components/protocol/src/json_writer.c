#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol_json.h"

static void s_put(struct protocol_json_writer *writer, const char *bytes, size_t size)
{
    if (writer->overflow || size >= writer->capacity - writer->length) {
        writer->overflow = true;
        return;
    }
    memcpy(writer->text + writer->length, bytes, size);
    writer->length += size;
}

static void s_put_text(struct protocol_json_writer *writer, const char *text)
{
    s_put(writer, text, strlen(text));
}

static void s_put_quoted(struct protocol_json_writer *writer, const char *text)
{
    s_put_text(writer, "\"");
    for (; *text != 0; text++) {
        uint8_t byte = (uint8_t)*text;
        char escape[7];
        if (byte == '"' || byte == '\\') {
            s_put(writer, (const char[]){'\\', *text}, 2);
        } else if (byte < 0x20) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            s_put_text(writer, escape);
        } else {
            s_put(writer, text, 1);
        }
    }
    s_put_text(writer, "\"");
}

static void s_put_name(struct protocol_json_writer *writer, const char *name)
{
    if (writer->length > 0 && writer->text[writer->length - 1] != '{') {
        s_put_text(writer, ",");
    }
    s_put_quoted(writer, name);
    s_put_text(writer, ":");
}

void protocol_json_begin(struct protocol_json_writer *writer, char *text, size_t capacity)
{
    *writer = (struct protocol_json_writer){.text = text, .capacity = capacity, .overflow = capacity == 0};
    s_put_text(writer, "{");
}

void protocol_json_add_text(struct protocol_json_writer *writer, const char *name, const char *value)
{
    s_put_name(writer, name);
    s_put_quoted(writer, value);
}

void protocol_json_add_integer(struct protocol_json_writer *writer, const char *name, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    s_put_name(writer, name);
    s_put_text(writer, digits);
}

void protocol_json_add_number(struct protocol_json_writer *writer, const char *name, double value)
{
    char digits[32] = "null";
    /* The fewest digits that read back to the same number. */
    for (int precision = 15; isfinite(value) && precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) {
            break;
        }
    }
    s_put_name(writer, name);
    s_put_text(writer, digits);
}

void protocol_json_add_flag(struct protocol_json_writer *writer, const char *name, bool value)
{
    s_put_name(writer, name);
    s_put_text(writer, value ? "true" : "false");
}

void protocol_json_add_null(struct protocol_json_writer *writer, const char *name)
{
    s_put_name(writer, name);
    s_put_text(writer, "null");
}

void protocol_json_open(struct protocol_json_writer *writer, const char *name)
{
    s_put_name(writer, name);
    s_put_text(writer, "{");
}

void protocol_json_close(struct protocol_json_writer *writer)
{
    s_put_text(writer, "}");
}

size_t protocol_json_end(struct protocol_json_writer *writer)
{
    s_put_text(writer, "}");
    if (writer->overflow) {
        return 0;
    }
    writer->text[writer->length] = 0;
    return writer->length;
}
