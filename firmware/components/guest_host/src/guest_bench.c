#include "guest_bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_loop.gen.h"
#include "guest_native.h"
#include "guest_stream.h"

#define SAMPLES 31
/* A clock of microseconds then errs by less than a part in a thousand. */
#define SAMPLE_US 2000
#define CALLS_MAX (1u << 20)

struct clock {
    int64_t (*now_us)(void *context);
    void *context;
};

struct bench_job {
    struct guest_bench *bench;
    const struct guest_code *code;
    struct guest_limits limits;
    struct clock clock;
    struct guest_fault *fault;
    bool good;
};

/* What is measured: `count` calls; false when the guest faults. */
struct subject {
    bool (*calls)(struct subject *subject, uint32_t count);
    struct guest_stream *stream;
    wasm_function_inst_t function;
    struct guest_fault *fault;
    /* Keeps the compiler from leaving native calls out. */
    volatile int32_t sink;
};

/* The readings go up and down, or a native compiler would compute one and repeat it. */
static int32_t s_raw(uint32_t index)
{
    return 1000 + (int32_t)(index * 7 % 2000);
}

static bool s_process_calls(struct subject *subject, uint32_t count)
{
    int32_t verdict = 0;
    for (uint32_t index = 0; index < count; index++) {
        if (!guest_stream_process(subject->stream, s_raw(index), 2600, 1100, 1700, &verdict, subject->fault)) {
            return false;
        }
        subject->sink += verdict;
    }
    return true;
}

static bool s_native_host_calls(struct subject *subject, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        subject->sink += guest_native_get_config(0);
    }
    return true;
}

static bool s_wasm_loop(struct subject *subject, uint32_t count)
{
    struct guest_stream *stream = subject->stream;
    uint32_t cells[1] = {count};
    if (!guest_wasm_call(&stream->wasm, &stream->run, subject->function, 1, cells)) {
        *subject->fault = stream->run.fault;
        return false;
    }
    subject->sink += (int32_t)cells[0];
    return true;
}

static int64_t s_time_us(const struct clock *clock, struct subject *subject, uint32_t count, bool *good)
{
    int64_t began = clock->now_us(clock->context);
    *good = subject->calls(subject, count);
    return clock->now_us(clock->context) - began;
}

static int s_order(const void *a, const void *b)
{
    float left = *(const float *)a;
    float right = *(const float *)b;
    return (left > right) - (left < right);
}

static void s_summarise(float values[SAMPLES], struct guest_bench_times *times)
{
    float sum = 0;
    float squares = 0;
    for (int index = 0; index < SAMPLES; index++) {
        sum += values[index];
    }
    times->mean_ns = sum / SAMPLES;
    for (int index = 0; index < SAMPLES; index++) {
        float error = values[index] - times->mean_ns;
        squares += error * error;
    }
    times->deviation_ns = sqrtf(squares / (SAMPLES - 1));
    qsort(values, SAMPLES, sizeof values[0], s_order);
    times->min_ns = values[0];
    times->median_ns = values[SAMPLES / 2];
    times->p95_ns = values[SAMPLES * 95 / 100];
}

static float s_one_ns(const struct clock *clock, struct subject *subject, uint32_t count, bool *good)
{
    return (float)s_time_us(clock, subject, count, good) * 1000.0f / (float)count;
}

/* Of each call of `subject`, less the least that `overhead` (may be NULL) takes. */
static bool s_measure(const struct clock *clock, struct subject *subject, struct subject *overhead,
                      struct guest_bench_times *times)
{
    uint32_t count = 16;
    bool good = true;
    while (s_time_us(clock, subject, count, &good) < SAMPLE_US && good && count < CALLS_MAX) {
        count *= 2;
    }
    float values[SAMPLES];
    float least = 0;
    for (int index = 0; index < SAMPLES && good; index++) {
        values[index] = s_one_ns(clock, subject, count, &good);
        if (good && overhead != NULL) {
            float other = s_one_ns(clock, overhead, count, &good);
            least = index == 0 || other < least ? other : least;
        }
    }
    if (good) {
        for (int index = 0; index < SAMPLES; index++) {
            values[index] -= least;
        }
        times->samples = SAMPLES;
        times->calls_per_sample = count;
        s_summarise(values, times);
    }
    return good;
}

/* Whether `process` comes through with so many instructions. */
static bool s_suffices(struct guest_stream *stream, int32_t budget)
{
    struct guest_fault fault = {0};
    int32_t verdict = 0;
    stream->run.limits.budget = budget;
    bool suffices = guest_stream_process(stream, s_raw(3), 2600, 1100, 1700, &verdict, &fault);
    stream->run.fault = (struct guest_fault){0};
    wasm_runtime_clear_exception(stream->wasm.instance);
    return suffices;
}

/* The interpreter's counter ends with the call, so the least budget that suffices is looked for. */
static uint32_t s_count_instructions(struct guest_stream *stream)
{
    int32_t budget = stream->run.limits.budget;
    int32_t enough = 1;
    while (enough < budget / 2 && !s_suffices(stream, enough)) {
        enough *= 2;
    }
    int32_t too_few = enough / 2;
    while (enough - too_few > 1) {
        int32_t middle = too_few + (enough - too_few) / 2;
        if (s_suffices(stream, middle)) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    stream->run.limits.budget = budget;
    return (uint32_t)enough;
}

static bool s_bench_process(struct bench_job *job, const struct guest_code *code, struct guest_bench_times *times)
{
    struct guest_exports exports;
    struct subject subject = {.calls = s_process_calls, .fault = job->fault};
    bool good = guest_stream_open(&subject.stream, code, &job->limits, &exports, job->fault) &&
                s_measure(&job->clock, &subject, NULL, times);
    if (good && code->module != NULL) {
        job->bench->process_instructions = s_count_instructions(subject.stream);
    }
    guest_stream_close(subject.stream);
    return good;
}

/* A host that answers at once: what is measured is the way to it. */
static int32_t s_config(void *context, int32_t key)
{
    (void)context;
    return key;
}

static int64_t s_no_time(void *context)
{
    (void)context;
    return 0;
}

static bool s_go_on(void *context)
{
    (void)context;
    return false;
}

static const struct guest_port s_port = {.now_us = s_no_time, .config = s_config, .may_stop = s_go_on};

static bool s_bench_wasm_host_call(struct bench_job *job)
{
    const struct guest_code code = {bench_loop_wasm, sizeof bench_loop_wasm};
    struct guest_exports exports;
    struct guest_stream *stream = NULL;
    struct guest_limits limits = job->limits;
    /* A loop of CALLS_MAX takes more than a guest's budget. */
    limits.budget = INT32_MAX;
    if (!guest_stream_open(&stream, &code, &limits, &exports, job->fault)) {
        return false;
    }
    stream->run.port = &s_port;
    struct subject calls = {.calls = s_wasm_loop, .stream = stream, .fault = job->fault};
    struct subject empty = calls;
    calls.function = guest_wasm_export(&stream->wasm, "calls");
    empty.function = guest_wasm_export(&stream->wasm, "empty");
    bool good = s_measure(&job->clock, &calls, &empty, &job->bench->wasm_host_call);
    guest_stream_close(stream);
    return good;
}

static bool s_bench_native_host_call(struct bench_job *job)
{
    struct guest_run run = {.port = &s_port, .limits = job->limits};
    struct subject calls = {.calls = s_native_host_calls, .fault = job->fault};
    guest_running = &run;
    bool good = s_measure(&job->clock, &calls, NULL, &job->bench->native_host_call);
    guest_running = NULL;
    return good;
}

static void s_run(void *context)
{
    struct bench_job *job = context;
    const struct guest_code native = {NULL, 0};
    job->good = s_bench_process(job, job->code, &job->bench->wasm_process) &&
                s_bench_process(job, &native, &job->bench->native_process) && s_bench_wasm_host_call(job) &&
                s_bench_native_host_call(job);
}

bool guest_bench_run(struct guest_bench *bench, const struct guest_code *code, const struct guest_limits *limits,
                     int64_t (*now_us)(void *context), void *context, struct guest_fault *fault)
{
    *bench = (struct guest_bench){0};
    *fault = (struct guest_fault){0};
    struct bench_job job = {bench, code, *limits, {now_us, context}, fault, false};
    if (code->module == NULL) {
        guest_fault_set(fault, GUEST_FAULT_REFUSED, "There is no module to compare with the native guest.");
        return false;
    }
    if (!guest_in_thread(s_run, &job, limits->thread_stack_bytes)) {
        guest_fault_set(fault, GUEST_FAULT_BOARD, "The board has no memory left for the bench's thread.");
        return false;
    }
    return job.good;
}
