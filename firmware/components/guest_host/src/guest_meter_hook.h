/*
 * Included before WAMR's interpreter (wasm_interp_fast.c or wasm_interp_classic.c) by the compiler's option -include.
 *
 * WAMR's limit holds for one call into the guest, and what is left of it is known to the interpreter alone: a guest's
 * `main`, which never returns, would either be stopped for good after some minutes or never. So when the interpreter
 * takes the limit over into its own counter, the host learns where that counter lies; it reads and refills it at each
 * pause of the guest, while the interpreter waits for the host function to return.
 *
 * The interpreter mentions `instructions_to_execute` once, in that assignment (WAMR 2.4.0 to 2.4.5). Were that to
 * change, this would not compile, or no counter would be reported, which the host takes for a fault.
 */
#ifndef GUEST_METER_HOOK_H
#define GUEST_METER_HOOK_H

/* All that mentions the name elsewhere. */
#include "wasm_exec_env.h"
#include "wasm_runtime_common.h"

#if WASM_ENABLE_INSTRUCTION_METERING == 0
#error "Guests need WAMR with instruction metering: set WAMR_BUILD_INSTRUCTION_METERING to 1."
#endif

/* On the thread that is about to run a guest. */
void guest_meter_attach(int *instructions_left);

#define instructions_to_execute          \
    instructions_to_execute;             \
    guest_meter_attach(&instructions_left)

#endif
