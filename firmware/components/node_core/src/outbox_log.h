/*
 * Messages in flash, oldest first: a ring of sectors to which records are appended. A record that is no longer needed
 * is marked by clearing bits, which needs no erasing; a sector is erased when the ring comes round to it.
 */
#ifndef OUTBOX_LOG_H
#define OUTBOX_LOG_H

#include "node_ports.h"

/* A place in the partition. */
struct log_place {
    uint32_t sector;
    uint32_t offset;
};

struct log_record {
    /* Of which boot, and the how manieth of it. */
    uint32_t tag;
    uint32_t sequence;
    /* Microseconds; since 1970 if `dated`, else since that boot. `sampled_us` is negative when nothing was sampled. */
    int64_t sampled_us;
    int64_t published_us;
    bool dated;
    uint16_t topic_bytes;
    uint16_t payload_bytes;
};

struct outbox_log {
    const struct node_flash *flash;
    uint32_t sectors;
    uint32_t newest_sequence;
    /* Where the oldest record that may still be needed lies, and where the next is written. */
    struct log_place head;
    struct log_place tail;
    uint32_t count;
    /* Records that gave way to newer ones before they were marked. */
    uint32_t dropped;
};

/* Of topic and payload together. */
#define LOG_MOST_BYTES 2048

/* Finds what is there. False when flash fails or is too small; nothing is kept then. */
bool outbox_log_open(struct outbox_log *log, const struct node_flash *flash);

/* `place`: where it lies. What must give way for it is dropped. */
bool outbox_log_append(struct outbox_log *log, const struct log_record *record, const void *topic, const void *payload,
                       struct log_place *place);

/*
 * The first record from `place` on that is still needed; `place` is then its own, `next` where to look for the one
 * after. False at the end.
 */
bool outbox_log_find(struct outbox_log *log, struct log_place *place, struct log_record *record, struct log_place *next);

/* Topic and payload of the record at `place`, one after the other. */
bool outbox_log_load(const struct outbox_log *log, struct log_place place, const struct log_record *record, void *bytes);

/* The record at `place` is not needed any more. */
void outbox_log_mark(struct outbox_log *log, struct log_place place);

bool log_place_equal(struct log_place a, struct log_place b);

#endif
