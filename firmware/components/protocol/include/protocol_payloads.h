/* The payloads that a node speaks. Readers of untrusted input say why they refuse, in a sentence. */
#ifndef PROTOCOL_PAYLOADS_H
#define PROTOCOL_PAYLOADS_H

#include "protocol_text.h"

/* Enough for each of the encoders below, with its NUL. */
#define PROTOCOL_PAYLOAD_BYTES 1024

#define PROTOCOL_MAX_ADC 4095
#define PROTOCOL_MIN_PERIOD_MS 100
/* One day. */
#define PROTOCOL_MAX_PERIOD_MS 86400000

/* Calibration and pace: `{"seco":2600,"molhado":1100,"limiar":1700}`, with `periodo_ms` and `histerese` if given. */
struct protocol_config {
    int32_t dry;
    int32_t wet;
    int32_t threshold;
    int32_t period_ms;
    int32_t hysteresis;
};

/* What the payload does not say stays as it is in `config`; after a refusal all does. */
bool protocol_config_read(const void *payload, size_t size, struct protocol_config *config,
                          struct protocol_reason *reason);

/* `reason` is NULL when it was accepted. Length; 0 when it does not fit, as for all encoders. */
size_t protocol_config_ack_write(const struct protocol_config *in_force, const char *reason, char *text,
                                 size_t capacity);

#define PROTOCOL_SHA256_BYTES 32
#define PROTOCOL_GUEST_NAME_CHARACTERS 64
/* A name of 64 characters may have so many bytes in UTF-8. */
#define PROTOCOL_GUEST_NAME_BYTES (3 * PROTOCOL_GUEST_NAME_CHARACTERS)
#define PROTOCOL_KEY_ID_BYTES 8
#define PROTOCOL_SIGNATURE_BYTES 64

struct protocol_presence {
    bool online;
    /* Cut to 64 characters each. */
    const char *runtime;
    const char *firmware;
    /* NULL while no guest runs. */
    const char *guest_name;
    const uint8_t *guest_sha256;
};

/* A board is of tier `edge` and kind `real`. */
size_t protocol_presence_write(const struct protocol_presence *presence, char *text, size_t capacity);

/* Negative where the node cannot measure it; `rssi_dbm` is 0 then. */
struct protocol_metrics {
    int64_t heap_free_bytes;
    int64_t stack_free_bytes;
    int64_t step_us;
    int64_t step_instructions;
    int rssi_dbm;
    int64_t bytes_sent;
    int64_t energy_mj;
};

size_t protocol_metrics_write(const struct protocol_metrics *metrics, char *text, size_t capacity);

/* A new module and who vouches for it, as user properties of the message that brings it. */
struct protocol_guest_offer {
    char name[PROTOCOL_GUEST_NAME_BYTES + 1];
    uint8_t sha256[PROTOCOL_SHA256_BYTES];
    uint8_t signature[PROTOCOL_SIGNATURE_BYTES];
    uint8_t key[PROTOCOL_KEY_ID_BYTES];
};

/* The same in shape as the client's own user properties. */
struct protocol_property {
    const char *name;
    const char *value;
};

bool protocol_guest_offer_read(const struct protocol_property *properties, size_t count,
                               struct protocol_guest_offer *offer, struct protocol_reason *reason);

/* Whether a module can be called so. */
bool protocol_check_guest_name(const char *name);

#define PROTOCOL_SIGNED_TEXT_BYTES (sizeof "continuum-guest\n\n" + PROTOCOL_GUEST_NAME_BYTES + 2 * PROTOCOL_SHA256_BYTES)

/* What is signed; length without the NUL. */
size_t protocol_signed_text(const char *name, const uint8_t *sha256, char *text, size_t capacity);

enum protocol_phase {
    PROTOCOL_VERIFYING,
    PROTOCOL_TRYING,
    PROTOCOL_ACCEPTED,
    PROTOCOL_REFUSED,
    PROTOCOL_ROLLED_BACK,
};

struct protocol_guest_state {
    enum protocol_phase phase;
    /* Empty where the offer could not be read; then `sha256` is NULL. */
    const char *name;
    const uint8_t *sha256;
    /* 0 to 1. */
    double progress;
    /* NULL without; cut to 200 characters. */
    const char *reason;
};

const char *protocol_phase_name(enum protocol_phase phase);
size_t protocol_guest_state_write(const struct protocol_guest_state *state, char *text, size_t capacity);

enum protocol_command_name {
    PROTOCOL_PING,
    PROTOCOL_BENCH,
    PROTOCOL_IDENTIFY,
    PROTOCOL_RESTART,
    /* In a reply: it could not be read. */
    PROTOCOL_NO_COMMAND,
};

#define PROTOCOL_ID_CHARACTERS 64

struct protocol_command {
    enum protocol_command_name name;
    /* Repeated in the answer; empty when there was none. */
    char id[3 * PROTOCOL_ID_CHARACTERS + 1];
};

/* As on the wire; NULL for `PROTOCOL_NO_COMMAND`. */
const char *protocol_command_text(enum protocol_command_name name);

bool protocol_command_read(const void *payload, size_t size, struct protocol_command *command,
                           struct protocol_reason *reason);

struct protocol_figure {
    const char *name;
    double value;
};

struct protocol_reply {
    enum protocol_command_name command;
    /* Empty: none. */
    const char *id;
    /* The node's clock, microseconds since 1970 where it knows the date, else since boot. */
    int64_t time_us;
    /* The answer to `bench`; 0 steps: there is none. */
    int64_t steps;
    double us_per_step;
    /* Negative: not counted. */
    double instructions_per_step;
    /* Further numbers of a `bench`. */
    const struct protocol_figure *figures;
    size_t figure_count;
    /* NULL when it was done. */
    const char *reason;
};

size_t protocol_reply_write(const struct protocol_reply *reply, char *text, size_t capacity);

#endif
