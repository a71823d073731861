/* What lasts, in memory: a partition that behaves like NOR flash, and values of any size. */
#ifndef MEDIA_H
#define MEDIA_H

#include "node_ports.h"

#define MEDIA_SECTORS 6
#define MEDIA_SECTOR_BYTES 4096
#define MEDIA_VALUES 16
#define MEDIA_VALUE_BYTES 8192

struct ram_partition {
    uint8_t bytes[MEDIA_SECTORS * MEDIA_SECTOR_BYTES];
    /* Bytes that may still be written before the power goes; negative: any number. */
    long power;
    /* Somebody wrote a bit that was 0 to 1, which flash cannot. */
    bool misused;
    struct node_flash port;
};

void ram_partition_init(struct ram_partition *partition, uint32_t sectors);

struct large_values {
    struct {
        char key[16];
        size_t size;
        uint8_t bytes[MEDIA_VALUE_BYTES];
    } entries[MEDIA_VALUES];
    /* What is written fails. */
    bool full;
    struct node_values_port port;
};

void large_values_init(struct large_values *values);

#endif
