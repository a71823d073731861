#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol_topics.h"
#include "settings.h"

#define STORED_AS "settings"
#define FORMAT 1

static const struct {
    const char *name;
    uint16_t most_bytes;
} s_known[SETTINGS] = {
    [SETTING_NODE] = {"node", PROTOCOL_NODE_ID_BYTES}, [SETTING_ROOT] = {"root", PROTOCOL_ROOT_BYTES},
    [SETTING_BROKER] = {"broker", BROKER_HOST_BYTES},  [SETTING_USER] = {"user", 64},
    [SETTING_PASSWORD] = {"password", 64},             [SETTING_CA] = {"ca", 4096},
    [SETTING_KEYS] = {"keys", 1200},
};

/* A format byte, and for each setting its length, little endian, and its bytes. */
static size_t s_stored_bytes(char *const *values)
{
    size_t size = 1;
    for (int at = 0; at < SETTINGS; at++) {
        size += 2 + (values[at] == NULL ? 0 : strlen(values[at]));
    }
    return size;
}

static bool s_store(const struct settings *settings, char *const *values)
{
    size_t size = s_stored_bytes(values);
    uint8_t *bytes = malloc(size);
    if (bytes == NULL) {
        return false;
    }
    uint8_t *at = bytes;
    *at++ = FORMAT;
    for (int setting = 0; setting < SETTINGS; setting++) {
        size_t length = values[setting] == NULL ? 0 : strlen(values[setting]);
        *at++ = (uint8_t)length;
        *at++ = (uint8_t)(length >> 8);
        if (length > 0) {
            memcpy(at, values[setting], length);
        }
        at += length;
    }
    bool stored = settings->values->write(settings->values->context, STORED_AS, bytes, size);
    free(bytes);
    return stored;
}

static char *s_text_of(const uint8_t *bytes, size_t size)
{
    char *text = size == 0 ? NULL : malloc(size + 1);
    if (text != NULL) {
        memcpy(text, bytes, size);
        text[size] = 0;
    }
    return text;
}

static void s_load(struct settings *settings)
{
    size_t most = 1;
    for (int at = 0; at < SETTINGS; at++) {
        most += 2 + s_known[at].most_bytes;
    }
    uint8_t *bytes = malloc(most);
    if (bytes == NULL) {
        return;
    }
    size_t size = settings->values->read(settings->values->context, STORED_AS, bytes, most);
    size_t at = 1;
    for (int setting = 0; size > 0 && bytes[0] == FORMAT && setting < SETTINGS && at + 2 <= size; setting++) {
        size_t length = bytes[at] | (size_t)bytes[at + 1] << 8;
        at += 2;
        if (length > size - at || length > s_known[setting].most_bytes) {
            break;
        }
        settings->in_force[setting] = s_text_of(bytes + at, length);
        at += length;
    }
    free(bytes);
}

/* The key of one line `ed25519 BASE64 NAME`. */
static bool s_key_of(const char *line, size_t length, uint8_t *key)
{
    static const char kind[] = "ed25519 ";
    char base64[96];
    if (length < strlen(kind) || strncmp(line, kind, strlen(kind)) != 0) {
        return false;
    }
    line += strlen(kind);
    length -= strlen(kind);
    while (length > 0 && *line == ' ') {
        line++;
        length--;
    }
    const char *end = memchr(line, ' ', length);
    size_t digits = end == NULL ? length : (size_t)(end - line);
    if (digits == 0 || digits >= sizeof base64) {
        return false;
    }
    memcpy(base64, line, digits);
    base64[digits] = 0;
    /* One byte more shows a key that is too long. */
    uint8_t bytes[GUEST_PUBLIC_KEY_BYTES + 1];
    if (protocol_base64_decode(base64, bytes, sizeof bytes) != GUEST_PUBLIC_KEY_BYTES) {
        return false;
    }
    memcpy(key, bytes, GUEST_PUBLIC_KEY_BYTES);
    return true;
}

static bool s_read_keys(const char *text, uint8_t keys[][GUEST_PUBLIC_KEY_BYTES], size_t *count,
                        struct protocol_reason *reason)
{
    *count = 0;
    while (text != NULL && *text != 0) {
        size_t length = strcspn(text, "\r\n");
        const char *line = text;
        text += length + (text[length] != 0);
        while (length > 0 && (*line == ' ' || *line == '\t')) {
            line++;
            length--;
        }
        if (length == 0) {
            continue;
        }
        if (*count == SETTINGS_MOST_KEYS) {
            return protocol_refuse(reason, "A board keeps %d keys; these are more.", SETTINGS_MOST_KEYS);
        }
        if (!s_key_of(line, length, keys[*count])) {
            return protocol_refuse(reason, "\"%.*s\" is no line ed25519 BASE64 NAME with a key of %d bytes.",
                                   length > 20 ? 20 : (int)length, line, GUEST_PUBLIC_KEY_BYTES);
        }
        (*count)++;
    }
    return true;
}

void settings_open(struct settings *settings, const struct guest_values *values, const uint8_t mac[6])
{
    *settings = (struct settings){.values = values};
    snprintf(settings->default_node, sizeof settings->default_node, "node-%02x%02x%02x", mac[3], mac[4], mac[5]);
    s_load(settings);
    struct protocol_reason ignored;
    s_read_keys(settings->in_force[SETTING_KEYS], settings->keys, &settings->key_count, &ignored);
}

static void s_unstage(struct settings *settings)
{
    for (int at = 0; at < SETTINGS; at++) {
        free(settings->staged[at]);
        settings->staged[at] = NULL;
        settings->staged_bytes[at] = 0;
    }
    settings->refused = false;
}

void settings_close(struct settings *settings)
{
    s_unstage(settings);
    for (int at = 0; at < SETTINGS; at++) {
        free(settings->in_force[at]);
        settings->in_force[at] = NULL;
    }
}

const char *settings_name(enum setting setting)
{
    return s_known[setting].name;
}

const char *settings_value(const struct settings *settings, enum setting setting)
{
    const char *value = settings->in_force[setting];
    if (value != NULL) {
        return value;
    }
    return setting == SETTING_NODE ? settings->default_node : setting == SETTING_ROOT ? PROTOCOL_DEFAULT_ROOT : "";
}

const char *settings_shown(const struct settings *settings, enum setting setting)
{
    const char *value = settings_value(settings, setting);
    bool secret = setting == SETTING_PASSWORD || setting == SETTING_CA;
    return secret && *value != 0 ? "set" : value;
}

bool settings_stage(struct settings *settings, const char *name, size_t offset, const uint8_t *bytes, size_t size,
                    struct protocol_reason *reason)
{
    int setting = 0;
    while (setting < SETTINGS && strcmp(s_known[setting].name, name) != 0) {
        setting++;
    }
    if (setting == SETTINGS) {
        return protocol_refuse(reason, "There is no setting \"%s\".", name);
    }
    if (settings->refused && offset == 0) {
        s_unstage(settings);
    }
    size_t staged = settings->staged_bytes[setting];
    if (offset > staged) {
        return protocol_refuse(reason, "The value of %s continues at %zu, not at %zu.", name, staged, offset);
    }
    if (offset + size > s_known[setting].most_bytes) {
        return protocol_refuse(reason, "The value of %s may have %d bytes.", name, s_known[setting].most_bytes);
    }
    if (memchr(bytes, 0, size) != NULL) {
        return protocol_refuse(reason, "The value of %s may not contain NUL.", name);
    }
    char *longer = realloc(settings->staged[setting], offset + size + 1);
    if (longer == NULL) {
        return protocol_refuse(reason, "The board has no memory left for the value of %s: restart it.", name);
    }
    memcpy(longer + offset, bytes, size);
    longer[offset + size] = 0;
    settings->staged[setting] = longer;
    settings->staged_bytes[setting] = offset + size;
    return true;
}

static bool s_good(char *const *values, struct protocol_reason *reason)
{
    for (int at = 0; at < SETTINGS; at++) {
        if (values[at] != NULL && !protocol_utf8_valid(values[at], strlen(values[at]))) {
            return protocol_refuse(reason, "The value of %s is not UTF-8.", s_known[at].name);
        }
    }
    const char *ca = values[SETTING_CA];
    struct broker_address address;
    uint8_t keys[SETTINGS_MOST_KEYS][GUEST_PUBLIC_KEY_BYTES];
    size_t count;
    if ((values[SETTING_NODE] != NULL && !protocol_check_node_id(values[SETTING_NODE], reason)) ||
        (values[SETTING_ROOT] != NULL && !protocol_check_root(values[SETTING_ROOT], reason)) ||
        (values[SETTING_BROKER] != NULL && !broker_address_read(values[SETTING_BROKER], &address, reason))) {
        return false;
    }
    if (ca != NULL && (strstr(ca, "-----BEGIN CERTIFICATE-----") == NULL || strstr(ca, "-----END CERTIFICATE-----") == NULL)) {
        return protocol_refuse(reason, "The authority is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.");
    }
    return s_read_keys(values[SETTING_KEYS], keys, &count, reason);
}

bool settings_apply(struct settings *settings, struct protocol_reason *reason)
{
    char *wanted[SETTINGS];
    for (int at = 0; at < SETTINGS; at++) {
        wanted[at] = settings->staged[at] == NULL ? settings->in_force[at] : settings->staged[at];
        if (wanted[at] != NULL && *wanted[at] == 0) {
            wanted[at] = NULL;
        }
    }
    if (!s_good(wanted, reason)) {
        settings->refused = true;
        return false;
    }
    if (!s_store(settings, wanted)) {
        return protocol_refuse(reason, "There is no room for the settings in NVS: erase the settings, or the flash.");
    }
    for (int at = 0; at < SETTINGS; at++) {
        if (settings->staged[at] == NULL) {
            continue;
        }
        free(settings->in_force[at]);
        settings->in_force[at] = wanted[at];
        if (wanted[at] == settings->staged[at]) {
            settings->staged[at] = NULL;
        }
    }
    s_unstage(settings);
    return s_read_keys(settings->in_force[SETTING_KEYS], settings->keys, &settings->key_count, reason);
}

bool broker_address_read(const char *text, struct broker_address *address, struct protocol_reason *reason)
{
    *address = (struct broker_address){.scheme = BROKER_NONE};
    if (*text == 0) {
        return true;
    }
    if (strcmp(text, "mdns") == 0) {
        address->scheme = BROKER_MDNS;
        return true;
    }
    const char *host = NULL;
    if (strncmp(text, "mqtt://", 7) == 0) {
        address->scheme = BROKER_MQTT;
        host = text + 7;
    } else if (strncmp(text, "mqtts://", 8) == 0) {
        address->scheme = BROKER_MQTTS;
        host = text + 8;
    } else {
        return protocol_refuse(reason, "The broker's address begins with mqtt:// or mqtts://, or is the word mdns.");
    }
    size_t length = strcspn(host, ":");
    if (length > 0 && host[length - 1] == '/') {
        length--;
    }
    unsigned port = address->scheme == BROKER_MQTTS ? 8883 : 1883;
    const char *rest = host + length;
    if (*rest == ':') {
        char *end = NULL;
        unsigned long given = rest[1] >= '0' && rest[1] <= '9' ? strtoul(rest + 1, &end, 10) : 0;
        if (given < 1 || given > 65535) {
            return protocol_refuse(reason, "The broker's port is a number from 1 to 65535.");
        }
        port = (unsigned)given;
        rest = end;
    }
    if (*rest == '/') {
        rest++;
    }
    if (length == 0 || length > BROKER_HOST_BYTES || *rest != 0 || strcspn(host, "/ @?#[]") < length) {
        return protocol_refuse(reason, "The broker's address needs a host: mqtt://HOST or mqtt://HOST:PORT, without user or path.");
    }
    memcpy(address->host, host, length);
    address->host[length] = 0;
    address->port = (uint16_t)port;
    return true;
}
