/* Keeps the guest: runs it, starts it anew after a fault, replaces it, tries the new one and goes back if it fails. */
#ifndef KEEPER_H
#define KEEPER_H

#include "guest_host.h"
#include "guest_store.h"
#include "node_ports.h"
#include "protocol_payloads.h"

enum keeper_state { KEEPER_NONE, KEEPER_RUNNING, KEEPER_TRYING, KEEPER_FAULTED, KEEPER_STOPPED };

/* Complete steps after which a new guest is trusted. */
#define KEEPER_TRIAL_STEPS 3
/* Faults one after the other, none with a healthy run between, after which the guest is left alone. */
#define KEEPER_MOST_FAULTS 10

struct keeper_port {
    void *context;
    /* For the host functions of guests; told that the generation of guests is now this one. */
    const struct guest_port *(*guest_port)(void *context, uint32_t generation);
    const struct guest_watch *(*guest_watch)(void *context);
    struct guest_place (*place)(void *context);
    int32_t (*period_ms)(void *context);
    /* No guest runs now. */
    void (*outputs_off)(void *context);
    void (*report)(void *context, const struct protocol_guest_state *state);
    /* What runs is another guest than before. */
    void (*replaced)(void *context);
    /* A guest faulted, was stopped or came back from main: a sentence. */
    void (*ended)(void *context, const char *reason);
    /* Too many faults. */
    void (*gave_up)(void *context);
    void (*log)(void *context, char level, const char *text);
};

struct keeper {
    const struct keeper_port *port;
    const struct node_ports *ports;
    struct guest_store store;
    bool store_open;
    bool native;
    enum keeper_state state;
    struct guest *guest;
    /* Of what runs, or ran last; meaningless for the native guest. */
    struct guest_record record;
    bool has_record;
    /* Grows with every start and stop: what a guest before posted is known as such. */
    uint32_t generation;
    char reason[PROTOCOL_REASON_BYTES];
    int64_t started_us;
    int64_t due_us;
    int64_t back_off_us;
    uint32_t faults;
    uint32_t trial_steps;
    /* Since it started. */
    uint32_t steps;
    uint64_t sum_step_us;
    uint64_t sum_instructions;
    uint32_t last_step_us;
    uint32_t last_instructions;
    int32_t stack_free_bytes;
    /* What comes in over MQTT; `guest_store` holds the bytes. */
    bool receiving;
};

void keeper_open(struct keeper *keeper, const struct node_ports *ports, const struct keeper_port *port);
void keeper_close(struct keeper *keeper);

/* Runs what is installed, unless `safe_mode`. */
void keeper_start(struct keeper *keeper, bool safe_mode, int64_t now_us);
/* Ends the guest and starts it afresh; also after it was given up. */
void keeper_restart(struct keeper *keeper, int64_t now_us);

/* Whether a module could be taken now; else the sentence why not. */
bool keeper_ready(const struct keeper *keeper, struct protocol_reason *reason);
/* `next`: the offset wanted. */
bool keeper_begin(struct keeper *keeper, const struct guest_offer *offer, const struct guest_trust *trust, uint32_t *next,
                  struct protocol_reason *reason);
bool keeper_data(struct keeper *keeper, uint32_t offset, const void *bytes, size_t size, uint32_t *next,
                 struct protocol_reason *reason);
/* Verifies what has come and tries it. True also when it is the guest that runs already. */
bool keeper_end(struct keeper *keeper, int64_t now_us, struct protocol_reason *reason);

void keeper_stepped(struct keeper *keeper, uint32_t generation, uint32_t steps, uint32_t step_us, uint32_t instructions,
                    int32_t stack_free_bytes, int64_t now_us);
void keeper_ended(struct keeper *keeper, uint32_t generation, enum guest_state state, const char *reason, int64_t now_us);

int64_t keeper_poll(struct keeper *keeper, int64_t now_us);

const char *keeper_word(const struct keeper *keeper);

/* Whether a module could run here as a loop at all; in a thread of its own, which it waits for. */
bool keeper_check(const uint8_t *module, size_t bytes, struct protocol_reason *reason);

/* The module that runs, allocated; NULL for the native guest, or when there is none. */
uint8_t *keeper_module(struct keeper *keeper, size_t *bytes);

#endif
