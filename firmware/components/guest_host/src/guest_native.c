#include "guest_native.h"

/* What guest-c defines and what it calls, under the names that it is compiled with here. */
int32_t guest_native_main(void);
int32_t guest_native_read_sensor(int32_t kind);
void guest_native_set_output(int32_t pin, int32_t level);
void guest_native_delay_ms(int32_t ms);
void guest_native_wasm_log(const char *text);
void guest_native_log_int(int32_t value);
int32_t guest_native_mqtt_publish(const char *topic, const char *payload);

void guest_native_loop(struct guest_run *run)
{
    guest_running = run;
    /* guest-c holds nothing that would have to be given back. */
    if (setjmp(run->native_end) == 0) {
        guest_slice_begins(run);
        guest_native_main();
    }
    guest_running = NULL;
}

static void s_leave_if_over(struct guest_run *run)
{
    if (guest_run_is_over(run)) {
        longjmp(run->native_end, 1);
    }
}

int32_t guest_native_read_sensor(int32_t kind)
{
    struct guest_run *run = guest_running;
    int32_t value = guest_call_read_sensor(run, kind);
    s_leave_if_over(run);
    return value;
}

void guest_native_set_output(int32_t pin, int32_t level)
{
    guest_call_set_output(guest_running, pin, level);
    s_leave_if_over(guest_running);
}

void guest_native_delay_ms(int32_t ms)
{
    guest_call_delay_ms(guest_running, ms);
    s_leave_if_over(guest_running);
}

void guest_native_wasm_log(const char *text)
{
    guest_call_log(guest_running, text);
    s_leave_if_over(guest_running);
}

void guest_native_log_int(int32_t value)
{
    guest_call_log_int(guest_running, value);
    s_leave_if_over(guest_running);
}

int32_t guest_native_mqtt_publish(const char *topic, const char *payload)
{
    int32_t status = guest_call_publish(guest_running, topic, payload);
    s_leave_if_over(guest_running);
    return status;
}

int32_t guest_native_get_config(int32_t key)
{
    int32_t value = guest_call_get_config(guest_running, key);
    s_leave_if_over(guest_running);
    return value;
}
