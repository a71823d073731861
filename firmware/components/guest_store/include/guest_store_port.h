/* Where guests are kept: two slots of flash, and a few values that survive a reboot. */
#ifndef GUEST_STORE_PORT_H
#define GUEST_STORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_SLOTS 2

/*
 * NOR flash as esp_partition offers it: erased bytes are 0xff, a write only clears bits, an erase covers whole sectors.
 * Offsets count from the beginning of the slot. False: the medium failed.
 */
struct guest_flash {
    void *context;
    uint32_t slot_bytes;
    /* A power of two; at most 4096. */
    uint32_t sector_bytes;
    bool (*read)(void *context, uint32_t slot, uint32_t offset, void *bytes, size_t count);
    bool (*write)(void *context, uint32_t slot, uint32_t offset, const void *bytes, size_t count);
    bool (*erase)(void *context, uint32_t slot, uint32_t offset, size_t count);
};

/* Keys are at most 15 characters, as in NVS. A write is there after a power cut entirely or not at all. */
struct guest_values {
    void *context;
    /* Bytes read, 0 when there is no such value or it is longer than `capacity`. */
    size_t (*read)(void *context, const char *key, void *bytes, size_t capacity);
    bool (*write)(void *context, const char *key, const void *bytes, size_t count);
    /* True also when there was none. */
    bool (*erase)(void *context, const char *key);
};

#endif
