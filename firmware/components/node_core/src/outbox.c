#include <stdlib.h>
#include <string.h>

#include "outbox.h"

void outbox_open(struct outbox *outbox, const struct node_flash *flash, uint32_t tag)
{
    *outbox = (struct outbox){.tag = tag};
    outbox->end = &outbox->first;
    outbox->has_log = outbox_log_open(&outbox->log, flash);
    outbox->unsent = outbox->log.head;
}

uint32_t outbox_count(const struct outbox *outbox)
{
    return outbox->in_memory + (outbox->has_log ? outbox->log.count : 0);
}

static void s_remove_first(struct outbox *outbox)
{
    struct outbox_item *item = outbox->first;
    outbox->first = item->next;
    if (outbox->first == NULL) {
        outbox->end = &outbox->first;
    }
    outbox->in_memory--;
    free(item);
}

/* Records on the way that the log has given up are not waited for any more. */
static void s_follow_log(struct outbox *outbox, uint32_t erased_sector)
{
    for (int at = 0; at < OUTBOX_WINDOW; at++) {
        struct outbox_way *way = &outbox->way[at];
        if (way->token != 0 && way->stored && way->place.sector == erased_sector) {
            way->token = 0;
        }
    }
    if (outbox->unsent.sector == erased_sector) {
        outbox->unsent = outbox->log.head;
    }
}

/* Takes the oldest in memory to flash. */
static bool s_store_first(struct outbox *outbox)
{
    struct outbox_item *item = outbox->first;
    struct outbox_log *log = &outbox->log;
    struct log_place before = log->tail;
    bool all_sent = log_place_equal(outbox->unsent, log->tail);
    struct log_place place;
    bool stored = outbox_log_append(log, &item->record, item->bytes, item->bytes + item->record.topic_bytes, &place);
    if (log->tail.sector != before.sector) {
        s_follow_log(outbox, log->tail.sector);
    }
    if (all_sent) {
        /* The tail may have moved to another sector. */
        outbox->unsent = stored ? place : log->tail;
    }
    if (!stored) {
        return false;
    }
    for (int at = 0; at < OUTBOX_WINDOW && item->on_the_way; at++) {
        struct outbox_way *way = &outbox->way[at];
        if (way->token != 0 && !way->stored && way->tag == item->record.tag && way->sequence == item->record.sequence) {
            way->stored = true;
            way->place = place;
            /* What is on the way from memory was sent after all of the log. */
            outbox->unsent = log->tail;
        }
    }
    s_remove_first(outbox);
    return true;
}

bool outbox_add(struct outbox *outbox, const char *topic, const char *payload, int64_t sampled_us, int64_t published_us,
                bool dated, int64_t now_us)
{
    size_t topic_bytes = strlen(topic);
    size_t payload_bytes = strlen(payload);
    if (topic_bytes + payload_bytes > LOG_MOST_BYTES) {
        return false;
    }
    while (outbox->in_memory >= OUTBOX_MOST_IN_MEMORY) {
        if (!outbox->has_log || !s_store_first(outbox)) {
            s_remove_first(outbox);
            outbox->dropped++;
        }
    }
    struct outbox_item *item = malloc(sizeof *item + topic_bytes + payload_bytes);
    if (item == NULL) {
        return false;
    }
    *item = (struct outbox_item){
        .record =
            {
                .tag = outbox->tag,
                .sequence = ++outbox->sequence,
                .sampled_us = sampled_us,
                .published_us = published_us,
                .dated = dated,
                .topic_bytes = (uint16_t)topic_bytes,
                .payload_bytes = (uint16_t)payload_bytes,
            },
        .added_us = now_us,
    };
    memcpy(item->bytes, topic, topic_bytes);
    memcpy(item->bytes + topic_bytes, payload, payload_bytes);
    *outbox->end = item;
    outbox->end = &item->next;
    outbox->in_memory++;
    /* Without a broker nothing will acknowledge it soon. */
    while (outbox->window == 0 && outbox->first != NULL && outbox->has_log && s_store_first(outbox)) {
    }
    return true;
}

static struct outbox_way *s_free_way(struct outbox *outbox)
{
    for (uint32_t at = 0; at < outbox->window; at++) {
        if (outbox->way[at].token == 0) {
            return &outbox->way[at];
        }
    }
    return NULL;
}

bool outbox_due(struct outbox *outbox, struct outbox_due *due, void *bytes)
{
    if (s_free_way(outbox) == NULL) {
        return false;
    }
    due->stored = true;
    due->place = outbox->unsent;
    while (outbox->has_log && outbox_log_find(&outbox->log, &due->place, &due->record, &due->next)) {
        if (outbox_log_load(&outbox->log, due->place, &due->record, bytes)) {
            return true;
        }
        outbox_log_mark(&outbox->log, due->place);
        outbox->dropped++;
        due->place = due->next;
    }
    outbox->unsent = outbox->log.tail;
    due->stored = false;
    for (struct outbox_item *item = outbox->first; item != NULL; item = item->next) {
        if (!item->on_the_way) {
            due->record = item->record;
            memcpy(bytes, item->bytes, (size_t)item->record.topic_bytes + item->record.payload_bytes);
            return true;
        }
    }
    return false;
}

void outbox_sent(struct outbox *outbox, const struct outbox_due *due, int32_t token)
{
    *s_free_way(outbox) = (struct outbox_way){
        .token = token,
        .tag = due->record.tag,
        .sequence = due->record.sequence,
        .stored = due->stored,
        .place = due->place,
    };
    if (due->stored) {
        outbox->unsent = due->next;
        return;
    }
    for (struct outbox_item *item = outbox->first; item != NULL; item = item->next) {
        if (item->record.sequence == due->record.sequence) {
            item->on_the_way = true;
        }
    }
}

static void s_remove(struct outbox *outbox, uint32_t sequence)
{
    for (struct outbox_item **at = &outbox->first; *at != NULL; at = &(*at)->next) {
        struct outbox_item *item = *at;
        if (item->record.sequence != sequence) {
            continue;
        }
        *at = item->next;
        if (outbox->end == &item->next) {
            outbox->end = at;
        }
        outbox->in_memory--;
        free(item);
        return;
    }
}

void outbox_acknowledged(struct outbox *outbox, int32_t token)
{
    for (int at = 0; at < OUTBOX_WINDOW; at++) {
        struct outbox_way *way = &outbox->way[at];
        if (way->token != token || token == 0) {
            continue;
        }
        way->token = 0;
        if (way->stored) {
            outbox_log_mark(&outbox->log, way->place);
        } else {
            s_remove(outbox, way->sequence);
        }
        return;
    }
}

void outbox_online(struct outbox *outbox, uint32_t window)
{
    outbox->window = window < 1 ? 1 : window > OUTBOX_WINDOW ? OUTBOX_WINDOW : window;
}

void outbox_offline(struct outbox *outbox)
{
    outbox->window = 0;
    memset(outbox->way, 0, sizeof outbox->way);
    for (struct outbox_item *item = outbox->first; item != NULL; item = item->next) {
        item->on_the_way = false;
    }
    while (outbox->first != NULL && outbox->has_log && s_store_first(outbox)) {
    }
    outbox->unsent = outbox->log.head;
}

void outbox_settle(struct outbox *outbox, int64_t now_us, int64_t *next_us)
{
    while (outbox->has_log && outbox->first != NULL && now_us - outbox->first->added_us >= OUTBOX_STORE_AFTER_US) {
        if (!s_store_first(outbox)) {
            break;
        }
    }
    *next_us = INT64_MAX;
    if (outbox->has_log && outbox->first != NULL) {
        int64_t due_us = outbox->first->added_us + OUTBOX_STORE_AFTER_US;
        *next_us = due_us > now_us ? due_us : now_us + OUTBOX_STORE_AFTER_US;
    }
}

void outbox_close(struct outbox *outbox)
{
    outbox_offline(outbox);
    while (outbox->first != NULL) {
        s_remove_first(outbox);
    }
}
