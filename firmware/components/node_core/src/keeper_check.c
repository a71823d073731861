#include <stdio.h>

#include "keeper.h"

struct check {
    const struct guest_code *code;
    struct guest_fault fault;
    bool good;
};

static void s_check(void *context)
{
    struct check *check = context;
    struct guest_limits limits = guest_limits_default();
    struct guest_exports exports;
    check->good = guest_check(check->code, &limits, &exports, &check->fault);
    if (check->good && !exports.loop) {
        check->good = false;
        snprintf(check->fault.reason, sizeof check->fault.reason,
                 "The module exports no main: without it an edge node has nothing to run.");
    }
}

bool keeper_check(const uint8_t *module, size_t bytes, struct protocol_reason *reason)
{
    struct guest_code code = {.module = module, .module_bytes = bytes};
    struct check check = {.code = &code};
    if (!guest_in_thread(s_check, &check, guest_limits_default().thread_stack_bytes)) {
        return protocol_refuse(reason, "The board has no memory to check the module.");
    }
    return check.good || protocol_refuse(reason, "%s", check.fault.reason);
}
