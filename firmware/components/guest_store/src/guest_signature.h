#ifndef GUEST_SIGNATURE_H
#define GUEST_SIGNATURE_H

#include "guest_store.h"

/* Whether the board takes this offer from whom it comes; else why not. */
bool guest_signature_trusted(const struct guest_offer *offer, const struct guest_trust *trust,
                             struct guest_refusal *refusal);

/* Fills in a sentence; always false. */
bool guest_store_refuse(struct guest_refusal *refusal, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
