#include <stdio.h>
#include <string.h>

#include "protocol_json.h"
#include "protocol_payloads.h"

static const char *const s_names[] = {"ping", "bench", "identify", "restart"};

const char *protocol_command_text(enum protocol_command_name name)
{
    return name < PROTOCOL_NO_COMMAND ? s_names[name] : NULL;
}

static enum protocol_command_name s_name_of(const cJSON *field)
{
    for (int name = 0; cJSON_IsString(field) && name < PROTOCOL_NO_COMMAND; name++) {
        if (strcmp(field->valuestring, s_names[name]) == 0) {
            return (enum protocol_command_name)name;
        }
    }
    return PROTOCOL_NO_COMMAND;
}

bool protocol_command_read(const void *payload, size_t size, struct protocol_command *command,
                           struct protocol_reason *reason)
{
    command->name = PROTOCOL_NO_COMMAND;
    command->id[0] = 0;
    cJSON *object = protocol_json_read(payload, size, reason);
    if (object == NULL) {
        return false;
    }
    bool good = false;
    const char *id = "";
    const cJSON *field = protocol_json_field(object, "cmd");
    enum protocol_command_name name = s_name_of(field);
    if (name == PROTOCOL_NO_COMMAND) {
        protocol_refuse(reason, field == NULL ? "The field \"cmd\" is missing."
                                              : "The field \"cmd\" must be \"ping\", \"bench\", \"identify\" or \"restart\".");
        goto done;
    }
    if (!protocol_json_text(object, "id", PROTOCOL_ID_CHARACTERS, &id, reason) && reason->text[0] != 0) {
        goto done;
    }
    command->name = name;
    snprintf(command->id, sizeof command->id, "%s", id);
    good = true;
done:
    cJSON_Delete(object);
    return good;
}
