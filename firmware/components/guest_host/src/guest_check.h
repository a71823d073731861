/* Whether a module can be a guest here, and if not, why, in words for the person who built it: as web/guest/check.ts. */
#ifndef GUEST_CHECK_H
#define GUEST_CHECK_H

#include "guest_fault.h"
#include "wasm_export.h"

/* The edge loop: the export to call, and with how many zeros. */
struct guest_entry {
    const char *name;
    uint32_t params;
};

/* Before WAMR reads the module: its size and that of its memory and tables, which a board has not got to give away. */
bool guest_check_bytes(const uint8_t *bytes, size_t size, const struct guest_limits *limits, struct guest_fault *fault);

/* Its imports and exports; `entry->name` is NULL without a loop. */
bool guest_check_module(wasm_module_t module, struct guest_exports *exports, struct guest_entry *entry,
                        struct guest_fault *fault);

#endif
