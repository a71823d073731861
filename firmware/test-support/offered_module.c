#include "offered_module.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "protocol_text.h"

void signing_key_make(struct signing_key *key, uint8_t seed)
{
    uint8_t bytes[crypto_sign_SEEDBYTES];
    memset(bytes, seed, sizeof bytes);
    crypto_sign_seed_keypair(key->public_key, key->secret_key, bytes);
}

void offered_module_make(struct offered_module *module, const char *name, uint32_t size, uint32_t seed,
                         const struct signing_key *key)
{
    *module = (struct offered_module){.offer.size = size};
    uint32_t state = seed;
    for (uint32_t index = 0; index < size; index++) {
        state = state * 1664525u + 1013904223u;
        module->bytes[index] = (uint8_t)(state >> 24);
    }
    struct guest_offer *offer = &module->offer;
    snprintf(offer->name, sizeof offer->name, "%s", name);
    crypto_hash_sha256(offer->sha256, module->bytes, size);
    if (key == NULL) {
        return;
    }
    char digest[2 * GUEST_SHA256_BYTES + 1];
    char text[160];
    protocol_hex_encode(offer->sha256, GUEST_SHA256_BYTES, digest);
    int length = snprintf(text, sizeof text, "continuum-guest\n%s\n%s", name, digest);
    crypto_sign_detached(offer->signature, NULL, (const uint8_t *)text, (unsigned long long)length, key->secret_key);
    guest_key_id(key->public_key, offer->key_id);
}

bool offered_module_send(const struct offered_module *module, struct guest_store *store, const struct guest_trust *trust,
                         size_t piece, struct guest_record *record, struct guest_refusal *refusal)
{
    uint32_t next = 0;
    if (!guest_store_begin(store, &module->offer, trust, &next, refusal)) {
        return false;
    }
    while (next < module->offer.size) {
        size_t count = module->offer.size - next < piece ? module->offer.size - next : piece;
        if (!guest_store_write(store, next, module->bytes + next, count, &next, refusal)) {
            return false;
        }
    }
    return guest_store_finish(store, record, refusal);
}
