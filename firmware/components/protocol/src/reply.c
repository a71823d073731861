#include <stdio.h>
#include <string.h>

#include "protocol_json.h"
#include "protocol_payloads.h"

size_t protocol_reply_write(const struct protocol_reply *reply, char *text, size_t capacity)
{
    struct protocol_json_writer writer;
    protocol_json_begin(&writer, text, capacity);
    const char *command = protocol_command_text(reply->command);
    if (command != NULL) {
        protocol_json_add_text(&writer, "cmd", command);
    }
    if (reply->id[0] != 0) {
        protocol_json_add_text(&writer, "id", reply->id);
    }
    protocol_json_add_integer(&writer, "ok", reply->reason == NULL);
    protocol_json_add_integer(&writer, "time_us", reply->time_us);
    if (reply->steps > 0) {
        protocol_json_add_integer(&writer, "steps", reply->steps);
        protocol_json_add_number(&writer, "us_per_step", reply->us_per_step);
        if (reply->instructions_per_step >= 0) {
            protocol_json_add_number(&writer, "instructions_per_step", reply->instructions_per_step);
        }
        for (size_t at = 0; at < reply->figure_count; at++) {
            protocol_json_add_number(&writer, reply->figures[at].name, reply->figures[at].value);
        }
    }
    if (reply->reason != NULL) {
        struct protocol_reason cut;
        protocol_refuse(&cut, "%s", reply->reason);
        protocol_json_add_text(&writer, "reason", cut.text);
    }
    return protocol_json_end(&writer);
}
