/* What ended a guest, in words for the person whose guest it is. */
#ifndef GUEST_FAULT_H
#define GUEST_FAULT_H

#include "guest_host.h"

/* Fills in a sentence; one that is there already stays, for the first fault is the cause of those that follow. */
void guest_fault_set(struct guest_fault *fault, enum guest_fault_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* From WAMR's exception, which may begin with `Exception: `. */
void guest_fault_from_exception(struct guest_fault *fault, const char *exception, int32_t budget);

#endif
