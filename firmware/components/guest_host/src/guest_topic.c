#include "guest_topic.h"

#include <stdio.h>
#include <string.h>

#include "guest_abi.gen.h"

/* Kinds under which the host speaks, not the guest. */
static const char *const s_host_kinds[] = {
    "config", "config/ack", "presence", "metrics", "guest", "guest/state", "cmd", "reply", "processed", "analytics",
};

static bool s_is_under(const char *root, const char *topic)
{
    size_t length = strlen(root);
    return strncmp(topic, root, length) == 0 && (topic[length] == '\0' || topic[length] == '/');
}

static bool s_has_empty_level(const char *topic)
{
    size_t length = strlen(topic);
    return length == 0 || topic[0] == '/' || topic[length - 1] == '/' || strstr(topic, "//") != NULL;
}

/*
 * Control characters and noncharacters in valid UTF-8: MQTT 5 (section 1.5.4) lets a broker close the connection for them,
 * and Mosquitto does.
 */
static bool s_has_discouraged(const char *topic)
{
    for (const unsigned char *at = (const unsigned char *)topic; *at != '\0'; at++) {
        if (at[0] < 0x20 || at[0] == 0x7f) {
            return true;
        }
        if (at[0] == 0xc2 && at[1] < 0xa0) {
            return true;
        }
        /* U+FDD0 to U+FDEF. */
        if (at[0] == 0xef && at[1] == 0xb7 && at[2] >= 0x90 && at[2] <= 0xaf) {
            return true;
        }
        /* The last two of each plane. */
        if (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) {
            return true;
        }
        if (at[0] >= 0xf0 && (at[1] & 0x0f) == 0x0f && at[2] == 0xbf && at[3] >= 0xbe) {
            return true;
        }
    }
    return false;
}

bool guest_topic_resolve(const char *root, const char *node, const char *topic,
                         char resolved[GUEST_TOPIC_BUFFER_BYTES], char *reason, size_t reason_bytes)
{
    char own[GUEST_TOPIC_BUFFER_BYTES];
    size_t own_length = (size_t)snprintf(own, sizeof own, "%s/%s/", root, node);
    size_t length = strlen(topic);
    if (length > ABI_LIMIT_TOPIC_BYTES) {
        snprintf(reason, reason_bytes, "The guest's topic has %zu bytes; at most %d are allowed.", length,
                 ABI_LIMIT_TOPIC_BYTES);
        return false;
    }
    if (length == 0) {
        snprintf(reason, reason_bytes, "A topic needs at least one character.");
        return false;
    }
    if (s_has_discouraged(topic)) {
        snprintf(reason, reason_bytes,
                 "A topic may not contain control characters, noncharacters or surrogates: brokers end the connection of "
                 "whoever sends one.");
        return false;
    }
    if (strpbrk(topic, "+#") != NULL) {
        snprintf(reason, reason_bytes,
                 "The topic \"%s\" contains a wildcard (+ or #); those belong in subscriptions only.", topic);
        return false;
    }

    const char *rest = topic;
    if (strncmp(topic, ABI_TOPIC_PREFIX, sizeof ABI_TOPIC_PREFIX - 1) == 0) {
        rest += sizeof ABI_TOPIC_PREFIX - 1;
    } else if (strncmp(topic, own, own_length) == 0) {
        rest += own_length;
    } else if (s_is_under(root, topic) || s_is_under("ic", topic)) {
        snprintf(reason, reason_bytes, "The guest of %s may publish under %s only, not to \"%s\".", node, own, topic);
        return false;
    }
    for (size_t index = 0; index < sizeof s_host_kinds / sizeof s_host_kinds[0]; index++) {
        if (strcmp(rest, s_host_kinds[index]) == 0) {
            snprintf(reason, reason_bytes,
                     "Under \"%s\" the host speaks, not the guest; a guest may use data, status and names of its own.",
                     rest);
            return false;
        }
    }
    if (s_has_empty_level(rest)) {
        snprintf(reason, reason_bytes, "The topic \"%s\" has an empty level; write it like \"data\" or \"%sdata\".",
                 topic, own);
        return false;
    }
    size_t written = (size_t)snprintf(resolved, GUEST_TOPIC_BUFFER_BYTES, "%s%s", own, rest);
    if (written >= GUEST_TOPIC_BUFFER_BYTES) {
        snprintf(reason, reason_bytes, "The topic \"%s\" is too long for this board.", topic);
        return false;
    }
    return true;
}
