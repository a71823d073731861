/* Slots that hold anything, offers that say anything, and bytes that come at any offset. */
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"
#include "guest_store.h"
#include "media.h"
#include "ram_flash.h"

static struct ram_flash s_slots;
static struct large_values s_values;

static void s_open_anything(struct guest_store *store, const uint8_t *bytes, size_t size)
{
    memcpy(s_slots.bytes[size % GUEST_SLOTS], bytes, size);
    bool rolled_back = false;
    struct guest_record record;
    if (!guest_store_open(store, &s_slots.port, &s_values.port.values, &rolled_back)) {
        return;
    }
    while (guest_store_current(store, &record)) {
        uint8_t *module = malloc(record.offer.size);
        if (module == NULL || !guest_store_load(store, &record, module)) {
            free(module);
            break;
        }
        free(module);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 1 || size > FUZZ_MOST_BYTES) {
        return 0;
    }
    struct power power = {.cut_at = UINT32_MAX};
    struct guest_store store;
    ram_flash_init(&s_slots, &power);
    large_values_init(&s_values);
    if (bytes[0] % 2 == 0) {
        s_open_anything(&store, bytes + 1, size - 1);
        return 0;
    }
    struct guest_offer offer = {0};
    size_t head = sizeof offer < size - 1 ? sizeof offer : size - 1;
    memcpy(&offer, bytes + 1, head);
    offer.name[GUEST_NAME_BYTES] = 0;
    struct guest_trust trust = {.unsigned_allowed = true};
    struct guest_refusal refusal;
    struct guest_record record;
    uint32_t next = 0;
    if (!guest_store_open(&store, &s_slots.port, &s_values.port.values, NULL) ||
        !guest_store_begin(&store, &offer, &trust, &next, &refusal)) {
        return 0;
    }
    const uint8_t *at = bytes + 1 + head;
    const uint8_t *end = bytes + size;
    while (end - at > 3) {
        uint32_t offset = at[0] % 4 == 0 ? (uint32_t)(at[1] << 8 | at[2]) : next;
        size_t count = at[3] < end - at - 4 ? at[3] : (size_t)(end - at - 4);
        guest_store_write(&store, offset, at + 4, count, &next, &refusal);
        at += 4 + count;
    }
    guest_store_finish(&store, &record, &refusal);
    return 0;
}

size_t fuzz_seed(unsigned index, uint8_t bytes[FUZZ_MOST_BYTES])
{
    memset(bytes, 0, FUZZ_MOST_BYTES);
    if (index == 0) {
        memcpy(bytes + 1, "CLG1\x10", 5);
        memcpy(bytes + 1 + 112, "guest", 5);
        return 257;
    }
    if (index == 1) {
        struct guest_offer offer = {.size = 40, .name = "guest"};
        bytes[0] = 1;
        memcpy(bytes + 1, &offer, sizeof offer);
        bytes[1 + sizeof offer] = 1;
        bytes[1 + sizeof offer + 3] = 40;
        return 1 + sizeof offer + 4 + 40;
    }
    return 0;
}
