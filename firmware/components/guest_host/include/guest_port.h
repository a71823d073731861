/*
 * What a guest host asks of the board around it. Every function is called on the guest's own thread, never on two
 * threads at once for one guest, and gets `context` as its first argument. All of them must be set.
 */
#ifndef GUEST_PORT_H
#define GUEST_PORT_H

#include <stdbool.h>
#include <stdint.h>

enum guest_voice {
    /* The guest, through wasm_log and log_int. */
    GUEST_VOICE_OUT,
    /* The host, about what it refused the guest: a sentence. */
    GUEST_VOICE_COMPLAINT,
};

struct guest_port {
    void *context;
    /* Microseconds since any fixed moment; never goes back. */
    int64_t (*now_us)(void *context);
    /* Blocks the calling thread; the host never asks for more than GUEST_SLEEP_MAX_MS at once. */
    void (*sleep_ms)(void *context, uint32_t ms);
    /* One 12-bit sample of the soil probe, or -1 when there is none. */
    int32_t (*read_adc)(void *context);
    /* A pin of the guest ABI, already checked. */
    void (*set_pin)(void *context, int32_t pin, bool high);
    /* UTF-8, up to ABI_LIMIT_LOG_BYTES for the guest; complaints may be longer. */
    void (*log)(void *context, enum guest_voice voice, const char *text);
    /* A full topic, resolved, and a payload, both valid UTF-8. 0, or negative on refusal. */
    int32_t (*publish)(void *context, const char *topic, const char *payload);
    /* The value in force of an ABI_CONFIG_ key; 0 for an unknown one. */
    int32_t (*config)(void *context, int32_t key);
    /* True when the guest shall end although nobody called guest_ask_to_stop. */
    bool (*may_stop)(void *context);
};

/* A stop is noticed within this long while a guest sleeps. */
#define GUEST_SLEEP_MAX_MS 50

#endif
