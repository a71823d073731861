#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mailbox.h"

#define RETRY_MS 10
#define MUST_WAIT_MS 10000

void mailbox_open(struct mailbox *mailbox)
{
    *mailbox = (struct mailbox){0};
    mailbox->end = &mailbox->first;
    pthread_mutex_init(&mailbox->lock, NULL);
    pthread_cond_init(&mailbox->changed, NULL);
}

void mailbox_close(struct mailbox *mailbox)
{
    struct event *event;
    while ((event = mailbox_take(mailbox)) != NULL) {
        free(event);
    }
    pthread_cond_destroy(&mailbox->changed);
    pthread_mutex_destroy(&mailbox->lock);
}

static struct timespec s_in(uint32_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    return until;
}

/* One block for the event and all its parts. */
static struct event *s_event(enum event_kind kind, const int64_t *numbers, size_t number_count,
                             const struct event_part *parts, size_t part_count)
{
    size_t weight = sizeof(struct event);
    for (size_t at = 0; at < part_count; at++) {
        weight += parts[at].bytes == NULL ? 0 : parts[at].size + 1;
    }
    struct event *event = malloc(weight);
    if (event == NULL) {
        return NULL;
    }
    *event = (struct event){.weight = weight, .kind = kind};
    for (size_t at = 0; at < number_count; at++) {
        event->numbers[at] = numbers[at];
    }
    char *into = (char *)(event + 1);
    for (size_t at = 0; at < part_count; at++) {
        if (parts[at].bytes == NULL) {
            continue;
        }
        memcpy(into, parts[at].bytes, parts[at].size);
        into[parts[at].size] = 0;
        event->parts[at] = (struct event_part){.bytes = into, .size = parts[at].size};
        into += parts[at].size + 1;
    }
    return event;
}

/* What nothing would make up for if it were lost. All of these are small and few. */
static bool s_must(enum event_kind kind)
{
    return kind != EVENT_SERIAL && kind != EVENT_NETWORK && kind != EVENT_MQTT_MESSAGE &&
           kind != EVENT_GUEST_PUBLISHED && kind != EVENT_GUEST_STEPPED;
}

bool mailbox_post(struct mailbox *mailbox, enum event_kind kind, const int64_t *numbers, size_t number_count,
                  const struct event_part *parts, size_t part_count, uint32_t wait_ms)
{
    struct event *event = s_event(kind, numbers, number_count, parts, part_count);
    uint32_t memory_ms = s_must(kind) ? MUST_WAIT_MS : wait_ms;
    for (uint32_t waited_ms = 0; event == NULL && waited_ms < memory_ms; waited_ms += RETRY_MS) {
        usleep(RETRY_MS * 1000);
        event = s_event(kind, numbers, number_count, parts, part_count);
    }
    if (event == NULL) {
        return false;
    }
    struct timespec until = s_in(wait_ms);
    pthread_mutex_lock(&mailbox->lock);
    bool room = true;
    while (!s_must(kind) && mailbox->first != NULL && mailbox->weight + event->weight > MAILBOX_MOST_BYTES && room) {
        room = pthread_cond_timedwait(&mailbox->changed, &mailbox->lock, &until) != ETIMEDOUT;
    }
    if (room) {
        *mailbox->end = event;
        mailbox->end = &event->next;
        mailbox->weight += event->weight;
        pthread_cond_broadcast(&mailbox->changed);
    }
    pthread_mutex_unlock(&mailbox->lock);
    if (!room) {
        free(event);
    }
    return room;
}

struct event *mailbox_take(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    struct event *event = mailbox->first;
    if (event != NULL) {
        mailbox->first = event->next;
        if (mailbox->first == NULL) {
            mailbox->end = &mailbox->first;
        }
        mailbox->weight -= event->weight;
        pthread_cond_broadcast(&mailbox->changed);
    }
    pthread_mutex_unlock(&mailbox->lock);
    return event;
}

void mailbox_wait(struct mailbox *mailbox, uint32_t wait_ms)
{
    struct timespec until = s_in(wait_ms);
    pthread_mutex_lock(&mailbox->lock);
    while (mailbox->first == NULL) {
        if (pthread_cond_timedwait(&mailbox->changed, &mailbox->lock, &until) == ETIMEDOUT) {
            break;
        }
    }
    pthread_mutex_unlock(&mailbox->lock);
}
