/* The pump must never flood a field because a guest, or a probe, went wrong. */
#include "guest_abi.gen.h"
#include "outputs.h"
#include "scenario.h"

#define SECOND_US 1000000LL

static bool s_pump;

static void s_set(void *context, int32_t pin, bool high)
{
    (void)context;
    if (pin == ABI_PIN_PUMP) {
        s_pump = high;
    }
}

static void s_off(void *context)
{
    (void)context;
    s_pump = false;
}

static const struct node_board_port s_board = {.set_output = s_set, .all_off = s_off};

int main(void)
{
    struct outputs outputs;
    int64_t next_us;
    outputs_open(&outputs, &s_board, 10);

    scenario("A pump that runs too long is stopped, rests, and may run again");
    outputs_set(&outputs, ABI_PIN_PUMP, true, 0);
    CHECK(s_pump && !outputs_watch(&outputs, 9 * SECOND_US, &next_us) && next_us == 10 * SECOND_US);
    /* That the guest asks again does not begin a new stretch. */
    outputs_set(&outputs, ABI_PIN_PUMP, true, 9 * SECOND_US);
    CHECK(outputs_watch(&outputs, 10 * SECOND_US, &next_us) && !s_pump);
    outputs_set(&outputs, ABI_PIN_PUMP, true, 11 * SECOND_US);
    CHECK(!s_pump && !outputs_watch(&outputs, 20 * SECOND_US, &next_us));
    outputs_set(&outputs, ABI_PIN_PUMP, true, 21 * SECOND_US);
    CHECK(s_pump);

    scenario("Short pauses do not make a new stretch, or a guest that switches off and on would flood the field");
    outputs_all_off(&outputs, 22 * SECOND_US);
    int64_t now_us = 40 * SECOND_US;
    for (; now_us < 50 * SECOND_US; now_us += SECOND_US) {
        outputs_set(&outputs, ABI_PIN_PUMP, false, now_us);
        outputs_set(&outputs, ABI_PIN_PUMP, true, now_us);
        CHECK(s_pump && !outputs_watch(&outputs, now_us, &next_us));
    }
    CHECK(outputs_watch(&outputs, now_us, &next_us) && !s_pump);
    outputs_set(&outputs, ABI_PIN_PUMP, true, 61 * SECOND_US);
    CHECK(!s_pump && !outputs_watch(&outputs, 61 * SECOND_US, &next_us));
    outputs_set(&outputs, ABI_PIN_PUMP, true, 62 * SECOND_US);
    CHECK(s_pump);

    scenario("Without a guest nothing is watered");
    outputs_all_off(&outputs, 63 * SECOND_US);
    CHECK(!s_pump && !outputs_watch(&outputs, 100 * SECOND_US, &next_us) && next_us == INT64_MAX);
    outputs_close(&outputs);
    return scenarios_passed();
}
