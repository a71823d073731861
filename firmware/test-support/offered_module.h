/* A module as it is offered to a board, signed or not; its bytes are noise, since a store looks at none of them. */
#ifndef OFFERED_MODULE_H
#define OFFERED_MODULE_H

#include "guest_store.h"

#define OFFERED_MODULE_BYTES_MAX 10000

struct offered_module {
    uint8_t bytes[OFFERED_MODULE_BYTES_MAX];
    struct guest_offer offer;
};

struct signing_key {
    uint8_t public_key[GUEST_PUBLIC_KEY_BYTES];
    uint8_t secret_key[64];
};

/* The same seed gives the same key. */
void signing_key_make(struct signing_key *key, uint8_t seed);

/* `key` NULL: unsigned. The same seed gives the same bytes. */
void offered_module_make(struct offered_module *module, const char *name, uint32_t size, uint32_t seed,
                         const struct signing_key *key);

/* Begins, sends from where the store wants it in pieces of `piece` bytes, and finishes. */
bool offered_module_send(const struct offered_module *module, struct guest_store *store, const struct guest_trust *trust,
                         size_t piece, struct guest_record *record, struct guest_refusal *refusal);

#endif
