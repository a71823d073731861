#include "guest_signature.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol_text.h"

bool guest_store_refuse(struct guest_refusal *refusal, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(refusal->reason, sizeof refusal->reason, format, values);
    va_end(values);
    return false;
}

void guest_key_id(const uint8_t public_key[GUEST_PUBLIC_KEY_BYTES], uint8_t id[GUEST_KEY_ID_BYTES])
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, public_key, GUEST_PUBLIC_KEY_BYTES);
    memcpy(id, digest, GUEST_KEY_ID_BYTES);
}

static bool s_is_signed(const struct guest_offer *offer)
{
    return !sodium_is_zero(offer->key_id, GUEST_KEY_ID_BYTES) || !sodium_is_zero(offer->signature, GUEST_SIGNATURE_BYTES);
}

bool guest_signature_trusted(const struct guest_offer *offer, const struct guest_trust *trust,
                             struct guest_refusal *refusal)
{
    if (!s_is_signed(offer)) {
        return trust->unsigned_allowed ||
               guest_store_refuse(refusal, "The module is not signed, and this board takes signed ones only.");
    }
    char key_text[2 * GUEST_KEY_ID_BYTES + 1];
    protocol_hex_encode(offer->key_id, GUEST_KEY_ID_BYTES, key_text);
    const uint8_t *public_key = NULL;
    for (size_t index = 0; index < trust->count && public_key == NULL; index++) {
        uint8_t id[GUEST_KEY_ID_BYTES];
        guest_key_id(trust->public_keys[index], id);
        public_key = memcmp(id, offer->key_id, sizeof id) == 0 ? trust->public_keys[index] : NULL;
    }
    if (public_key == NULL) {
        return guest_store_refuse(refusal, "The key %s that signed the module is not one this board trusts.", key_text);
    }
    char sha_text[2 * GUEST_SHA256_BYTES + 1];
    protocol_hex_encode(offer->sha256, GUEST_SHA256_BYTES, sha_text);
    /* The text of guest-offer.ts: three lines without a newline at the end. */
    char text[sizeof "continuum-guest\n\n" + GUEST_NAME_BYTES + sizeof sha_text];
    int length = snprintf(text, sizeof text, "continuum-guest\n%s\n%s", offer->name, sha_text);
    if (crypto_sign_verify_detached(offer->signature, (const uint8_t *)text, (unsigned long long)length, public_key) != 0) {
        return guest_store_refuse(refusal, "The signature of key %s does not hold for this name and module.", key_text);
    }
    return true;
}
