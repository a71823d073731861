#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of IEEE 802.3, continued from `crc`; 0 to begin with. */
uint32_t crc32_of(uint32_t crc, const void *bytes, size_t size);

#endif
