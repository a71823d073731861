#include "guest_text.h"

#include <inttypes.h>
#include <string.h>

#include "protocol_text.h"

const char *guest_text_read(const uint8_t *memory, uint64_t size, uint32_t pointer, uint32_t max_bytes,
                            const char *argument, struct guest_fault *fault)
{
    if (pointer >= size) {
        guest_fault_set(fault, GUEST_FAULT_POINTER,
                        "%s points to 0x%" PRIx32 ", outside the guest's memory of %" PRIu32 " bytes.", argument,
                        pointer, (uint32_t)size);
        return NULL;
    }
    const uint8_t *text = memory + pointer;
    uint64_t room = size - pointer;
    bool at_end = room <= (uint64_t)max_bytes + 1;
    size_t span = at_end ? (size_t)room : (size_t)max_bytes + 1;
    const uint8_t *nul = memchr(text, 0, span);
    if (nul == NULL && at_end) {
        guest_fault_set(fault, GUEST_FAULT_POINTER,
                        "%s at 0x%" PRIx32 " runs past the end of the guest's memory: it has no closing NUL.", argument,
                        pointer);
        return NULL;
    }
    if (nul == NULL) {
        guest_fault_set(fault, GUEST_FAULT_POINTER,
                        "%s at 0x%" PRIx32 " is longer than %" PRIu32 " bytes or has no closing NUL.", argument, pointer,
                        max_bytes);
        return NULL;
    }
    if (!protocol_utf8_valid(text, (size_t)(nul - text))) {
        guest_fault_set(fault, GUEST_FAULT_POINTER, "%s at 0x%" PRIx32 " is not valid UTF-8.", argument, pointer);
        return NULL;
    }
    return (const char *)text;
}
