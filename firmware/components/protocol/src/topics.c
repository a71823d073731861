#include <stdio.h>
#include <string.h>

#include "protocol_topics.h"

bool protocol_check_node_id(const char *id, struct protocol_reason *reason)
{
    size_t length = strlen(id);
    bool good = length >= 1 && length <= PROTOCOL_NODE_ID_BYTES && *id != '-' && *id != '_';
    for (const char *at = id; good && *at != 0; at++) {
        char lower = (char)(*at | 0x20);
        good = (lower >= 'a' && lower <= 'z') || (*at >= '0' && *at <= '9') || *at == '-' || *at == '_';
    }
    return good || protocol_refuse(reason, "A node id has 1 to 32 letters (a to z), digits, - and _, and begins with a "
                                           "letter or digit.");
}

static bool s_check_topic_name(const char *topic, struct protocol_reason *reason)
{
    if (*topic == 0) {
        return protocol_refuse(reason, "A topic needs at least one character.");
    }
    if (!protocol_utf8_valid(topic, strlen(topic))) {
        return protocol_refuse(reason, "A topic is UTF-8 text; this one is not.");
    }
    if (strpbrk(topic, "+#") != NULL) {
        return protocol_refuse(reason, "The topic \"%s\" contains a wildcard (+ or #); those belong in subscriptions only.",
                               topic);
    }
    return true;
}

static bool s_has_empty_level(const char *topic)
{
    size_t length = strlen(topic);
    return length == 0 || topic[0] == '/' || topic[length - 1] == '/' || strstr(topic, "//") != NULL;
}

bool protocol_check_root(const char *root, struct protocol_reason *reason)
{
    if (!s_check_topic_name(root, reason)) {
        return false;
    }
    if (*root == '$') {
        return protocol_refuse(reason, "The topic root may not begin with $: such topics are the broker's own.");
    }
    if (s_has_empty_level(root)) {
        return protocol_refuse(reason, "The topic root may not begin or end with /, nor contain //.");
    }
    return strlen(root) <= PROTOCOL_ROOT_BYTES ||
           protocol_refuse(reason, "The topic root may have at most %d bytes.", PROTOCOL_ROOT_BYTES);
}

void protocol_node_topic(const char *root, const char *node, const char *kind, char *topic)
{
    snprintf(topic, PROTOCOL_TOPIC_BYTES, "%s/%s/%s", root, node, kind);
}
