/* Whatever a guest does, the board goes on and says in plain words what the guest did. */
#include <stdio.h>
#include <stdlib.h>

#include "read_file.h"
#include "scenario.h"
#include "scripted_board.h"

static struct guest_limits s_limits;

static struct guest_code s_module(const char *path)
{
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    return (struct guest_code){bytes, size};
}

static struct guest_code s_hostile(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.wasm", GUEST_WASM_DIR, name);
    return s_module(path);
}

/* The log of a run of at most `cycles` readings; to be freed. */
static char *s_run(const struct guest_code *code, uint32_t cycles, struct guest_report *report)
{
    char *log = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&log, &size);
    struct scripted_board board;
    scripted_board_steady(&board, 1500, cycles, file);
    scripted_board_run(&board, code, &s_limits, report);
    fclose(file);
    return log;
}

static void s_expect_loop(const char *name, enum guest_state state, enum guest_fault_kind kind, const char *reason)
{
    scenario_detail("guest %s", name);
    struct guest_code code = s_hostile(name);
    struct guest_report report;
    char *log = s_run(&code, 5, &report);
    CHECK(report.state == state);
    CHECK(report.fault.kind == kind);
    CHECK_TEXT(report.fault.reason, reason);
    free(log);
    free((void *)code.module);
}

static void s_expect_refused(const char *name, const char *part)
{
    scenario_detail("guest %s", name);
    struct guest_code code = s_hostile(name);
    struct guest_report report;
    char *log = s_run(&code, 5, &report);
    CHECK(report.fault.kind == GUEST_FAULT_REFUSED);
    CHECK_CONTAINS(report.fault.reason, part);
    CHECK(report.steps == 0);
    free(log);
    free((void *)code.module);
}

static void s_loops(void)
{
    scenario("A loop guest that breaks off faults alone, with a reason that its author understands.");
    s_expect_loop("out-of-bounds", GUEST_FAULTED, GUEST_FAULT_TRAP, "The guest accessed an address outside its own memory.");
    s_expect_loop("trap", GUEST_FAULTED, GUEST_FAULT_TRAP, "The guest executed `unreachable`: its own abort or panic.");
    s_expect_loop("deep-recursion", GUEST_FAULTED, GUEST_FAULT_TRAP,
                  "The guest ran out of stack: its calls are nested too deeply.");
    s_expect_loop("endless-loop", GUEST_FAULTED, GUEST_FAULT_BUDGET,
                  "The guest ran 5,000,000 instructions without a pause and was stopped. A loop guest has to call delay_ms "
                  "or read_sensor.");
    s_expect_loop("bad-pointer", GUEST_FAULTED, GUEST_FAULT_POINTER,
                  "The text of wasm_log points to 0x10000, outside the guest's memory of 65536 bytes.");
    s_expect_loop("unterminated-string", GUEST_FAULTED, GUEST_FAULT_POINTER,
                  "The text of wasm_log at 0x400 is longer than 256 bytes or has no closing NUL.");

    scenario("A guest that only asks for what it may not have goes on, and is refused that.");
    s_expect_loop("forbidden-pin", GUEST_STOPPED, GUEST_FAULT_NONE, "");
    s_expect_loop("foreign-topic", GUEST_STOPPED, GUEST_FAULT_NONE, "");
    s_expect_loop("foreign-processed", GUEST_STOPPED, GUEST_FAULT_NONE, "");
    s_expect_loop("flood", GUEST_STOPPED, GUEST_FAULT_NONE, "");

    scenario("A guest cannot hang or fool the board while it is being started.");
    s_expect_loop("start-endless", GUEST_RUNNING, GUEST_FAULT_BUDGET,
                  "The guest ran 5,000,000 instructions without a pause and was stopped. A loop guest has to call delay_ms "
                  "or read_sensor.");
    s_expect_loop("start-pauses", GUEST_RUNNING, GUEST_FAULT_REFUSED,
                  "It pauses while it is being started (its start function calls delay_ms or read_sensor); only `main` may.");
    s_expect_loop("start-bad-pointer", GUEST_RUNNING, GUEST_FAULT_POINTER,
                  "The text of wasm_log points to 0xffffffff, outside the guest's memory of 65536 bytes.");
}

static void s_refused(void)
{
    scenario("A module that cannot be a guest is refused before it runs, with what to do about it.");
    s_expect_refused("unknown-import", "It imports `env.launch_missiles`, which this host does not offer.");
    s_expect_refused("wrong-type", "It imports `env.get_config` as (i32, i32) -> i32, but this host offers (i32) -> i32.");
    s_expect_refused("wasi", "this is a WASI program");
    s_expect_refused("greedy", "It asks for 100 pages of memory (6400 KiB) to begin with; a guest may have 2 (128 KiB).");
    static const char *const unsupported[] = {"exception-swallows", "exception-uncaught", "shared-memory",
                                              "simd-endless",       "simd-grows",         "tail-call"};
    for (size_t index = 0; index < sizeof unsupported / sizeof unsupported[0]; index++) {
        s_expect_refused(unsupported[index], "it uses a feature this board lacks");
    }
}

static void s_refusals_are_said(void)
{
    scenario("What a guest was refused is said and counted, and the rest of its messages arrive.");
    struct guest_report report;
    struct guest_code code = s_hostile("forbidden-pin");
    char *log = s_run(&code, 3, &report);
    CHECK_CONTAINS(log, "refused set_output: pin 5 is not one a guest may drive (18, 19, 21, 23).");
    CHECK(report.refused_outputs == 3);
    free(log);
    free((void *)code.module);

    code = s_hostile("foreign-topic");
    log = s_run(&code, 3, &report);
    CHECK_CONTAINS(log, "refused mqtt_publish refused: The guest of esp32-7 may publish under ic/esp32-7/ only, not to "
                        "\"ic/other/data\".");
    CHECK(strstr(log, "publish ic/other") == NULL);
    CHECK(report.refused_publishes == 3);
    free(log);
    free((void *)code.module);

    code = s_hostile("foreign-processed");
    log = s_run(&code, 1, &report);
    CHECK_CONTAINS(log, "Under \"processed\" the host speaks, not the guest");
    free(log);
    free((void *)code.module);

    code = s_hostile("flood");
    log = s_run(&code, 2, &report);
    CHECK(report.refused_publishes == 2 * (1000 - 32));
    uint32_t sent = 0;
    for (const char *at = log; (at = strstr(at, " publish ic/esp32-7/data")) != NULL; at++) {
        sent++;
    }
    CHECK(sent == 2 * 32);
    free(log);
    free((void *)code.module);
}

static void s_expect_stream(const char *name, int which, const char *reason)
{
    scenario_detail("guest %s, %d", name, which);
    struct guest_code code = s_hostile(name);
    struct guest_exports exports;
    struct guest_stream *stream = NULL;
    struct guest_fault fault;
    int32_t value = 0;
    bool opened = guest_stream_open(&stream, &code, &s_limits, &exports, &fault);
    CHECK_TEXT(fault.reason, "");
    CHECK(opened);
    CHECK(!guest_stream_process(stream, which, 0, 0, 0, &value, &fault));
    CHECK_TEXT(fault.reason, reason);
    guest_stream_close(stream);
    free((void *)code.module);
}

static void s_streams(void *context)
{
    (void)context;
    scenario("A call of process that breaks off comes back as a sentence.");
    s_expect_stream("traps", 0, "The guest divided by zero.");
    s_expect_stream("traps", 1,
                    "A number in the guest did not fit its type (integer overflow in a division or conversion).");
    s_expect_stream("traps", 2,
                    "A number in the guest did not fit its type (integer overflow in a division or conversion).");
    s_expect_stream("traps", 3, "The guest called a function pointer that is empty or of another type.");
    s_expect_stream("traps", 4, "The guest called a function pointer that is empty or of another type.");
    s_expect_stream("traps", 5, "The text of wasm_log at 0x10 is not valid UTF-8.");
    s_expect_stream("traps", 6, "The guest accessed an address outside its own memory.");
    s_expect_stream("bad-pointer", 0,
                    "The payload of mqtt_publish points to 0xf4240, outside the guest's memory of 65536 bytes.");
    s_expect_stream("unterminated-string", 0,
                    "The payload of mqtt_publish at 0x400 is longer than 512 bytes or has no closing NUL.");

    scenario("A guest may ask for more memory than it may have, and is told no.");
    struct guest_code code = s_hostile("traps");
    struct guest_exports exports;
    struct guest_stream *stream = NULL;
    struct guest_fault fault;
    int32_t value = 0;
    bool opened = guest_stream_open(&stream, &code, &s_limits, &exports, &fault);
    CHECK_TEXT(fault.reason, "");
    CHECK(opened);
    CHECK(guest_stream_process(stream, 7, 0, 0, 0, &value, &fault));
    CHECK(value == -1);
    guest_stream_close(stream);
    free((void *)code.module);
}

/* Changes a byte here and there; what loads may run, within its budget. */
static void s_damaged(const char *path, uint32_t seed)
{
    struct guest_code code = s_module(path);
    uint8_t *copy = malloc(code.module_bytes);
    s_limits.budget = 100000;
    for (uint32_t round = 0; round < 400; round++) {
        scenario_detail("seed %u, round %u of %s", seed, round, path);
        memcpy(copy, code.module, code.module_bytes);
        uint32_t state = seed + round * 2654435761u;
        for (int change = 0; change < 3; change++) {
            state = state * 1664525u + 1013904223u;
            copy[8 + (state >> 8) % (code.module_bytes - 8)] = (uint8_t)state;
        }
        const struct guest_code damaged = {copy, round % 5 == 0 ? code.module_bytes * (round % 7) / 7 : code.module_bytes};
        struct guest_report report;
        char *log = s_run(&damaged, 2, &report);
        CHECK(report.fault.kind == GUEST_FAULT_NONE || report.fault.reason[0] != '\0');
        free(log);
    }
    s_limits = guest_limits_default();
    free(copy);
    free((void *)code.module);
}

int main(int count, char **words)
{
    s_limits = guest_limits_default();
    CHECK(guest_host_init());
    s_loops();
    s_refused();
    s_refusals_are_said();
    CHECK(guest_in_thread(s_streams, NULL, s_limits.thread_stack_bytes));
    scenario("A module that was damaged on its way does not take the board down.");
    uint32_t seed = count > 1 ? (uint32_t)strtoul(words[1], NULL, 0) : 20260101;
    s_damaged("web/guest/modules/irrigation-c.wasm", seed);
    s_damaged("web/guest/modules/irrigation-rust.wasm", seed + 1);
    return scenarios_passed();
}
