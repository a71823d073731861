/*
 * QoS 1 messages until the broker has acknowledged them, in order. What is acknowledged soon stays in memory; what
 * waits, and all of it while there is no broker, lies in flash and survives the power's going. A message keeps the id
 * it has (boot tag and sequence), by which receivers know it if it comes twice.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "outbox_log.h"

/* On the way at once; fewer if the broker says so. */
#define OUTBOX_WINDOW 8
/* Acknowledged sooner, a message is never stored. */
#define OUTBOX_STORE_AFTER_US 200000
/* In memory; without flash there is no other place. */
#define OUTBOX_MOST_IN_MEMORY 48

struct outbox_item {
    struct outbox_item *next;
    struct log_record record;
    int64_t added_us;
    bool on_the_way;
    /* Topic and payload, one after the other. */
    uint8_t bytes[];
};

struct outbox_way {
    /* 0: free. */
    int32_t token;
    uint32_t tag;
    uint32_t sequence;
    bool stored;
    struct log_place place;
};

struct outbox {
    bool has_log;
    struct outbox_log log;
    /* The first record of the log that is not on the way. */
    struct log_place unsent;
    /* Everything here is younger than everything in the log. */
    struct outbox_item *first;
    struct outbox_item **end;
    uint32_t in_memory;
    uint32_t window;
    struct outbox_way way[OUTBOX_WINDOW];
    uint32_t tag;
    uint32_t sequence;
    uint32_t dropped;
};

/* `tag`: another one for each boot. */
void outbox_open(struct outbox *outbox, const struct node_flash *flash, uint32_t tag);
/* What is in memory goes to flash. */
void outbox_close(struct outbox *outbox);

/* False without memory, or for a message that is too long. `sampled_us` negative: nothing was sampled. */
bool outbox_add(struct outbox *outbox, const char *topic, const char *payload, int64_t sampled_us, int64_t published_us,
                bool dated, int64_t now_us);

uint32_t outbox_count(const struct outbox *outbox);

/* What is sent next, for `outbox_sent`; `bytes` takes LOG_MOST_BYTES. False when nothing waits or enough is on the way. */
struct outbox_due {
    struct log_record record;
    bool stored;
    struct log_place place;
    struct log_place next;
};
bool outbox_due(struct outbox *outbox, struct outbox_due *due, void *bytes);
void outbox_sent(struct outbox *outbox, const struct outbox_due *due, int32_t token);
void outbox_acknowledged(struct outbox *outbox, int32_t token);

/* There is a broker again; `window` as it allows. */
void outbox_online(struct outbox *outbox, uint32_t window);
/* All that is not acknowledged goes to flash, and again when there is a broker. */
void outbox_offline(struct outbox *outbox);

/* Stores what has waited long enough. `next_us`: when that is due again. */
void outbox_settle(struct outbox *outbox, int64_t now_us, int64_t *next_us);

#endif
