/*
 * The guests that a board keeps: two slots in flash as firmware/SERIAL.md lays them out. A module arrives in pieces, is
 * verified (SHA-256, and Ed25519 as in web/protocol/guest-offer.ts), gets its header last, and runs on trial; a guest
 * that fails its trial gives way to the one before it. Whenever the power goes, the board has a valid guest afterwards
 * if it had one before.
 *
 * Not safe for several threads at once: the caller holds one lock around it.
 */
#ifndef GUEST_STORE_H
#define GUEST_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest_store_port.h"

#define GUEST_NAME_BYTES 64
#define GUEST_SHA256_BYTES 32
#define GUEST_KEY_ID_BYTES 8
#define GUEST_SIGNATURE_BYTES 64
#define GUEST_PUBLIC_KEY_BYTES 32
#define GUEST_MODULE_OFFSET 0x1000

/* Starts of a guest on trial after which it is given up, should the board die with it each time. */
#define GUEST_TRIAL_STARTS_MAX 3

struct guest_offer {
    uint32_t size;
    uint8_t sha256[GUEST_SHA256_BYTES];
    /* Key id and signature are all zero for a module that nobody signed. */
    uint8_t key_id[GUEST_KEY_ID_BYTES];
    uint8_t signature[GUEST_SIGNATURE_BYTES];
    char name[GUEST_NAME_BYTES + 1];
};

/* Whom the board trusts. */
struct guest_trust {
    const uint8_t (*public_keys)[GUEST_PUBLIC_KEY_BYTES];
    size_t count;
    /* True for a module that came by cable while no keys are set. */
    bool unsigned_allowed;
};

struct guest_record {
    uint32_t slot;
    uint32_t sequence;
    bool on_trial;
    struct guest_offer offer;
};

/* A sentence for people. */
struct guest_refusal {
    char reason[200];
};

struct guest_store {
    const struct guest_flash *flash;
    const struct guest_values *values;
    /* What the slots hold; `held` is false for one without a valid header. */
    struct {
        bool held;
        struct guest_record record;
    } slots[GUEST_SLOTS];
    /* Slot + 1 of the guest on trial; 0 without one. */
    uint32_t trial;
    /* What is arriving. */
    struct {
        bool open;
        uint32_t slot;
        uint32_t next;
        struct guest_offer offer;
    } incoming;
};

/* The first 8 bytes of the SHA-256 of a public key. */
void guest_key_id(const uint8_t public_key[GUEST_PUBLIC_KEY_BYTES], uint8_t id[GUEST_KEY_ID_BYTES]);

/*
 * Looks at both slots. A guest on trial that was started GUEST_TRIAL_STARTS_MAX times without an end to its trial is
 * given up here; `rolled_back` (may be NULL) says so. False when crypto or flash fail.
 */
bool guest_store_open(struct guest_store *store, const struct guest_flash *flash, const struct guest_values *values,
                      bool *rolled_back);

/* What is to run: the guest on trial, else the newest. False when there is none. */
bool guest_store_current(const struct guest_store *store, struct guest_record *record);

/*
 * The module of a record, whole, into `module` of at least record->offer.size bytes. False when the flash does not give
 * the bytes that were verified; the slot is then not held any more, so ask guest_store_current again.
 */
bool guest_store_load(struct guest_store *store, const struct guest_record *record, uint8_t *module);

/*
 * Begins, or continues what was begun with the same SHA-256, also before a reboot. `next` is the offset wanted next.
 * Refuses what is not trusted before a byte is stored, and while another guest is on trial.
 */
bool guest_store_begin(struct guest_store *store, const struct guest_offer *offer, const struct guest_trust *trust,
                       uint32_t *next, struct guest_refusal *refusal);

/*
 * Bytes at another offset than the wanted one are not stored, which is no refusal: `next` tells. A refusal (no offer
 * was begun, too many bytes, flash failed) ends the offer, except where none was begun.
 */
bool guest_store_write(struct guest_store *store, uint32_t offset, const void *bytes, size_t count, uint32_t *next,
                       struct guest_refusal *refusal);

/*
 * Verifies the digest of what lies in flash and writes the header: the module is now the current one, on trial. A
 * refused module is dropped, an incomplete one may go on. The same module as the current one changes nothing.
 */
bool guest_store_finish(struct guest_store *store, struct guest_record *record, struct guest_refusal *refusal);

/* Forgets what is arriving. */
void guest_store_abandon(struct guest_store *store);

/* To be called right before the guest on trial is started. */
bool guest_store_trial_starts(struct guest_store *store);

/* The trial is over: the guest stays. */
bool guest_store_accept(struct guest_store *store);

/* The trial is over: the guest before it is the current one again, if there is one. */
bool guest_store_reject(struct guest_store *store);

#endif
