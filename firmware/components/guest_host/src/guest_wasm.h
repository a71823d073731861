/* One module in WAMR: loaded, checked, instantiated, its exports called under a budget. */
#ifndef GUEST_WASM_H
#define GUEST_WASM_H

#include "guest_check.h"
#include "guest_run.h"

struct guest_wasm {
    /* WAMR's strings point into it as long as the module lives. */
    uint8_t *bytes;
    size_t size;
    wasm_module_t module;
    wasm_module_inst_t instance;
    wasm_exec_env_t environment;
    struct guest_exports exports;
    struct guest_entry entry;
};

/* WAMR and the host functions, once for the process. */
bool guest_wasm_init(void);

/* `run` is the guest of this thread from here on; false with the reason in run->fault. */
bool guest_wasm_open(struct guest_wasm *wasm, const struct guest_code *code, struct guest_run *run);

/*
 * Calls an export with all its parameters i32; `cells` holds them and then the result. False with the reason in
 * run->fault, or without one when it was stopped.
 */
bool guest_wasm_call(struct guest_wasm *wasm, struct guest_run *run, wasm_function_inst_t function, uint32_t count,
                     uint32_t *cells);

wasm_function_inst_t guest_wasm_export(struct guest_wasm *wasm, const char *name);

/* Of its linear memory now. */
uint32_t guest_wasm_memory_bytes(const struct guest_wasm *wasm);

void guest_wasm_close(struct guest_wasm *wasm);

#endif
