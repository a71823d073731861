/* What a board is told at provisioning: gathered piece by piece, checked and stored as a whole. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "guest_store.h"
#include "node_ports.h"
#include "protocol_text.h"

enum setting {
    SETTING_NODE,
    SETTING_ROOT,
    SETTING_BROKER,
    SETTING_USER,
    SETTING_PASSWORD,
    SETTING_CA,
    SETTING_KEYS,
    SETTINGS,
};

#define SETTINGS_MOST_KEYS 8

struct settings {
    const struct guest_values *values;
    /* NULL while empty. */
    char *in_force[SETTINGS];
    /* NULL while nothing was set since the last `settings_apply`. */
    char *staged[SETTINGS];
    size_t staged_bytes[SETTINGS];
    /* What is staged was refused: the next value begins anew. Until then a repeated `settings_apply` is refused again. */
    bool refused;
    char default_node[sizeof "node-000000"];
    uint8_t keys[SETTINGS_MOST_KEYS][GUEST_PUBLIC_KEY_BYTES];
    size_t key_count;
};

enum broker_scheme { BROKER_NONE, BROKER_MDNS, BROKER_MQTT, BROKER_MQTTS };

#define BROKER_HOST_BYTES 128

struct broker_address {
    enum broker_scheme scheme;
    char host[BROKER_HOST_BYTES + 1];
    uint16_t port;
};

void settings_open(struct settings *settings, const struct guest_values *values, const uint8_t mac[6]);
void settings_close(struct settings *settings);

const char *settings_name(enum setting setting);

/* Never NULL; node and root have what stands for them while they are unset. */
const char *settings_value(const struct settings *settings, enum setting setting);

/* The same for people who ask: a secret reads `set`. */
const char *settings_shown(const struct settings *settings, enum setting setting);

/* Nothing is in force before `settings_apply`. A piece may come again. */
bool settings_stage(struct settings *settings, const char *name, size_t offset, const uint8_t *bytes, size_t size,
                    struct protocol_reason *reason);

/* Checks what was staged together with what stays, and stores it. */
bool settings_apply(struct settings *settings, struct protocol_reason *reason);

/* `mqtt://HOST[:PORT]`, `mqtts://HOST[:PORT]`, `mdns` or nothing. */
bool broker_address_read(const char *text, struct broker_address *address, struct protocol_reason *reason);

#endif
