#include "guest_store.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "guest_header.h"
#include "guest_signature.h"
#include "protocol_payloads.h"

static const char s_trial_key[] = "guest_trial";
static const char s_incoming_key[] = "guest_incoming";

/* As stored; both are written whole or not at all. */
struct trial_value {
    uint8_t slot_and_one;
    uint8_t starts;
};

struct incoming_value {
    uint8_t sha256[GUEST_SHA256_BYTES];
    uint32_t slot;
    /* Whole sectors that have arrived, in bytes. */
    uint32_t arrived;
};

/* ---- Looking ---- */

static void s_look_at(struct guest_store *store, uint32_t slot)
{
    uint8_t bytes[GUEST_HEADER_BYTES];
    struct guest_record *record = &store->slots[slot].record;
    *record = (struct guest_record){.slot = slot};
    store->slots[slot].held = store->flash->read(store->flash->context, slot, 0, bytes, sizeof bytes) &&
                              guest_header_read(bytes, store->flash->slot_bytes, &record->offer, &record->sequence);
}

/* The digest of the first `size` bytes of a slot's module; `copy` (may be NULL) gets them. */
static bool s_digest(const struct guest_store *store, uint32_t slot, uint32_t size, uint8_t *copy,
                     uint8_t digest[GUEST_SHA256_BYTES])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    uint8_t bytes[256];
    for (uint32_t at = 0; at < size; at += sizeof bytes) {
        size_t count = size - at < sizeof bytes ? size - at : sizeof bytes;
        if (!store->flash->read(store->flash->context, slot, GUEST_MODULE_OFFSET + at, bytes, count)) {
            return false;
        }
        crypto_hash_sha256_update(&state, bytes, count);
        if (copy != NULL) {
            memcpy(copy + at, bytes, count);
        }
    }
    crypto_hash_sha256_final(&state, digest);
    return true;
}

bool guest_store_current(const struct guest_store *store, struct guest_record *record)
{
    int best = -1;
    for (uint32_t slot = 0; slot < GUEST_SLOTS; slot++) {
        if (!store->slots[slot].held) {
            continue;
        }
        if (store->trial == slot + 1) {
            best = (int)slot;
            break;
        }
        if (best < 0 || store->slots[slot].record.sequence > store->slots[best].record.sequence) {
            best = (int)slot;
        }
    }
    if (best < 0) {
        return false;
    }
    *record = store->slots[best].record;
    record->on_trial = store->trial == (uint32_t)best + 1;
    return true;
}

bool guest_store_open(struct guest_store *store, const struct guest_flash *flash, const struct guest_values *values,
                      bool *rolled_back)
{
    *store = (struct guest_store){.flash = flash, .values = values};
    if (rolled_back != NULL) {
        *rolled_back = false;
    }
    if (sodium_init() < 0) {
        return false;
    }
    for (uint32_t slot = 0; slot < GUEST_SLOTS; slot++) {
        s_look_at(store, slot);
    }
    struct trial_value trial = {0};
    if (values->read(values->context, s_trial_key, &trial, sizeof trial) != sizeof trial) {
        return true;
    }
    bool stands = trial.slot_and_one >= 1 && trial.slot_and_one <= GUEST_SLOTS && store->slots[trial.slot_and_one - 1].held;
    if (!stands) {
        /* The power went before the header was written, or after it was erased. */
        return values->erase(values->context, s_trial_key);
    }
    store->trial = trial.slot_and_one;
    if (trial.starts < GUEST_TRIAL_STARTS_MAX) {
        return true;
    }
    if (rolled_back != NULL) {
        *rolled_back = true;
    }
    return guest_store_reject(store);
}

bool guest_store_load(struct guest_store *store, const struct guest_record *record, uint8_t *module)
{
    uint8_t digest[GUEST_SHA256_BYTES];
    bool good = s_digest(store, record->slot, record->offer.size, module, digest) &&
                memcmp(digest, record->offer.sha256, sizeof digest) == 0;
    store->slots[record->slot].held = store->slots[record->slot].held && good;
    return good;
}

/* ---- Arriving ---- */

void guest_store_abandon(struct guest_store *store)
{
    if (store->incoming.open) {
        store->incoming.open = false;
        store->values->erase(store->values->context, s_incoming_key);
    }
}

static bool s_give_up(struct guest_store *store, struct guest_refusal *refusal, const char *reason)
{
    guest_store_abandon(store);
    return guest_store_refuse(refusal, "%s", reason);
}

static bool s_note_arrived(const struct guest_store *store)
{
    struct incoming_value value = {.slot = store->incoming.slot};
    memcpy(value.sha256, store->incoming.offer.sha256, sizeof value.sha256);
    value.arrived = store->incoming.next - store->incoming.next % store->flash->sector_bytes;
    return store->values->write(store->values->context, s_incoming_key, &value, sizeof value);
}

/* How much of this module lies in the slot from before a reboot. */
static uint32_t s_arrived_before(const struct guest_store *store, const struct guest_offer *offer, uint32_t slot)
{
    struct incoming_value value;
    bool same = !store->slots[slot].held &&
                store->values->read(store->values->context, s_incoming_key, &value, sizeof value) == sizeof value &&
                value.slot == slot && memcmp(value.sha256, offer->sha256, sizeof value.sha256) == 0 &&
                value.arrived <= offer->size && value.arrived % store->flash->sector_bytes == 0;
    return same ? value.arrived : 0;
}

static bool s_check_offer(const struct guest_store *store, const struct guest_offer *offer,
                          const struct guest_trust *trust, struct guest_refusal *refusal)
{
    uint32_t room = store->flash->slot_bytes - GUEST_MODULE_OFFSET;
    if (!protocol_check_guest_name(offer->name)) {
        return guest_store_refuse(refusal, "The name of a module has 1 to 64 characters and no control characters.");
    }
    if (offer->size == 0 || offer->size > room) {
        return guest_store_refuse(refusal, "The module has %" PRIu32 " bytes; a slot of this board holds 1 to %" PRIu32 ".",
                                  offer->size, room);
    }
    return guest_signature_trusted(offer, trust, refusal);
}

static bool s_same_module(const struct guest_offer *one, const struct guest_offer *other)
{
    return one->size == other->size && memcmp(one->sha256, other->sha256, sizeof one->sha256) == 0;
}

bool guest_store_begin(struct guest_store *store, const struct guest_offer *offer, const struct guest_trust *trust,
                       uint32_t *next, struct guest_refusal *refusal)
{
    *next = 0;
    if (!s_check_offer(store, offer, trust, refusal)) {
        return false;
    }
    struct guest_record current;
    bool has_current = guest_store_current(store, &current);
    if (has_current && s_same_module(offer, &current.offer)) {
        guest_store_abandon(store);
        store->incoming.open = true;
        store->incoming.slot = current.slot;
        store->incoming.next = offer->size;
        store->incoming.offer = *offer;
        *next = offer->size;
        return true;
    }
    if (has_current && current.on_trial) {
        return guest_store_refuse(refusal, "The guest %s is on trial; wait until it is accepted or rolled back.",
                                  current.offer.name);
    }
    uint32_t slot = has_current ? 1 - current.slot : 0;
    if (!store->incoming.open || !s_same_module(offer, &store->incoming.offer)) {
        uint32_t arrived = s_arrived_before(store, offer, slot);
        store->incoming.open = true;
        store->incoming.slot = slot;
        store->incoming.next = arrived;
    }
    /* Of the same module, the last name and signature count. */
    store->incoming.offer = *offer;
    if (store->incoming.next == 0) {
        /* Without its header the slot is none, so its module may be overwritten. */
        store->slots[slot].held = false;
        if (!store->flash->erase(store->flash->context, slot, 0, GUEST_MODULE_OFFSET) || !s_note_arrived(store)) {
            return s_give_up(store, refusal, "The flash for guests could not be erased.");
        }
    }
    *next = store->incoming.next;
    return true;
}

bool guest_store_write(struct guest_store *store, uint32_t offset, const void *bytes, size_t count, uint32_t *next,
                       struct guest_refusal *refusal)
{
    *next = store->incoming.open ? store->incoming.next : 0;
    if (!store->incoming.open) {
        return guest_store_refuse(refusal, "No module was offered, so there is nothing its bytes belong to.");
    }
    if (offset != store->incoming.next) {
        return true;
    }
    if (count > store->incoming.offer.size - offset) {
        return s_give_up(store, refusal, "More bytes came than the module was said to have.");
    }
    const struct guest_flash *flash = store->flash;
    const uint8_t *from = bytes;
    while (count > 0) {
        uint32_t at = store->incoming.next;
        uint32_t in_sector = at % flash->sector_bytes;
        size_t piece = flash->sector_bytes - in_sector;
        piece = count < piece ? count : piece;
        bool stored = (in_sector > 0 || flash->erase(flash->context, store->incoming.slot, GUEST_MODULE_OFFSET + at,
                                                     flash->sector_bytes)) &&
                      flash->write(flash->context, store->incoming.slot, GUEST_MODULE_OFFSET + at, from, piece);
        if (!stored) {
            return s_give_up(store, refusal, "The flash for guests could not be written.");
        }
        store->incoming.next += (uint32_t)piece;
        from += piece;
        count -= piece;
        if (store->incoming.next % flash->sector_bytes == 0 && !s_note_arrived(store)) {
            return s_give_up(store, refusal, "How much of the module has arrived could not be noted.");
        }
    }
    *next = store->incoming.next;
    return true;
}

/* ---- Trial ---- */

static bool s_write_trial(const struct guest_store *store, uint32_t slot, uint8_t starts)
{
    const struct trial_value trial = {(uint8_t)(slot + 1), starts};
    return store->values->write(store->values->context, s_trial_key, &trial, sizeof trial);
}

static bool s_write_header(struct guest_store *store, uint32_t slot)
{
    uint32_t sequence = 0;
    for (uint32_t other = 0; other < GUEST_SLOTS; other++) {
        if (store->slots[other].held && store->slots[other].record.sequence >= sequence) {
            sequence = store->slots[other].record.sequence + 1;
        }
    }
    uint8_t header[GUEST_HEADER_BYTES];
    guest_header_write(&store->incoming.offer, sequence, header);
    if (!store->flash->write(store->flash->context, slot, 0, header, sizeof header)) {
        return false;
    }
    s_look_at(store, slot);
    return store->slots[slot].held;
}

bool guest_store_finish(struct guest_store *store, struct guest_record *record, struct guest_refusal *refusal)
{
    if (!store->incoming.open) {
        return guest_store_refuse(refusal, "No module was offered, so there is none to finish.");
    }
    const struct guest_offer *offer = &store->incoming.offer;
    uint32_t slot = store->incoming.slot;
    if (store->incoming.next < offer->size) {
        return guest_store_refuse(refusal, "Only %" PRIu32 " of the module's %" PRIu32 " bytes have arrived.",
                                  store->incoming.next, offer->size);
    }
    if (guest_store_current(store, record) && s_same_module(offer, &record->offer)) {
        return true;
    }
    uint8_t digest[GUEST_SHA256_BYTES];
    if (!s_digest(store, slot, offer->size, NULL, digest)) {
        return s_give_up(store, refusal, "The flash for guests could not be read.");
    }
    if (memcmp(digest, offer->sha256, sizeof digest) != 0) {
        return s_give_up(store, refusal, "The module that arrived is not the one that was signed: its SHA-256 differs.");
    }
    /* First the trial, then the header: a module must not be taken for one that has passed its trial. */
    if (!s_write_trial(store, slot, 0) || !s_write_header(store, slot)) {
        return s_give_up(store, refusal, "The module's header could not be written.");
    }
    store->trial = slot + 1;
    store->values->erase(store->values->context, s_incoming_key);
    return guest_store_current(store, record);
}

bool guest_store_trial_starts(struct guest_store *store)
{
    struct trial_value trial = {0};
    if (store->trial == 0) {
        return true;
    }
    bool known = store->values->read(store->values->context, s_trial_key, &trial, sizeof trial) == sizeof trial;
    uint8_t starts = known && trial.starts < UINT8_MAX ? trial.starts : 0;
    return s_write_trial(store, store->trial - 1, (uint8_t)(starts + 1));
}

bool guest_store_accept(struct guest_store *store)
{
    if (store->trial == 0) {
        return true;
    }
    if (!store->values->erase(store->values->context, s_trial_key)) {
        return false;
    }
    store->trial = 0;
    return true;
}

bool guest_store_reject(struct guest_store *store)
{
    if (store->trial == 0) {
        return true;
    }
    uint32_t slot = store->trial - 1;
    /* Also where flash does not take it: a guest that cannot be given up would be tried again without end. */
    store->slots[slot].held = false;
    store->trial = 0;
    store->incoming.open = false;
    if (!store->flash->erase(store->flash->context, slot, 0, GUEST_MODULE_OFFSET)) {
        return false;
    }
    return store->values->erase(store->values->context, s_trial_key);
}
