#include "guest_header.h"

#include <string.h>

#include "protocol_payloads.h"

enum {
    AT_MAGIC = 0,
    AT_SIZE = 4,
    AT_SHA256 = 8,
    AT_KEY_ID = 40,
    AT_SIGNATURE = 48,
    AT_NAME = 112,
    AT_SEQUENCE = 176,
    AT_CRC = 252,
};

static const uint8_t s_magic[4] = {'C', 'L', 'G', '1'};

static void s_put_u32(uint8_t *at, uint32_t value)
{
    for (int index = 0; index < 4; index++) {
        at[index] = (uint8_t)(value >> (8 * index));
    }
}

static uint32_t s_get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* CRC-32 of IEEE 802.3, bit by bit: 252 bytes a boot need no table. */
static uint32_t s_crc32(const uint8_t *bytes, size_t count)
{
    uint32_t crc = UINT32_MAX;
    for (size_t index = 0; index < count; index++) {
        crc ^= bytes[index];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
        }
    }
    return ~crc;
}

void guest_header_write(const struct guest_offer *offer, uint32_t sequence, uint8_t bytes[GUEST_HEADER_BYTES])
{
    memset(bytes, 0xff, GUEST_HEADER_BYTES);
    memcpy(bytes + AT_MAGIC, s_magic, sizeof s_magic);
    s_put_u32(bytes + AT_SIZE, offer->size);
    memcpy(bytes + AT_SHA256, offer->sha256, GUEST_SHA256_BYTES);
    memcpy(bytes + AT_KEY_ID, offer->key_id, GUEST_KEY_ID_BYTES);
    memcpy(bytes + AT_SIGNATURE, offer->signature, GUEST_SIGNATURE_BYTES);
    memset(bytes + AT_NAME, 0, GUEST_NAME_BYTES);
    memcpy(bytes + AT_NAME, offer->name, strlen(offer->name));
    s_put_u32(bytes + AT_SEQUENCE, sequence);
    s_put_u32(bytes + AT_CRC, s_crc32(bytes, AT_CRC));
}

bool guest_header_read(const uint8_t bytes[GUEST_HEADER_BYTES], uint32_t slot_bytes, struct guest_offer *offer,
                       uint32_t *sequence)
{
    if (memcmp(bytes + AT_MAGIC, s_magic, sizeof s_magic) != 0 || s_get_u32(bytes + AT_CRC) != s_crc32(bytes, AT_CRC)) {
        return false;
    }
    *offer = (struct guest_offer){.size = s_get_u32(bytes + AT_SIZE)};
    memcpy(offer->sha256, bytes + AT_SHA256, GUEST_SHA256_BYTES);
    memcpy(offer->key_id, bytes + AT_KEY_ID, GUEST_KEY_ID_BYTES);
    memcpy(offer->signature, bytes + AT_SIGNATURE, GUEST_SIGNATURE_BYTES);
    memcpy(offer->name, bytes + AT_NAME, GUEST_NAME_BYTES);
    *sequence = s_get_u32(bytes + AT_SEQUENCE);
    return offer->size > 0 && offer->size <= slot_bytes - GUEST_MODULE_OFFSET && protocol_check_guest_name(offer->name);
}
