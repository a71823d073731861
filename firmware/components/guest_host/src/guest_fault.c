#include "guest_fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *guest_fault_word(enum guest_fault_kind kind)
{
    switch (kind) {
    case GUEST_FAULT_REFUSED:
        return "refused";
    case GUEST_FAULT_TRAP:
        return "trap";
    case GUEST_FAULT_BUDGET:
        return "budget";
    case GUEST_FAULT_POINTER:
        return "pointer";
    case GUEST_FAULT_BOARD:
        return "board";
    default:
        return "none";
    }
}

void guest_fault_set(struct guest_fault *fault, enum guest_fault_kind kind, const char *format, ...)
{
    if (fault->kind != GUEST_FAULT_NONE) {
        return;
    }
    fault->kind = kind;
    va_list values;
    va_start(values, format);
    vsnprintf(fault->reason, sizeof fault->reason, format, values);
    va_end(values);
}

/* WAMR's words for a trap, and ours. The first that is contained in the exception counts. */
static const struct {
    const char *part;
    const char *sentence;
} s_traps[] = {
    {"out of bounds table", "The guest called a function pointer that is empty or of another type."},
    {"out of bounds", "The guest accessed an address outside its own memory."},
    {"divide by zero", "The guest divided by zero."},
    {"integer overflow", "A number in the guest did not fit its type (integer overflow in a division or conversion)."},
    {"invalid conversion", "A number in the guest did not fit its type (integer overflow in a division or conversion)."},
    {"undefined element", "The guest called a function pointer that is empty or of another type."},
    {"uninitialized element", "The guest called a function pointer that is empty or of another type."},
    {"indirect call", "The guest called a function pointer that is empty or of another type."},
    {"unreachable", "The guest executed `unreachable`: its own abort or panic."},
    {"stack overflow", "The guest ran out of stack: its calls are nested too deeply."},
};

/* Digits in groups of three, as in 5,000,000. */
static void s_grouped(int32_t value, char text[16])
{
    char digits[12];
    int length = snprintf(digits, sizeof digits, "%ld", (long)value);
    char *to = text;
    for (int index = 0; index < length; index++) {
        if (index > 0 && (length - index) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[index];
    }
    *to = '\0';
}

void guest_fault_from_exception(struct guest_fault *fault, const char *exception, int32_t budget)
{
    static const char prefix[] = "Exception: ";
    if (exception == NULL || exception[0] == '\0') {
        exception = "no reason given";
    }
    if (strncmp(exception, prefix, sizeof prefix - 1) == 0) {
        exception += sizeof prefix - 1;
    }
    if (strstr(exception, "instruction limit") != NULL) {
        char number[16];
        s_grouped(budget, number);
        guest_fault_set(fault, GUEST_FAULT_BUDGET,
                        "The guest ran %s instructions without a pause and was stopped. A loop guest has to call "
                        "delay_ms or read_sensor.",
                        number);
        return;
    }
    for (size_t index = 0; index < sizeof s_traps / sizeof s_traps[0]; index++) {
        if (strstr(exception, s_traps[index].part) != NULL) {
            guest_fault_set(fault, GUEST_FAULT_TRAP, "%s", s_traps[index].sentence);
            return;
        }
    }
    guest_fault_set(fault, GUEST_FAULT_TRAP, "The guest trapped: %s.", exception);
}
