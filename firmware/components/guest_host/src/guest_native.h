/* The irrigation guest of guest-c, compiled in: what strategy E runs, and what wasm is measured against. */
#ifndef GUEST_NATIVE_H
#define GUEST_NATIVE_H

#include "guest_run.h"

/* The edge loop; comes back only when the guest is over. */
void guest_native_loop(struct guest_run *run);

/* guest-c's own names would be too common for a whole firmware, so its CMakeLists.txt renames them. */
int32_t guest_native_get_config(int32_t key);

#endif
