#include "protocol_json.h"
#include "protocol_payloads.h"

const char *protocol_phase_name(enum protocol_phase phase)
{
    switch (phase) {
    case PROTOCOL_VERIFYING:
        return "verifying";
    case PROTOCOL_TRYING:
        return "trying";
    case PROTOCOL_ACCEPTED:
        return "accepted";
    case PROTOCOL_REFUSED:
        return "refused";
    case PROTOCOL_ROLLED_BACK:
        return "rolled-back";
    }
    return "";
}

size_t protocol_guest_state_write(const struct protocol_guest_state *state, char *text, size_t capacity)
{
    char sha256[2 * PROTOCOL_SHA256_BYTES + 1] = "";
    if (state->sha256 != NULL) {
        protocol_hex_encode(state->sha256, PROTOCOL_SHA256_BYTES, sha256);
    }
    struct protocol_json_writer writer;
    protocol_json_begin(&writer, text, capacity);
    protocol_json_add_text(&writer, "phase", protocol_phase_name(state->phase));
    protocol_json_add_text(&writer, "name", state->name);
    protocol_json_add_text(&writer, "sha256", sha256);
    protocol_json_add_number(&writer, "progress", state->progress);
    if (state->reason != NULL) {
        struct protocol_reason cut;
        protocol_refuse(&cut, "%s", state->reason);
        protocol_json_add_text(&writer, "reason", cut.text);
    }
    return protocol_json_end(&writer);
}
