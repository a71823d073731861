/* The first 256 bytes of a slot, as firmware/SERIAL.md lays them out. */
#ifndef GUEST_HEADER_H
#define GUEST_HEADER_H

#include "guest_store.h"

#define GUEST_HEADER_BYTES 256

void guest_header_write(const struct guest_offer *offer, uint32_t sequence, uint8_t bytes[GUEST_HEADER_BYTES]);

/* False when the bytes are no header, or one of a module that does not fit a slot. */
bool guest_header_read(const uint8_t bytes[GUEST_HEADER_BYTES], uint32_t slot_bytes, struct guest_offer *offer,
                       uint32_t *sequence);

#endif
