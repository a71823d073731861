#include <stdio.h>
#include <string.h>

#include "protocol_payloads.h"

bool protocol_check_guest_name(const char *name)
{
    if (*name == 0 || !protocol_utf8_valid(name, strlen(name)) ||
        protocol_utf16_units(name) > PROTOCOL_GUEST_NAME_CHARACTERS) {
        return false;
    }
    for (const uint8_t *at = (const uint8_t *)name; *at != 0; at++) {
        /* U+0080 to U+009F are C2 80 to C2 9F. */
        if (*at < 0x20 || *at == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0)) {
            return false;
        }
    }
    return true;
}

/* Of a name given twice the first value counts, as in the page. */
static const char *s_property(const struct protocol_property *properties, size_t count, const char *name)
{
    for (size_t at = 0; at < count; at++) {
        if (strcmp(properties[at].name, name) == 0) {
            return properties[at].value;
        }
    }
    return NULL;
}

static bool s_missing(const char *name, struct protocol_reason *reason)
{
    return protocol_refuse(reason, "The user property \"%s\" is missing: a module needs name, sha256, key and signature.",
                           name);
}

bool protocol_guest_offer_read(const struct protocol_property *properties, size_t count,
                               struct protocol_guest_offer *offer, struct protocol_reason *reason)
{
    if (count == 0) {
        return protocol_refuse(reason, "The module came without user properties, so nothing says who signed it. MQTT "
                                       "3.1.1 has none: send it over MQTT 5.");
    }
    const char *name = s_property(properties, count, "name");
    if (name == NULL) {
        return s_missing("name", reason);
    }
    if (!protocol_check_guest_name(name)) {
        return protocol_refuse(reason, "The user property \"name\" must have 1 to 64 characters and no control characters.");
    }
    const char *sha256 = s_property(properties, count, "sha256");
    if (sha256 == NULL) {
        return s_missing("sha256", reason);
    }
    if (!protocol_hex_decode(sha256, offer->sha256, sizeof offer->sha256)) {
        return protocol_refuse(reason, "The user property \"sha256\" must be a SHA-256 in hexadecimal.");
    }
    const char *signature = s_property(properties, count, "signature");
    if (signature == NULL) {
        return s_missing("signature", reason);
    }
    if (protocol_base64_decode(signature, offer->signature, sizeof offer->signature) != PROTOCOL_SIGNATURE_BYTES) {
        return protocol_refuse(reason, "The user property \"signature\" must be a signature of 64 bytes in base64.");
    }
    const char *key = s_property(properties, count, "key");
    if (key == NULL) {
        return s_missing("key", reason);
    }
    if (!protocol_hex_decode(key, offer->key, sizeof offer->key)) {
        return protocol_refuse(reason, "The user property \"key\" must be the 16 hexadecimal digits of a key id.");
    }
    snprintf(offer->name, sizeof offer->name, "%s", name);
    return true;
}

size_t protocol_signed_text(const char *name, const uint8_t *sha256, char *text, size_t capacity)
{
    char digest[2 * PROTOCOL_SHA256_BYTES + 1];
    protocol_hex_encode(sha256, PROTOCOL_SHA256_BYTES, digest);
    int length = snprintf(text, capacity, "continuum-guest\n%s\n%s", name, digest);
    return length > 0 && (size_t)length < capacity ? (size_t)length : 0;
}
