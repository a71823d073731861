/* A key-value store in memory, as NVS behaves when its power goes: a value is the old one or the new one. */
#ifndef RAM_VALUES_H
#define RAM_VALUES_H

#include "ram_flash.h"

#define RAM_VALUES_MAX 8
#define RAM_VALUE_BYTES 64

struct ram_values {
    struct power *power;
    struct {
        char key[16];
        uint8_t bytes[RAM_VALUE_BYTES];
        size_t count;
    } entries[RAM_VALUES_MAX];
    struct guest_values port;
};

void ram_values_init(struct ram_values *values, struct power *power);

#endif
