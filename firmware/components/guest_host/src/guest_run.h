/*
 * A guest while it runs on some thread: what its host functions need. The same host functions serve the module in WAMR
 * and the guest that is compiled in.
 */
#ifndef GUEST_RUN_H
#define GUEST_RUN_H

#include <setjmp.h>
#include <stdatomic.h>

#include "guest_fault.h"
#include "wasm_export.h"

struct guest_run {
    /* NULL where nobody is to be spoken to: the guest's outputs go nowhere then. */
    const struct guest_port *port;
    const char *root;
    const char *node;
    struct guest_limits limits;
    /* May be NULL. */
    void (*stepped)(struct guest_run *run);

    /* Why it ends: a fault, or a stop. */
    struct guest_fault fault;
    atomic_bool stop_asked;
    bool stopped;

    /* In WAMR; NULL for the native guest. */
    wasm_module_inst_t instance;
    /* Out of the native guest. */
    jmp_buf native_end;
    /* A start function may not pause: nobody could tell when it is over. */
    bool in_start_function;
    /* The interpreter's counter while it runs, else NULL. */
    int *instructions_left;

    /* The slice, that is, what runs between two pauses. */
    int64_t slice_began_us;
    uint32_t slice_publishes;
    /* The step, that is, what runs between two reads of a sensor. */
    bool in_step;
    int64_t step_us;
    uint32_t step_instructions;

    uint32_t steps;
    uint32_t last_step_us;
    uint32_t last_step_instructions;
    uint32_t refused_outputs;
    uint32_t refused_publishes;
};

/* The guest that runs on this thread. */
extern _Thread_local struct guest_run *guest_running;

/* To be called when the guest is entered, and by what it calls to pause. */
void guest_slice_begins(struct guest_run *run);

/*
 * The functions of the ABI. They return what the guest gets; afterwards guest_run_is_over says whether it may go on.
 * Texts have been checked.
 */
int32_t guest_call_read_sensor(struct guest_run *run, int32_t kind);
void guest_call_set_output(struct guest_run *run, int32_t pin, int32_t level);
void guest_call_delay_ms(struct guest_run *run, int32_t ms);
void guest_call_log(struct guest_run *run, const char *text);
void guest_call_log_int(struct guest_run *run, int32_t value);
int32_t guest_call_publish(struct guest_run *run, const char *topic, const char *payload);
int32_t guest_call_get_config(struct guest_run *run, int32_t key);

bool guest_run_is_over(struct guest_run *run);

#endif
