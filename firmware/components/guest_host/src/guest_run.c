#include "guest_run.h"

#include <inttypes.h>
#include <stdio.h>

#include "guest_abi.gen.h"
#include "guest_topic.h"

/* The mean of so many samples, so far apart, is one reading: 160 ms. */
#define SAMPLES_PER_READING 16
#define SAMPLE_INTERVAL_MS 10

/* Answers of mqtt_publish, beside 0. */
#define REFUSED_TOPIC (-1)
#define REFUSED_TOO_MANY (-2)

_Thread_local struct guest_run *guest_running;

bool guest_run_is_over(struct guest_run *run)
{
    if (run->fault.kind != GUEST_FAULT_NONE) {
        return true;
    }
    if (atomic_load(&run->stop_asked) || (run->port != NULL && run->port->may_stop(run->port->context))) {
        run->stopped = true;
    }
    return run->stopped;
}

static int64_t s_now_us(const struct guest_run *run)
{
    return run->port == NULL ? 0 : run->port->now_us(run->port->context);
}

void guest_slice_begins(struct guest_run *run)
{
    run->slice_publishes = 0;
    run->slice_began_us = s_now_us(run);
    if (run->instructions_left != NULL) {
        *run->instructions_left = run->limits.budget;
    }
}

static void s_slice_ends(struct guest_run *run)
{
    run->step_us += s_now_us(run) - run->slice_began_us;
    if (run->instructions_left != NULL) {
        run->step_instructions += (uint32_t)(run->limits.budget - *run->instructions_left);
    }
}

static void s_step_ends(struct guest_run *run)
{
    if (run->in_step) {
        run->steps++;
        run->last_step_us = (uint32_t)run->step_us;
        run->last_step_instructions = run->step_instructions;
        if (run->stepped != NULL) {
            run->stepped(run);
        }
    }
    run->in_step = true;
    run->step_us = 0;
    run->step_instructions = 0;
}

/* False for a guest that may not pause now. */
static bool s_may_pause(struct guest_run *run)
{
    if (run->in_start_function) {
        guest_fault_set(&run->fault, GUEST_FAULT_REFUSED,
                        "It pauses while it is being started (its start function calls delay_ms or read_sensor); only "
                        "`main` may.");
        return false;
    }
    /* WAMR was built without the hook, so nothing would ever end an endless loop. */
    if (run->instance != NULL && run->instructions_left == NULL) {
        guest_fault_set(&run->fault, GUEST_FAULT_BOARD,
                        "This firmware was built without the counter of instructions, so it runs no guests.");
        return false;
    }
    return true;
}

/* In pieces, so that a stop is noticed; to a moment, so that the pieces do not add up to more. */
static void s_sleep_until(struct guest_run *run, int64_t end_us)
{
    const struct guest_port *port = run->port;
    for (;;) {
        int64_t rest_us = end_us - port->now_us(port->context);
        if (rest_us <= 0 || guest_run_is_over(run)) {
            return;
        }
        int64_t rest_ms = (rest_us + 999) / 1000;
        port->sleep_ms(port->context, rest_ms > GUEST_SLEEP_MAX_MS ? GUEST_SLEEP_MAX_MS : (uint32_t)rest_ms);
    }
}

int32_t guest_call_read_sensor(struct guest_run *run, int32_t kind)
{
    /* An unknown sensor costs no time, so it is no pause. */
    if (run->port == NULL || kind != ABI_SENSOR_SOIL_MOISTURE || !s_may_pause(run)) {
        return -1;
    }
    s_slice_ends(run);
    s_step_ends(run);
    int32_t sum = 0;
    bool missing = false;
    int64_t at_us = s_now_us(run);
    for (int sample = 0; sample < SAMPLES_PER_READING && !guest_run_is_over(run); sample++) {
        int32_t value = run->port->read_adc(run->port->context);
        missing = missing || value < 0;
        sum += value;
        at_us += SAMPLE_INTERVAL_MS * 1000;
        s_sleep_until(run, at_us);
    }
    guest_slice_begins(run);
    return missing ? -1 : (sum + SAMPLES_PER_READING / 2) / SAMPLES_PER_READING;
}

void guest_call_delay_ms(struct guest_run *run, int32_t ms)
{
    if (run->port == NULL || !s_may_pause(run)) {
        return;
    }
    s_slice_ends(run);
    /* The least that a board can sleep is a tick. */
    s_sleep_until(run, s_now_us(run) + (int64_t)(ms > 1 ? ms : 1) * 1000);
    guest_slice_begins(run);
}

static void s_complain(const struct guest_run *run, const char *text)
{
    run->port->log(run->port->context, GUEST_VOICE_COMPLAINT, text);
}

static bool s_is_pin(int32_t pin)
{
    return pin == ABI_PIN_RED || pin == ABI_PIN_GREEN || pin == ABI_PIN_BLUE || pin == ABI_PIN_PUMP;
}

void guest_call_set_output(struct guest_run *run, int32_t pin, int32_t level)
{
    if (run->port == NULL) {
        return;
    }
    if (s_is_pin(pin)) {
        run->port->set_pin(run->port->context, pin, level != 0);
        return;
    }
    run->refused_outputs++;
    char text[96];
    snprintf(text, sizeof text, "set_output: pin %" PRId32 " is not one a guest may drive (18, 19, 21, 23).", pin);
    s_complain(run, text);
}

void guest_call_log(struct guest_run *run, const char *text)
{
    if (run->port != NULL) {
        run->port->log(run->port->context, GUEST_VOICE_OUT, text);
    }
}

void guest_call_log_int(struct guest_run *run, int32_t value)
{
    char text[12];
    snprintf(text, sizeof text, "%" PRId32, value);
    guest_call_log(run, text);
}

int32_t guest_call_publish(struct guest_run *run, const char *topic, const char *payload)
{
    if (run->port == NULL) {
        return REFUSED_TOPIC;
    }
    uint32_t most = run->limits.publishes_per_slice;
    uint32_t count = ++run->slice_publishes;
    if (count > most) {
        run->refused_publishes++;
        if (count == most + 1) {
            char text[128];
            snprintf(text, sizeof text,
                     "mqtt_publish: more than %" PRIu32 " messages without a pause; the rest is refused.", most);
            s_complain(run, text);
        }
        return REFUSED_TOO_MANY;
    }
    char resolved[GUEST_TOPIC_BUFFER_BYTES];
    /* The longest sentence quotes the topic and the node's own prefix. */
    char text[480] = "mqtt_publish refused: ";
    size_t prefix = sizeof "mqtt_publish refused: " - 1;
    if (!guest_topic_resolve(run->root, run->node, topic, resolved, text + prefix, sizeof text - prefix)) {
        run->refused_publishes++;
        s_complain(run, text);
        return REFUSED_TOPIC;
    }
    return run->port->publish(run->port->context, resolved, payload);
}

int32_t guest_call_get_config(struct guest_run *run, int32_t key)
{
    return run->port == NULL ? 0 : run->port->config(run->port->context, key);
}
