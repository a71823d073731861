/*
 * Runs a guest: a WebAssembly module in WAMR, or the irrigation guest that is compiled in, behind one interface. The
 * ABI is abi/guest-abi.json; the guards are those of the browser's host, in the same words.
 *
 * A guest can do nothing to its host but end: whatever it does comes back as a struct guest_fault.
 */
#ifndef GUEST_HOST_H
#define GUEST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest_port.h"

enum guest_fault_kind {
    GUEST_FAULT_NONE,
    /* The module cannot be a guest here. */
    GUEST_FAULT_REFUSED,
    GUEST_FAULT_TRAP,
    /* It ran too many instructions without a pause. */
    GUEST_FAULT_BUDGET,
    /* It gave its host a pointer or string that is none. */
    GUEST_FAULT_POINTER,
    /* The board could not run it, for want of memory or threads. */
    GUEST_FAULT_BOARD,
};

struct guest_fault {
    enum guest_fault_kind kind;
    /* A sentence for people; empty without a fault. */
    char reason[320];
};

/* `trap`, `budget`, `pointer`, `refused`, `board` or `none`. */
const char *guest_fault_word(enum guest_fault_kind kind);

struct guest_limits {
    /* Bytes of a module. */
    uint32_t module_bytes;
    /* Most memory of a guest in pages of 64 KiB; WAMR shrinks what a module does not use. */
    uint32_t memory_pages;
    /* Of WAMR's operand and frame stack. */
    uint32_t stack_bytes;
    /* Of the thread that the interpreter runs in. */
    uint32_t thread_stack_bytes;
    /* Instructions between two pauses (delay_ms, read_sensor), and of one call of process and its like. */
    int32_t budget;
    /* Messages between two pauses; more are refused with -2. */
    uint32_t publishes_per_slice;
};

/* What a board has room for, or the host's process. */
struct guest_limits guest_limits_default(void);

/* What runs: a module, or the guest that is compiled in. */
struct guest_code {
    /* NULL for the native guest. Copied: WAMR writes into the bytes that it loads. */
    const uint8_t *module;
    size_t module_bytes;
};

/* The place in the continuum that a guest speaks for. Copied. */
struct guest_place {
    const char *root;
    const char *node;
};

/* WAMR for the whole process, and the host functions. Call it before anything else here; again is harmless. */
bool guest_host_init(void);

/* ---- The edge loop ---- */

enum guest_state {
    GUEST_RUNNING,
    /* `main` came back. */
    GUEST_RETURNED,
    GUEST_FAULTED,
    GUEST_STOPPED,
};

/* A step is what runs from one read of a sensor to the next. */
struct guest_report {
    enum guest_state state;
    struct guest_fault fault;
    bool native;
    /* Complete steps since it started. */
    uint32_t steps;
    /* Of the last complete step: time outside pauses, and instructions as WAMR counts them (0 for the native guest). */
    uint32_t step_us;
    uint32_t step_instructions;
    /* Bytes that WAMR gave it now, all in all, and of these its linear memory. */
    uint32_t memory_bytes;
    uint32_t linear_memory_bytes;
    /* Calls of set_output and mqtt_publish that the host refused. */
    uint32_t refused_outputs;
    uint32_t refused_publishes;
};

/* What becomes known while a loop guest runs; on the guest's thread. Members may be NULL. */
struct guest_watch {
    void *context;
    /* A step is complete. */
    void (*stepped)(void *context, const struct guest_report *report);
    /* The guest is over, its memory freed; its thread ends next. Not the place to start or close a guest. */
    void (*ended)(void *context, const struct guest_report *report);
};

struct guest;

/*
 * Starts the edge loop in a thread of its own and waits until it is loaded. False with the reason in `fault` when it
 * cannot begin; nothing is left behind then. What is pointed to by `port` and `watch` must outlive the guest.
 */
bool guest_start(struct guest **guest, const struct guest_code *code, const struct guest_place *place,
                 const struct guest_limits *limits, const struct guest_port *port, const struct guest_watch *watch,
                 struct guest_fault *fault);

/* A copy of what is known now; from any thread. */
void guest_look(struct guest *guest, struct guest_report *report);

/* Returns at once. The guest ends at its next host call, or when its budget is spent; the native guest at its next host call. */
void guest_ask_to_stop(struct guest *guest);

/* Asks it to stop, waits for its thread and frees it. NULL is allowed. Not from the guest's thread. */
void guest_close(struct guest *guest);

/* ---- Per-value calls ---- */

/*
 * An instance whose exports are called one at a time, its state kept between the calls. Under ESP-IDF WAMR runs only in
 * POSIX threads, so call these from guest_in_thread, or from a thread that pthread_create made.
 */
struct guest_stream;

struct guest_exports {
    bool loop;
    bool process;
    bool filter_value;
    bool detect_anomaly;
};

/* False with the reason when the module cannot be loaded or is no guest. */
bool guest_stream_open(struct guest_stream **stream, const struct guest_code *code, const struct guest_limits *limits,
                       struct guest_exports *exports, struct guest_fault *fault);

/* False with the reason when the guest faults or has no such export; the stream must then be closed. */
bool guest_stream_process(struct guest_stream *stream, int32_t raw, int32_t dry, int32_t wet, int32_t threshold,
                          int32_t *verdict, struct guest_fault *fault);
bool guest_stream_filter(struct guest_stream *stream, int32_t raw, float *average, struct guest_fault *fault);
bool guest_stream_detect(struct guest_stream *stream, int32_t raw, int32_t *anomaly, struct guest_fault *fault);

/* NULL is allowed. */
void guest_stream_close(struct guest_stream *stream);

/* Runs `work` in a POSIX thread and waits for it; false when no thread could be made. */
bool guest_in_thread(void (*work)(void *context), void *context, size_t stack_bytes);

/* Whether the module could run as a loop here: loads it, looks at it and lets go. From a POSIX thread. */
bool guest_check(const struct guest_code *code, const struct guest_limits *limits, struct guest_exports *exports,
                 struct guest_fault *fault);

#endif
