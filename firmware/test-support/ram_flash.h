/*
 * NOR flash in memory, which can lose its power: writes only clear bits, erases set whole sectors, and at a chosen write or
 * erase the power goes after some of the bytes. From then on everything fails until it is switched on again.
 */
#ifndef RAM_FLASH_H
#define RAM_FLASH_H

#include "guest_store_port.h"

#define RAM_FLASH_SLOT_BYTES 0x4000
#define RAM_FLASH_SECTOR_BYTES 0x1000

/* Shared by all media of one board. */
struct power {
    bool gone;
    /* Operations that change something, until now. */
    uint32_t operations;
    /* The operation that the power does not survive; UINT32_MAX for none. */
    uint32_t cut_at;
    /* How much of that operation is done, in 256ths. */
    uint32_t done_256ths;
};

struct ram_flash {
    struct power *power;
    uint8_t bytes[GUEST_SLOTS][RAM_FLASH_SLOT_BYTES];
    /* A write that would set a bit is a bug of the caller; real flash would keep the wrong byte. */
    bool misused;
    struct guest_flash port;
};

void ram_flash_init(struct ram_flash *flash, struct power *power);

/* How many of `count` bytes an operation comes to do; counts the operation. */
size_t power_operation(struct power *power, size_t count);

#endif
