/* Strings that a guest points to, read without trusting the pointer. */
#ifndef GUEST_TEXT_H
#define GUEST_TEXT_H

#include "guest_fault.h"

/*
 * The NUL-terminated UTF-8 string at `pointer` in the guest's memory of `size` bytes; NULL with the reason in `fault`
 * when it leaves the memory, is longer than `max_bytes` or is not UTF-8. `argument` names it in the sentence.
 */
const char *guest_text_read(const uint8_t *memory, uint64_t size, uint32_t pointer, uint32_t max_bytes,
                            const char *argument, struct guest_fault *fault);

#endif
