/*
 * cJSON reads the values; what it lets pass and JavaScript does not (numbers such as 01, control characters, wrong
 * UTF-8), and what could exhaust a small stack, is found before.
 */
#include <string.h>

#include "protocol_json.h"

static bool s_is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Whether `text` begins with a number as RFC 8259 writes it and goes on with none of a number's characters. */
static bool s_number(const char *text, size_t size, size_t *length)
{
    size_t at = 0;
    if (at < size && text[at] == '-') {
        at++;
    }
    size_t digits = at;
    while (at < size && s_is_digit(text[at])) {
        at++;
    }
    bool good = at > digits && (text[digits] != '0' || at == digits + 1);
    if (at < size && text[at] == '.') {
        size_t point = at++;
        while (at < size && s_is_digit(text[at])) {
            at++;
        }
        good = good && at > point + 1;
    }
    if (at < size && (text[at] | 0x20) == 'e') {
        at++;
        if (at < size && (text[at] == '+' || text[at] == '-')) {
            at++;
        }
        size_t exponent = at;
        while (at < size && s_is_digit(text[at])) {
            at++;
        }
        good = good && at > exponent;
    }
    *length = at;
    return good && (at == size || strchr("+-.eE", text[at]) == NULL);
}

/* Characters and numbers as the RFC wants them, and no deeper than we go; the order of all that is cJSON's to check. */
static bool s_readable(const char *text, size_t size)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t at = 0; at < size; at++) {
        char character = text[at];
        if (quoted) {
            if ((uint8_t)character < 0x20) {
                return false;
            }
            if (character == '\\') {
                at++;
                /* cJSON ends a text here, and would take the rest for nothing. */
                if (size - at >= 5 && memcmp(text + at, "u0000", 5) == 0) {
                    return false;
                }
            } else if (character == '"') {
                quoted = false;
            }
            continue;
        }
        size_t length = 0;
        if (character == '"') {
            quoted = true;
        } else if (character == '{' || character == '[') {
            if (++depth > PROTOCOL_MAX_JSON_DEPTH) {
                return false;
            }
        } else if (character == '}' || character == ']') {
            depth -= depth > 0;
        } else if (character == '-' || s_is_digit(character)) {
            if (!s_number(text + at, size - at, &length)) {
                return false;
            }
            at += length - 1;
        } else if ((uint8_t)character < 0x20 && strchr("\t\n\r", character) == NULL) {
            return false;
        } else if ((uint8_t)character >= 0x80 || character == 0) {
            return false;
        }
    }
    return true;
}

/* Not within a character. */
static int s_excerpt_length(const char *text, size_t size)
{
    size_t length = size > 40 ? 40 : size;
    while (length < size && length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80) {
        length--;
    }
    return (int)length;
}

cJSON *protocol_json_read(const void *payload, size_t size, struct protocol_reason *reason)
{
    const char *text = payload;
    reason->text[0] = 0;
    if (size > PROTOCOL_MAX_JSON_BYTES) {
        protocol_refuse(reason, "The payload has %zu bytes; at most %d are read.", size, PROTOCOL_MAX_JSON_BYTES);
        return NULL;
    }
    if (size == 0) {
        protocol_refuse(reason, "The payload is not JSON: it is empty.");
        return NULL;
    }
    if (!protocol_utf8_valid(text, size)) {
        protocol_refuse(reason, "The payload is not valid UTF-8 text.");
        return NULL;
    }
    const char *end = text;
    cJSON *value = s_readable(text, size) ? cJSON_ParseWithLengthOpts(text, size, &end, false) : NULL;
    /* cJSON stops at the end of the first value, whatever follows. */
    while (end < text + size && strchr(" \t\n\r", *end) != NULL) {
        end++;
    }
    if (end != text + size) {
        cJSON_Delete(value);
        value = NULL;
    }
    if (cJSON_IsObject(value)) {
        return value;
    }
    const char *tail = size > 40 ? "..." : ".";
    if (value == NULL) {
        protocol_refuse(reason, "The payload is not JSON: %.*s%s", s_excerpt_length(text, size), text, tail);
    } else {
        protocol_refuse(reason, "The payload must be a JSON object, such as {\"raw\":1830}, but is %.*s%s",
                        s_excerpt_length(text, size), text, tail);
        cJSON_Delete(value);
    }
    return NULL;
}

const cJSON *protocol_json_field(const cJSON *object, const char *name)
{
    const cJSON *last = NULL;
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, object)
    {
        if (strcmp(member->string, name) == 0) {
            last = member;
        }
    }
    return last == NULL || cJSON_IsNull(last) ? NULL : last;
}

bool protocol_json_text(const cJSON *object, const char *name, size_t most_characters, const char **value,
                        struct protocol_reason *reason)
{
    const cJSON *field = protocol_json_field(object, name);
    if (field == NULL) {
        return false;
    }
    if (!cJSON_IsString(field) || protocol_utf16_units(field->valuestring) > most_characters) {
        return protocol_refuse(reason, "The field \"%s\" must be text of at most %zu characters.", name, most_characters);
    }
    *value = field->valuestring;
    return true;
}
