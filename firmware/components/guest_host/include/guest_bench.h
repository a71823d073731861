/* What the sandbox costs on this board: the same calls in WAMR and compiled in. */
#ifndef GUEST_BENCH_H
#define GUEST_BENCH_H

#include "guest_host.h"

/* One call, over `samples` runs of `calls_per_sample` calls each. */
struct guest_bench_times {
    uint32_t samples;
    uint32_t calls_per_sample;
    float min_ns;
    float median_ns;
    float p95_ns;
    float mean_ns;
    /* Standard deviation over the runs. */
    float deviation_ns;
};

struct guest_bench {
    /* One call of `process` from the host, with what it takes to enter the guest. */
    struct guest_bench_times wasm_process;
    struct guest_bench_times native_process;
    /* One get_config from a loop within the guest, without the loop. */
    struct guest_bench_times wasm_host_call;
    struct guest_bench_times native_host_call;
    /* Instructions of one call of `process`, as WAMR counts them. */
    uint32_t process_instructions;
};

/*
 * Runs in a thread of its own and waits for it: about a second on a board. False with the reason when the module faults
 * or exports no `process`. `now_us` is the board's clock.
 */
bool guest_bench_run(struct guest_bench *bench, const struct guest_code *code, const struct guest_limits *limits,
                     int64_t (*now_us)(void *context), void *context, struct guest_fault *fault);

#endif
