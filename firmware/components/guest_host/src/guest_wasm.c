#include "guest_wasm.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "guest_abi.gen.h"
#include "guest_text.h"

/* ---- The meter ---- */

void guest_meter_attach(int *instructions_left)
{
    struct guest_run *run = guest_running;
    if (run != NULL) {
        run->instructions_left = instructions_left;
        *instructions_left = run->limits.budget;
    }
}

/* ---- Host functions ---- */

/* WAMR ends the guest when the host function that set an exception returns. */
static void s_end_if_over(struct guest_run *run)
{
    if (guest_run_is_over(run)) {
        wasm_runtime_set_exception(run->instance, "ended by its host");
    }
}

static const char *s_text(wasm_exec_env_t environment, struct guest_run *run, uint32_t pointer, uint32_t max_bytes,
                          const char *argument)
{
    /* In a start function the instance is known to WAMR alone. */
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(environment);
    uint64_t size = 0;
    if (!wasm_runtime_get_app_addr_range(instance, 0, NULL, &size)) {
        size = 0;
    }
    const uint8_t *memory = size == 0 ? NULL : wasm_runtime_addr_app_to_native(instance, 0);
    return guest_text_read(memory, memory == NULL ? 0 : size, pointer, max_bytes, argument, &run->fault);
}

static struct guest_run *s_enter(wasm_exec_env_t environment)
{
    struct guest_run *run = guest_running;
    run->instance = wasm_runtime_get_module_inst(environment);
    return run;
}

static int32_t s_read_sensor(wasm_exec_env_t environment, int32_t kind)
{
    struct guest_run *run = s_enter(environment);
    int32_t value = guest_call_read_sensor(run, kind);
    s_end_if_over(run);
    return value;
}

static void s_set_output(wasm_exec_env_t environment, int32_t pin, int32_t level)
{
    struct guest_run *run = s_enter(environment);
    guest_call_set_output(run, pin, level);
    s_end_if_over(run);
}

static void s_delay_ms(wasm_exec_env_t environment, int32_t ms)
{
    struct guest_run *run = s_enter(environment);
    guest_call_delay_ms(run, ms);
    s_end_if_over(run);
}

static void s_wasm_log(wasm_exec_env_t environment, uint32_t pointer)
{
    struct guest_run *run = s_enter(environment);
    const char *text = s_text(environment, run, pointer, ABI_LIMIT_LOG_BYTES, "The text of wasm_log");
    if (text != NULL) {
        guest_call_log(run, text);
    }
    s_end_if_over(run);
}

static void s_log_int(wasm_exec_env_t environment, int32_t value)
{
    struct guest_run *run = s_enter(environment);
    guest_call_log_int(run, value);
    s_end_if_over(run);
}

static int32_t s_mqtt_publish(wasm_exec_env_t environment, uint32_t topic_pointer, uint32_t payload_pointer)
{
    struct guest_run *run = s_enter(environment);
    const char *topic = s_text(environment, run, topic_pointer, ABI_LIMIT_TOPIC_BYTES, "The topic of mqtt_publish");
    const char *payload =
        topic == NULL
            ? NULL
            : s_text(environment, run, payload_pointer, ABI_LIMIT_PAYLOAD_BYTES, "The payload of mqtt_publish");
    int32_t status = payload == NULL ? -1 : guest_call_publish(run, topic, payload);
    s_end_if_over(run);
    return status;
}

static int32_t s_get_config(wasm_exec_env_t environment, int32_t key)
{
    struct guest_run *run = s_enter(environment);
    int32_t value = guest_call_get_config(run, key);
    s_end_if_over(run);
    return value;
}

/*
 * Pointers are plain numbers to WAMR: its own check of a string (`$`) knows no limit of length, and its sentence would
 * not name the argument.
 */
static NativeSymbol s_natives[] = {
    {"read_sensor", (void *)s_read_sensor, "(i)i", NULL},     {"set_output", (void *)s_set_output, "(ii)", NULL},
    {"delay_ms", (void *)s_delay_ms, "(i)", NULL},            {"wasm_log", (void *)s_wasm_log, "(i)", NULL},
    {"log_int", (void *)s_log_int, "(i)", NULL},              {"mqtt_publish", (void *)s_mqtt_publish, "(ii)i", NULL},
    {"get_config", (void *)s_get_config, "(i)i", NULL},
};

/* ---- WAMR ---- */

static pthread_once_t s_once = PTHREAD_ONCE_INIT;
static bool s_ready;

static void s_init(void)
{
    RuntimeInitArgs arguments = {0};
    arguments.mem_alloc_type = Alloc_With_System_Allocator;
    arguments.native_module_name = "env";
    arguments.native_symbols = s_natives;
    arguments.n_native_symbols = sizeof s_natives / sizeof s_natives[0];
    s_ready = wasm_runtime_full_init(&arguments);
    /* Its warnings on what a module lacks would come beside our sentence. */
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_FATAL);
}

bool guest_wasm_init(void)
{
    pthread_once(&s_once, s_init);
    return s_ready;
}

/* WAMR words its refusals `WASM module load failed: ...`, `WASM module instantiate failed: ...`. */
static const char *s_after_colon(const char *error)
{
    const char *colon = strstr(error, "failed: ");
    return colon == NULL ? error : colon + sizeof "failed: " - 1;
}

static bool s_load(struct guest_wasm *wasm, const struct guest_code *code, struct guest_run *run)
{
    char error[128] = "";
    wasm->bytes = malloc(code->module_bytes);
    if (wasm->bytes == NULL) {
        guest_fault_set(&run->fault, GUEST_FAULT_BOARD, "The board has no memory left for the module's %zu bytes.",
                        code->module_bytes);
        return false;
    }
    memcpy(wasm->bytes, code->module, code->module_bytes);
    wasm->size = code->module_bytes;
    wasm->module = wasm_runtime_load(wasm->bytes, (uint32_t)wasm->size, error, sizeof error);
    if (wasm->module == NULL) {
        guest_fault_set(&run->fault, GUEST_FAULT_REFUSED,
                        "The module does not validate: its compiler is broken, or it uses a feature this board lacks. WAMR "
                        "says: %s.",
                        s_after_colon(error));
        return false;
    }
    return guest_check_module(wasm->module, &wasm->exports, &wasm->entry, &run->fault);
}

static bool s_instantiate(struct guest_wasm *wasm, struct guest_run *run)
{
    char error[128] = "";
    const InstantiationArgs arguments = {
        .default_stack_size = run->limits.stack_bytes,
        .max_memory_pages = run->limits.memory_pages,
    };
    run->in_start_function = true;
    wasm->instance = wasm_runtime_instantiate_ex(wasm->module, &arguments, error, sizeof error);
    run->in_start_function = false;
    run->instructions_left = NULL;
    if (wasm->instance == NULL && strstr(error, "allocate") != NULL) {
        guest_fault_set(&run->fault, GUEST_FAULT_BOARD, "The board has not enough memory left for the guest: %s.",
                        s_after_colon(error));
    } else if (wasm->instance == NULL) {
        guest_fault_from_exception(&run->fault, s_after_colon(error), run->limits.budget);
    } else {
        wasm->environment = wasm_runtime_create_exec_env(wasm->instance, run->limits.stack_bytes);
        if (wasm->environment == NULL) {
            guest_fault_set(&run->fault, GUEST_FAULT_BOARD, "The board has not enough memory left for the guest's stack.");
        }
    }
    return wasm->environment != NULL;
}

bool guest_wasm_open(struct guest_wasm *wasm, const struct guest_code *code, struct guest_run *run)
{
    *wasm = (struct guest_wasm){0};
    guest_running = run;
    if (!guest_wasm_init() || !wasm_runtime_init_thread_env()) {
        guest_fault_set(&run->fault, GUEST_FAULT_BOARD, "WAMR could not be started.");
        return false;
    }
    return guest_check_bytes(code->module, code->module_bytes, &run->limits, &run->fault) && s_load(wasm, code, run) &&
           s_instantiate(wasm, run);
}

wasm_function_inst_t guest_wasm_export(struct guest_wasm *wasm, const char *name)
{
    return wasm_runtime_lookup_function(wasm->instance, name);
}

bool guest_wasm_call(struct guest_wasm *wasm, struct guest_run *run, wasm_function_inst_t function, uint32_t count,
                     uint32_t *cells)
{
    guest_running = run;
    run->instance = wasm->instance;
    guest_slice_begins(run);
    bool returned = wasm_runtime_call_wasm(wasm->environment, function, count, cells);
    run->instructions_left = NULL;
    if (returned) {
        return true;
    }
    if (run->fault.kind == GUEST_FAULT_NONE && !run->stopped) {
        guest_fault_from_exception(&run->fault, wasm_runtime_get_exception(wasm->instance), run->limits.budget);
    }
    return false;
}

uint32_t guest_wasm_memory_bytes(const struct guest_wasm *wasm)
{
    uint64_t end = 0;
    return wasm->instance != NULL && wasm_runtime_get_app_addr_range(wasm->instance, 0, NULL, &end) ? (uint32_t)end : 0;
}

void guest_wasm_close(struct guest_wasm *wasm)
{
    if (wasm->environment != NULL) {
        wasm_runtime_destroy_exec_env(wasm->environment);
    }
    if (wasm->instance != NULL) {
        wasm_runtime_deinstantiate(wasm->instance);
    }
    if (wasm->module != NULL) {
        wasm_runtime_unload(wasm->module);
    }
    free(wasm->bytes);
    *wasm = (struct guest_wasm){0};
    guest_running = NULL;
    wasm_runtime_destroy_thread_env();
}
