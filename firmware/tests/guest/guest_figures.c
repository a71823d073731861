/* What a guest computes and what it costs: the same in WAMR and compiled in, the same at each run. */
#include <stdio.h>
#include <stdlib.h>

#include "guest_bench.h"
#include "read_file.h"
#include "real_clock.h"
#include "scenario.h"
#include "scripted_board.h"

static struct guest_limits s_limits;
static struct guest_code s_module;
static const struct guest_code s_native = {NULL, 0};
static uint32_t s_seed = 20260101;

static uint32_t s_random(void)
{
    s_seed = s_seed * 1664525u + 1013904223u;
    return s_seed >> 8;
}

/* Mostly ADC counts, at times any number. */
static int32_t s_word(void)
{
    uint32_t value = s_random();
    return value % 8 == 0 ? (int32_t)(value << 12 ^ s_random()) : (int32_t)(value % 4096);
}

static void s_compare(void *context)
{
    (void)context;
    struct guest_exports exports;
    struct guest_stream *wasm = NULL;
    struct guest_stream *native = NULL;
    struct guest_fault fault;
    CHECK(guest_stream_open(&wasm, &s_module, &s_limits, &exports, &fault));
    CHECK(exports.loop && exports.process && exports.filter_value && exports.detect_anomaly);
    CHECK(guest_stream_open(&native, &s_native, &s_limits, &exports, &fault));
    for (int round = 0; round < 20000; round++) {
        int32_t raw = s_word();
        int32_t dry = s_word();
        int32_t wet = s_word();
        int32_t threshold = s_word();
        scenario_detail("round %d: raw %d, dry %d, wet %d, threshold %d", round, raw, dry, wet, threshold);
        int32_t one = 0;
        int32_t other = 0;
        CHECK(guest_stream_process(wasm, raw, dry, wet, threshold, &one, &fault));
        CHECK(guest_stream_process(native, raw, dry, wet, threshold, &other, &fault));
        CHECK(one == other);
        CHECK(guest_stream_detect(wasm, raw, &one, &fault));
        CHECK(guest_stream_detect(native, raw, &other, &fault));
        CHECK(one == other);
        float average = 0;
        float expected = 0;
        CHECK(guest_stream_filter(wasm, raw, &average, &fault));
        CHECK(guest_stream_filter(native, raw, &expected, &fault));
        CHECK(memcmp(&average, &expected, sizeof average) == 0);
    }
    guest_stream_close(wasm);
    guest_stream_close(native);
    CHECK(guest_check(&s_module, &s_limits, &exports, &fault));
}

static void s_run_for(const struct guest_code *code, uint32_t cycles, struct guest_report *report)
{
    struct scripted_board board;
    scripted_board_steady(&board, 1500, cycles, NULL);
    CHECK(scripted_board_run(&board, code, &s_limits, report));
}

static void s_run(const struct guest_code *code, struct guest_report *report)
{
    s_run_for(code, 5, report);
}

static void s_step_figures(const char *language)
{
    scenario("The instructions of a step are counted, the same at each run, and a board shows little memory.");
    struct guest_report report;
    struct guest_report again;
    s_run(&s_module, &report);
    s_run(&s_module, &again);
    CHECK(report.steps == 5);
    CHECK(report.step_instructions > 200 && report.step_instructions < 20000);
    CHECK(report.step_instructions == again.step_instructions);
    s_run_for(&s_module, 3, &again);
    CHECK(report.step_instructions == again.step_instructions);
    /* WAMR gives a guest no more of its page than it uses. */
    CHECK(report.linear_memory_bytes == 0 || report.linear_memory_bytes < 16384);
    printf("%s: %u instructions a step\n", language, (unsigned)report.step_instructions);
    s_run(&s_native, &report);
    CHECK(report.steps == 5 && report.step_instructions == 0 && report.native);
}

static void s_budget(void)
{
    scenario("The budget is what a guest may run between two pauses: it is whole again after each.");
    struct guest_report report;
    struct guest_limits generous = s_limits;
    s_limits.budget = 2000;
    s_run_for(&s_module, 60, &report);
    CHECK(report.state == GUEST_STOPPED && report.steps == 60);
    s_limits.budget = 100;
    s_run(&s_module, &report);
    CHECK(report.fault.kind == GUEST_FAULT_BUDGET);
    CHECK_CONTAINS(report.fault.reason, "The guest ran 100 instructions without a pause");
    s_limits = generous;
}

static void s_print(const char *what, const struct guest_bench_times *times)
{
    printf("  %-18s min %8.1f  median %8.1f  p95 %8.1f  mean %8.1f +- %.1f ns (%u x %u)\n", what, (double)times->min_ns,
           (double)times->median_ns, (double)times->p95_ns, (double)times->mean_ns, (double)times->deviation_ns,
           (unsigned)times->samples, (unsigned)times->calls_per_sample);
}

static void s_expect_ordered(const struct guest_bench_times *times)
{
    CHECK(times->samples > 0 && times->calls_per_sample > 0);
    CHECK(times->min_ns <= times->median_ns && times->median_ns <= times->p95_ns);
    CHECK(times->mean_ns >= times->min_ns && times->deviation_ns >= 0);
}

static void s_bench(const char *language)
{
    scenario("The bench tells what the sandbox costs on this machine.");
    struct guest_bench bench;
    struct guest_bench again;
    struct guest_fault fault;
    CHECK(guest_bench_run(&bench, &s_module, &s_limits, real_now_us, NULL, &fault));
    CHECK(guest_bench_run(&again, &s_module, &s_limits, real_now_us, NULL, &fault));
    CHECK(bench.process_instructions > 5 && bench.process_instructions < 200);
    CHECK(bench.process_instructions == again.process_instructions);
    s_expect_ordered(&bench.wasm_process);
    s_expect_ordered(&bench.native_process);
    s_expect_ordered(&bench.wasm_host_call);
    s_expect_ordered(&bench.native_host_call);
    CHECK(bench.native_process.median_ns > 0);
    CHECK(bench.wasm_process.median_ns > bench.native_process.median_ns);
    printf("%s: %u instructions a call of process\n", language, (unsigned)bench.process_instructions);
    s_print("process, wasm", &bench.wasm_process);
    s_print("process, native", &bench.native_process);
    s_print("host call, wasm", &bench.wasm_host_call);
    s_print("host call, native", &bench.native_host_call);

    scenario("A bench of nothing is refused.");
    CHECK(!guest_bench_run(&bench, &s_native, &s_limits, real_now_us, NULL, &fault));
    CHECK(fault.kind == GUEST_FAULT_REFUSED);
}

int main(int count, char **words)
{
    if (count > 1) {
        s_seed = (uint32_t)strtoul(words[1], NULL, 0);
    }
    static const char *const languages[] = {"c", "rust"};
    s_limits = guest_limits_default();
    CHECK(guest_host_init());
    for (int index = 0; index < 2; index++) {
        char path[64];
        snprintf(path, sizeof path, "web/guest/modules/irrigation-%s.wasm", languages[index]);
        size_t size = 0;
        uint8_t *bytes = read_file(path, &size);
        s_module = (struct guest_code){bytes, size};
        scenario("The module and the guest that is compiled in agree on every input, in every bit.");
        CHECK(guest_in_thread(s_compare, NULL, s_limits.thread_stack_bytes));
        s_step_figures(languages[index]);
        s_budget();
        s_bench(languages[index]);
        free(bytes);
    }
    return scenarios_passed();
}
