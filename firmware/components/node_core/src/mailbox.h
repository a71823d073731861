/* What happened on other threads, in order, for the node's own. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_SERIAL,
    EVENT_NETWORK,
    EVENT_SCAN_DONE,
    EVENT_WIFI_ONLINE,
    EVENT_WIFI_OFFLINE,
    EVENT_RESOLVED,
    EVENT_MQTT_ONLINE,
    EVENT_MQTT_OFFLINE,
    EVENT_MQTT_ACKNOWLEDGED,
    EVENT_MQTT_MESSAGE,
    EVENT_GUEST_PUBLISHED,
    EVENT_GUEST_STEPPED,
    EVENT_GUEST_ENDED,
    EVENT_BENCH_DONE,
};

#define EVENT_PARTS 5
#define EVENT_NUMBERS 4

/* Bytes with a NUL behind; `bytes` is NULL for a part that was not given. */
struct event_part {
    const char *bytes;
    size_t size;
};

struct event {
    struct event *next;
    size_t weight;
    enum event_kind kind;
    int64_t numbers[EVENT_NUMBERS];
    struct event_part parts[EVENT_PARTS];
};

struct mailbox {
    pthread_mutex_t lock;
    /* Signalled when an event comes, and when one is taken. */
    pthread_cond_t changed;
    struct event *first;
    struct event **end;
    size_t weight;
};

/* Bytes of all that waits; who posts more has to wait for room. On a chip, TLS and the guest need the rest of the heap. */
#ifdef ESP_PLATFORM
#define MAILBOX_MOST_BYTES (12 * 1024)
#else
#define MAILBOX_MOST_BYTES (48 * 1024)
#endif

void mailbox_open(struct mailbox *mailbox);
void mailbox_close(struct mailbox *mailbox);

/* Copies everything. False when there was no room within `wait_ms`, or no memory. */
bool mailbox_post(struct mailbox *mailbox, enum event_kind kind, const int64_t *numbers, size_t number_count,
                  const struct event_part *parts, size_t part_count, uint32_t wait_ms);

/* The oldest event, to be freed with `free`; NULL when there is none. */
struct event *mailbox_take(struct mailbox *mailbox);

/* Returns when an event waits, or after `wait_ms`. */
void mailbox_wait(struct mailbox *mailbox, uint32_t wait_ms);

#endif
