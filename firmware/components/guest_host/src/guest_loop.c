/* The edge loop in a thread of its own. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "guest_native.h"
#include "guest_thread.h"
#include "guest_wasm.h"

#define ROOT_BYTES 65
#define NODE_BYTES 33

struct guest {
    struct guest_run run;
    struct guest_wasm wasm;
    struct guest_code code;
    char root[ROOT_BYTES];
    char node[NODE_BYTES];
    struct guest_watch watch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t loaded;
    /* Guarded by `lock`. */
    enum { LOADING, LOADED, REFUSED } loading;
    struct guest_report report;
};

struct guest_limits guest_limits_default(void)
{
#ifdef ESP_PLATFORM
    const uint32_t module_bytes = 64 * 1024;
    const uint32_t thread_stack_bytes = 10 * 1024;
#else
    const uint32_t module_bytes = 256 * 1024 - 4096;
    /* Sanitized code needs several times the stack. */
    const uint32_t thread_stack_bytes = 512 * 1024;
#endif
    return (struct guest_limits){
        .module_bytes = module_bytes,
        .memory_pages = 2,
        .stack_bytes = 8 * 1024,
        .thread_stack_bytes = thread_stack_bytes,
        .budget = 5000000,
        .publishes_per_slice = 32,
    };
}

bool guest_host_init(void)
{
    return guest_wasm_init();
}

/* Brings the report up to date; with the lock held. */
static void s_copy_figures(struct guest *guest)
{
    const struct guest_run *run = &guest->run;
    struct guest_report *report = &guest->report;
    report->steps = run->steps;
    report->step_us = run->last_step_us;
    report->step_instructions = run->last_step_instructions;
    report->refused_outputs = run->refused_outputs;
    report->refused_publishes = run->refused_publishes;
    report->linear_memory_bytes = guest_wasm_memory_bytes(&guest->wasm);
    report->memory_bytes = report->native ? 0
                                          : report->linear_memory_bytes + run->limits.stack_bytes +
                                                (uint32_t)guest->wasm.size;
}

static void s_stepped(struct guest_run *run)
{
    /* The run is the guest's first member. */
    struct guest *guest = (struct guest *)run;
    pthread_mutex_lock(&guest->lock);
    s_copy_figures(guest);
    struct guest_report report = guest->report;
    pthread_mutex_unlock(&guest->lock);
    if (guest->watch.stepped != NULL) {
        guest->watch.stepped(guest->watch.context, &report);
    }
}

static void s_tell_loaded(struct guest *guest, bool loaded)
{
    pthread_mutex_lock(&guest->lock);
    guest->loading = loaded ? LOADED : REFUSED;
    s_copy_figures(guest);
    pthread_cond_signal(&guest->loaded);
    pthread_mutex_unlock(&guest->lock);
}

static bool s_load(struct guest *guest)
{
    if (guest->report.native) {
        return true;
    }
    if (!guest_wasm_open(&guest->wasm, &guest->code, &guest->run)) {
        return false;
    }
    if (!guest->wasm.exports.loop) {
        guest_fault_set(&guest->run.fault, GUEST_FAULT_REFUSED,
                        "It exports no `main`, so it cannot run as the loop of a board. Export it (clang: "
                        "-Wl,--export=main; Rust: #[no_mangle] pub extern \"C\").");
        return false;
    }
    return true;
}

static void s_run(struct guest *guest)
{
    struct guest_run *run = &guest->run;
    if (guest->report.native) {
        guest_native_loop(run);
        return;
    }
    wasm_function_inst_t entry = guest_wasm_export(&guest->wasm, guest->wasm.entry.name);
    /* Room for two zeros, and for the result. */
    uint32_t cells[2] = {0, 0};
    if (entry == NULL) {
        guest_fault_set(&run->fault, GUEST_FAULT_REFUSED, "Its `main` cannot be called.");
    } else {
        guest_wasm_call(&guest->wasm, run, entry, guest->wasm.entry.params, cells);
    }
}

static void *s_thread(void *context)
{
    struct guest *guest = context;
    struct guest_run *run = &guest->run;
    bool loaded = s_load(guest);
    if (!loaded) {
        guest_wasm_close(&guest->wasm);
        s_tell_loaded(guest, false);
        return NULL;
    }
    s_tell_loaded(guest, true);
    s_run(guest);
    if (!guest->report.native) {
        guest_wasm_close(&guest->wasm);
    }
    pthread_mutex_lock(&guest->lock);
    s_copy_figures(guest);
    guest->report.memory_bytes = 0;
    guest->report.fault = run->fault;
    guest->report.state = run->fault.kind != GUEST_FAULT_NONE ? GUEST_FAULTED
                          : run->stopped                      ? GUEST_STOPPED
                                                              : GUEST_RETURNED;
    struct guest_report report = guest->report;
    pthread_mutex_unlock(&guest->lock);
    if (guest->watch.ended != NULL) {
        guest->watch.ended(guest->watch.context, &report);
    }
    return NULL;
}

static void s_free(struct guest *guest)
{
    pthread_cond_destroy(&guest->loaded);
    pthread_mutex_destroy(&guest->lock);
    free(guest);
}

/* Copies a text that has to fit. */
static bool s_copy(char *to, size_t capacity, const char *from)
{
    size_t length = strlen(from);
    if (length >= capacity) {
        return false;
    }
    memcpy(to, from, length + 1);
    return true;
}

bool guest_start(struct guest **out, const struct guest_code *code, const struct guest_place *place,
                 const struct guest_limits *limits, const struct guest_port *port, const struct guest_watch *watch,
                 struct guest_fault *fault)
{
    *out = NULL;
    *fault = (struct guest_fault){0};
    struct guest *guest = calloc(1, sizeof *guest);
    if (guest == NULL) {
        guest_fault_set(fault, GUEST_FAULT_BOARD, "The board has no memory left for a guest.");
        return false;
    }
    pthread_mutex_init(&guest->lock, NULL);
    pthread_cond_init(&guest->loaded, NULL);
    guest->code = *code;
    guest->report.native = code->module == NULL;
    if (watch != NULL) {
        guest->watch = *watch;
    }
    guest->run.port = port;
    guest->run.limits = *limits;
    guest->run.root = guest->root;
    guest->run.node = guest->node;
    guest->run.stepped = s_stepped;
    if (!s_copy(guest->root, sizeof guest->root, place->root) || !s_copy(guest->node, sizeof guest->node, place->node)) {
        guest_fault_set(fault, GUEST_FAULT_BOARD, "The topic root may have 64 bytes and the node id 32.");
        s_free(guest);
        return false;
    }
    if (!guest_thread_create(&guest->thread, s_thread, guest, limits->thread_stack_bytes)) {
        guest_fault_set(fault, GUEST_FAULT_BOARD, "The board has no memory left for the guest's thread.");
        s_free(guest);
        return false;
    }
    pthread_mutex_lock(&guest->lock);
    while (guest->loading == LOADING) {
        pthread_cond_wait(&guest->loaded, &guest->lock);
    }
    bool refused = guest->loading == REFUSED;
    pthread_mutex_unlock(&guest->lock);
    if (refused) {
        pthread_join(guest->thread, NULL);
        *fault = guest->run.fault;
        s_free(guest);
        return false;
    }
    *out = guest;
    return true;
}

void guest_look(struct guest *guest, struct guest_report *report)
{
    pthread_mutex_lock(&guest->lock);
    *report = guest->report;
    pthread_mutex_unlock(&guest->lock);
}

void guest_ask_to_stop(struct guest *guest)
{
    atomic_store(&guest->run.stop_asked, true);
}

void guest_close(struct guest *guest)
{
    if (guest == NULL) {
        return;
    }
    guest_ask_to_stop(guest);
    pthread_join(guest->thread, NULL);
    s_free(guest);
}
