/* A guest ends when it is told to, wherever it is, and leaves nothing behind. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "guest_abi.gen.h"
#include "read_file.h"
#include "real_clock.h"
#include "scenario.h"
#include "scripted_board.h"

/* A machine under load is slow; an endless loop is slower. */
#define SOON_US 5000000

static struct guest_limits s_limits;
static const struct guest_place s_place = {"ic", "esp32-7"};
static atomic_int s_sleeps;
static atomic_int s_ends;
static atomic_bool s_may_stop;

static void s_sleep(void *context, uint32_t ms)
{
    atomic_fetch_add(&s_sleeps, 1);
    real_sleep_ms(context, ms);
}

static int32_t s_read_adc(void *context)
{
    (void)context;
    return 1500;
}

static void s_set_pin(void *context, int32_t pin, bool high)
{
    (void)context;
    (void)pin;
    (void)high;
}

static void s_log(void *context, enum guest_voice voice, const char *text)
{
    (void)context;
    (void)voice;
    (void)text;
}

static int32_t s_publish(void *context, const char *topic, const char *payload)
{
    (void)context;
    (void)topic;
    (void)payload;
    return 0;
}

static int32_t s_config(void *context, int32_t key)
{
    (void)context;
    return key == ABI_CONFIG_PERIOD_MS ? 600000 : 1500;
}

static bool s_asks_to_stop(void *context)
{
    (void)context;
    return atomic_load(&s_may_stop);
}

static const struct guest_port s_port = {
    .now_us = real_now_us,
    .sleep_ms = s_sleep,
    .read_adc = s_read_adc,
    .set_pin = s_set_pin,
    .log = s_log,
    .publish = s_publish,
    .config = s_config,
    .may_stop = s_asks_to_stop,
};

static void s_ended(void *context, const struct guest_report *report)
{
    *(struct guest_report *)context = *report;
    atomic_fetch_add(&s_ends, 1);
}

static struct guest_code s_module(const char *path)
{
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    return (struct guest_code){bytes, size};
}

static void s_wait_for_sleeps(int count)
{
    int64_t until = real_now_us(NULL) + SOON_US;
    while (atomic_load(&s_sleeps) < count && real_now_us(NULL) < until) {
        real_sleep_ms(NULL, 5);
    }
    CHECK(atomic_load(&s_sleeps) >= count);
}

/* Starts it, waits until it sleeps for ten minutes, and closes it. */
static void s_stop_asleep(const struct guest_code *code, bool by_port)
{
    struct guest_report report = {0};
    const struct guest_watch watch = {.context = &report, .ended = s_ended};
    struct guest *guest = NULL;
    struct guest_fault fault;
    atomic_store(&s_sleeps, 0);
    atomic_store(&s_ends, 0);
    atomic_store(&s_may_stop, false);
    CHECK(guest_start(&guest, code, &s_place, &s_limits, &s_port, &watch, &fault));
    s_wait_for_sleeps(16 + 2);
    struct guest_report look;
    guest_look(guest, &look);
    CHECK(look.state == GUEST_RUNNING);
    CHECK(look.native == (code->module == NULL));
    int64_t began = real_now_us(NULL);
    if (by_port) {
        atomic_store(&s_may_stop, true);
        while (atomic_load(&s_ends) == 0 && real_now_us(NULL) < began + SOON_US) {
            real_sleep_ms(NULL, 5);
        }
        CHECK(atomic_load(&s_ends) == 1);
    }
    guest_close(guest);
    CHECK(real_now_us(NULL) - began < SOON_US);
    CHECK(atomic_load(&s_ends) == 1);
    CHECK(report.state == GUEST_STOPPED);
    CHECK(report.memory_bytes == 0);
}

/* Time that passes at once, so that a hostile guest comes to its loop. */
static void s_stop_in_endless_loop(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/endless-loop.wasm", GUEST_WASM_DIR);
    struct guest_code code = s_module(path);
    struct scripted_board board;
    scripted_board_steady(&board, 1500, 10, NULL);
    struct guest_report report = {0};
    const struct guest_watch watch = {.context = &report, .ended = s_ended};
    struct guest *guest = NULL;
    struct guest_fault fault;
    CHECK(guest_start(&guest, &code, &s_place, &s_limits, &board.port, &watch, &fault));
    int64_t began = real_now_us(NULL);
    guest_close(guest);
    CHECK(real_now_us(NULL) - began < SOON_US);
    CHECK(report.state == GUEST_STOPPED || report.fault.kind == GUEST_FAULT_BUDGET);
    free((void *)code.module);
}

static void s_returns(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/returns.wasm", GUEST_WASM_DIR);
    struct guest_code code = s_module(path);
    struct scripted_board board;
    scripted_board_steady(&board, 1500, 1, NULL);
    struct guest_report report;
    CHECK(scripted_board_run(&board, &code, &s_limits, &report));
    CHECK(report.state == GUEST_RETURNED);
    free((void *)code.module);
}

int main(void)
{
    s_limits = guest_limits_default();
    CHECK(guest_host_init());
    CHECK(guest_host_init());
    struct guest_code module = s_module("web/guest/modules/irrigation-c.wasm");
    const struct guest_code native = {NULL, 0};

    scenario("A guest that sleeps for ten minutes ends soon after it was told to.");
    s_stop_asleep(&module, false);
    s_stop_asleep(&module, true);

    scenario("So does the guest that is compiled in.");
    s_stop_asleep(&native, false);
    s_stop_asleep(&native, true);

    scenario("A guest in an endless loop cannot keep the board from stopping it.");
    s_stop_in_endless_loop();

    scenario("A loop that comes back is over, and that is no fault.");
    s_returns();

    scenario("Guests can be started and stopped for ever.");
    for (int round = 0; round < 30; round++) {
        struct guest *guest = NULL;
        struct guest_fault fault;
        atomic_store(&s_may_stop, false);
        CHECK(guest_start(&guest, round % 2 == 0 ? &module : &native, &s_place, &s_limits, &s_port, NULL, &fault));
        guest_close(guest);
    }
    guest_close(NULL);

    scenario("A place that is too long for a topic is refused.");
    struct guest *guest = NULL;
    struct guest_fault fault;
    const struct guest_place place = {"ic", "n01234567890123456789012345678901"};
    CHECK(!guest_start(&guest, &module, &place, &s_limits, &s_port, NULL, &fault));
    CHECK(fault.kind == GUEST_FAULT_BOARD && guest == NULL);
    free((void *)module.module);
    return scenarios_passed();
}
