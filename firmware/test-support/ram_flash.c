#include "ram_flash.h"

#include <string.h>

size_t power_operation(struct power *power, size_t count)
{
    if (power->gone) {
        return 0;
    }
    if (power->operations++ != power->cut_at) {
        return count;
    }
    power->gone = true;
    return count * power->done_256ths / 256;
}

static bool s_in_range(uint32_t slot, uint32_t offset, size_t count)
{
    return slot < GUEST_SLOTS && offset <= RAM_FLASH_SLOT_BYTES && count <= RAM_FLASH_SLOT_BYTES - offset;
}

static bool s_read(void *context, uint32_t slot, uint32_t offset, void *bytes, size_t count)
{
    struct ram_flash *flash = context;
    if (flash->power->gone || !s_in_range(slot, offset, count)) {
        return false;
    }
    memcpy(bytes, &flash->bytes[slot][offset], count);
    return true;
}

static bool s_write(void *context, uint32_t slot, uint32_t offset, const void *bytes, size_t count)
{
    struct ram_flash *flash = context;
    if (!s_in_range(slot, offset, count)) {
        flash->misused = true;
        return false;
    }
    size_t done = power_operation(flash->power, count);
    const uint8_t *from = bytes;
    for (size_t index = 0; index < done; index++) {
        uint8_t *to = &flash->bytes[slot][offset + index];
        flash->misused = flash->misused || (from[index] & ~*to) != 0;
        *to &= from[index];
    }
    return !flash->power->gone;
}

static bool s_erase(void *context, uint32_t slot, uint32_t offset, size_t count)
{
    struct ram_flash *flash = context;
    if (!s_in_range(slot, offset, count) || offset % RAM_FLASH_SECTOR_BYTES != 0 || count % RAM_FLASH_SECTOR_BYTES != 0) {
        flash->misused = true;
        return false;
    }
    memset(&flash->bytes[slot][offset], 0xff, power_operation(flash->power, count));
    return !flash->power->gone;
}

void ram_flash_init(struct ram_flash *flash, struct power *power)
{
    flash->power = power;
    flash->misused = false;
    memset(flash->bytes, 0xff, sizeof flash->bytes);
    flash->port = (struct guest_flash){
        .context = flash,
        .slot_bytes = RAM_FLASH_SLOT_BYTES,
        .sector_bytes = RAM_FLASH_SECTOR_BYTES,
        .read = s_read,
        .write = s_write,
        .erase = s_erase,
    };
}
