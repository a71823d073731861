/* JSON objects as payloads: strict reading of what anyone may have written, and writing without the heap. */
#ifndef PROTOCOL_JSON_H
#define PROTOCOL_JSON_H

#include <cJSON.h>

#include "protocol_text.h"

/* Over this a payload is refused unread. */
#define PROTOCOL_MAX_JSON_BYTES 8192
/* cJSON reads by recursion, and the stack of a board's task is small. */
#define PROTOCOL_MAX_JSON_DEPTH 16

/* An object, to be freed with `cJSON_Delete`; NULL with the reason for anything else. */
cJSON *protocol_json_read(const void *payload, size_t size, struct protocol_reason *reason);

/* Of a name given twice the last counts, as in JavaScript. NULL when it is absent or null. */
const cJSON *protocol_json_field(const cJSON *object, const char *name);

/* Absent is false without a reason; so is what the rule refuses, with one. */
bool protocol_json_text(const cJSON *object, const char *name, size_t most_characters, const char **value,
                        struct protocol_reason *reason);

struct protocol_json_writer {
    char *text;
    size_t capacity;
    size_t length;
    bool overflow;
};

void protocol_json_begin(struct protocol_json_writer *writer, char *text, size_t capacity);
void protocol_json_add_text(struct protocol_json_writer *writer, const char *name, const char *value);
void protocol_json_add_integer(struct protocol_json_writer *writer, const char *name, int64_t value);
void protocol_json_add_number(struct protocol_json_writer *writer, const char *name, double value);
void protocol_json_add_flag(struct protocol_json_writer *writer, const char *name, bool value);
void protocol_json_add_null(struct protocol_json_writer *writer, const char *name);
void protocol_json_open(struct protocol_json_writer *writer, const char *name);
void protocol_json_close(struct protocol_json_writer *writer);

/* Length of the object, NUL-terminated; 0 when it did not fit. */
size_t protocol_json_end(struct protocol_json_writer *writer);

#endif
