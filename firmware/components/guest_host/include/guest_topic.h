/* Where a guest's message goes: the rules of resolveGuestTopic in web/protocol/topics.ts. */
#ifndef GUEST_TOPIC_H
#define GUEST_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

/* Root of up to 64 bytes, node id of up to 32, topic of up to ABI_LIMIT_TOPIC_BYTES, two slashes and a NUL. */
#define GUEST_TOPIC_BUFFER_BYTES 228

/*
 * `ic/esp32/data` and `data` both become `ROOT/NODE/data`. False, with a sentence in `reason`, for what a guest may not
 * publish to. `topic` is valid UTF-8.
 */
bool guest_topic_resolve(const char *root, const char *node, const char *topic,
                         char resolved[GUEST_TOPIC_BUFFER_BYTES], char *reason, size_t reason_bytes);

#endif
