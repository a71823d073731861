#include <string.h>

#include "protocol_json.h"
#include "protocol_payloads.h"

/* Receivers take so many characters, of which each has a byte at least. */
#define MOST_BYTES 64

static void s_add(struct protocol_json_writer *writer, const char *name, const char *text)
{
    char cut[MOST_BYTES + 2];
    strncpy(cut, text, sizeof cut - 1);
    cut[sizeof cut - 1] = 0;
    protocol_utf8_cut(cut, MOST_BYTES);
    protocol_json_add_text(writer, name, cut);
}

size_t protocol_presence_write(const struct protocol_presence *presence, char *text, size_t capacity)
{
    struct protocol_json_writer writer;
    protocol_json_begin(&writer, text, capacity);
    protocol_json_add_flag(&writer, "online", presence->online);
    protocol_json_add_text(&writer, "tier", "edge");
    protocol_json_add_text(&writer, "kind", "real");
    s_add(&writer, "runtime", presence->runtime);
    s_add(&writer, "firmware", presence->firmware);
    if (presence->guest_name == NULL) {
        protocol_json_add_null(&writer, "guest");
    } else {
        char sha256[2 * PROTOCOL_SHA256_BYTES + 1];
        protocol_hex_encode(presence->guest_sha256, PROTOCOL_SHA256_BYTES, sha256);
        protocol_json_open(&writer, "guest");
        s_add(&writer, "name", presence->guest_name);
        protocol_json_add_text(&writer, "sha256", sha256);
        protocol_json_close(&writer);
    }
    return protocol_json_end(&writer);
}
