/*
 * The power goes at every single write and erase, after none, some or all of its bytes: the board has a guest that is
 * whole afterwards, the old or the new one, and can be sent the new one again.
 */
#include <stdio.h>

#include "offered_module.h"
#include "ram_flash.h"
#include "ram_values.h"
#include "scenario.h"

static struct power s_power;
static struct ram_flash s_flash;
static struct ram_values s_values;
static struct guest_store s_store;
static struct guest_trust s_trust = {.unsigned_allowed = true};
static struct offered_module s_oldest;
static struct offered_module s_old;
static struct offered_module s_new;

static const uint32_t s_done_256ths[] = {0, 1, 100, 255, 256};

static bool s_open(void)
{
    return guest_store_open(&s_store, &s_flash.port, &s_values.port, NULL);
}

static bool s_send(const struct offered_module *module)
{
    struct guest_record record;
    struct guest_refusal refusal;
    return offered_module_send(module, &s_store, &s_trust, 700, &record, &refusal);
}

/* Both slots hold a guest that was accepted. */
static void s_prepare(void)
{
    s_power = (struct power){.cut_at = UINT32_MAX};
    ram_flash_init(&s_flash, &s_power);
    ram_values_init(&s_values, &s_power);
    CHECK(s_open());
    CHECK(s_send(&s_oldest) && guest_store_accept(&s_store));
    CHECK(s_send(&s_old) && guest_store_accept(&s_store));
    s_power.operations = 0;
}

static void s_power_returns(void)
{
    s_power.gone = false;
    s_power.cut_at = UINT32_MAX;
    CHECK(s_open());
}

/* The module that would run, whole. */
static const struct offered_module *s_current(struct guest_record *record)
{
    static uint8_t bytes[RAM_FLASH_SLOT_BYTES];
    CHECK(guest_store_current(&s_store, record));
    CHECK(guest_store_load(&s_store, record, bytes));
    static const struct offered_module *const known[] = {&s_oldest, &s_old, &s_new};
    for (int index = 0; index < 3; index++) {
        if (memcmp(known[index]->offer.sha256, record->offer.sha256, GUEST_SHA256_BYTES) == 0) {
            CHECK(memcmp(known[index]->bytes, bytes, record->offer.size) == 0);
            return known[index];
        }
    }
    return NULL;
}

static void s_update(void)
{
    if (s_send(&s_new) && guest_store_trial_starts(&s_store)) {
        guest_store_accept(&s_store);
    }
}

static void s_fail_update(void)
{
    if (s_send(&s_new) && guest_store_trial_starts(&s_store)) {
        guest_store_reject(&s_store);
    }
}

/* Sends the new guest once more, as a page would. */
static void s_expect_update_possible(void)
{
    struct guest_record record;
    CHECK(s_send(&s_new) && guest_store_accept(&s_store));
    CHECK(s_current(&record) == &s_new && !record.on_trial);
    CHECK(s_open());
    CHECK(s_current(&record) == &s_new && !record.on_trial);
    CHECK(!s_flash.misused);
}

/* Returns whether the power went before `work` was through. */
static bool s_cut_during(void (*work)(void), uint32_t at, uint32_t done)
{
    s_power.operations = 0;
    s_power.cut_at = at;
    s_power.done_256ths = done;
    work();
    return s_power.gone;
}

static uint32_t s_cut_everywhere(void (*work)(void), bool new_may_stay)
{
    uint32_t cuts = 0;
    for (size_t part = 0; part < sizeof s_done_256ths / sizeof s_done_256ths[0]; part++) {
        for (uint32_t at = 0;; at++) {
            uint32_t done = s_done_256ths[part];
            scenario_detail("the power going at operation %u, after %u/256 of it", at, done);
            s_prepare();
            if (!s_cut_during(work, at, done)) {
                break;
            }
            cuts++;
            s_power_returns();
            struct guest_record record;
            const struct offered_module *current = s_current(&record);
            CHECK(current == &s_old || current == &s_new);
            CHECK(current == &s_old ? !record.on_trial : new_may_stay || record.on_trial);
            s_expect_update_possible();
        }
    }
    return cuts;
}

/* A second cut while the board recovers from the first. */
static uint32_t s_cut_twice(void)
{
    uint32_t cuts = 0;
    for (uint32_t first = 0;; first++) {
        for (uint32_t second = 0;; second++) {
            scenario_detail("the power going at operations %u and %u", first, second);
            s_prepare();
            if (!s_cut_during(s_update, first, 100)) {
                return cuts;
            }
            s_power_returns();
            if (!s_cut_during(s_update, second, 200)) {
                break;
            }
            cuts++;
            s_power_returns();
            struct guest_record record;
            const struct offered_module *current = s_current(&record);
            CHECK(current == &s_old || current == &s_new);
            s_expect_update_possible();
        }
    }
}

/* The first guest of a board has none to fall back to, so there is none or a whole one. */
static void s_first_update(void)
{
    if (s_send(&s_new)) {
        guest_store_accept(&s_store);
    }
}

int main(void)
{
    s_power = (struct power){.cut_at = UINT32_MAX};
    ram_flash_init(&s_flash, &s_power);
    ram_values_init(&s_values, &s_power);
    CHECK(s_open());
    offered_module_make(&s_oldest, "oldest.wasm", 8191, 1, NULL);
    offered_module_make(&s_old, "old.wasm", 9000, 2, NULL);
    offered_module_make(&s_new, "new.wasm", 4096 * 2, 3, NULL);

    scenario("The power goes during an update that is accepted.");
    uint32_t cuts = s_cut_everywhere(s_update, true);
    CHECK(cuts > 100);

    scenario("The power goes during an update that is rolled back: a guest that failed never counts as accepted.");
    cuts += s_cut_everywhere(s_fail_update, false);

    scenario("The power goes again while the update is repeated.");
    cuts += s_cut_twice();

    scenario("The power goes while a new board gets its first guest.");
    for (uint32_t at = 0;; at++) {
        scenario_detail("the power going at operation %u", at);
        s_power = (struct power){.cut_at = UINT32_MAX};
        ram_flash_init(&s_flash, &s_power);
        ram_values_init(&s_values, &s_power);
        CHECK(s_open());
        if (!s_cut_during(s_first_update, at, 128)) {
            break;
        }
        cuts++;
        s_power_returns();
        struct guest_record record;
        CHECK(!guest_store_current(&s_store, &record) || s_current(&record) == &s_new);
        s_expect_update_possible();
    }
    printf("%u power cuts\n", cuts);
    return scenarios_passed();
}
