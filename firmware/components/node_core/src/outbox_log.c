#include <stddef.h>
#include <string.h>

#include "crc32.h"
#include "outbox_log.h"

#define SECTOR_MAGIC 0x314f4c43u /* CLO1 */
#define RECORD_MAGIC 0x4d52u
#define BLANK_MAGIC 0xffffu
#define FLAG_DATED 1u
#define NEEDED 0xffffffffu

struct sector_head {
    uint32_t magic;
    uint32_t sequence;
    uint32_t crc;
    uint32_t reserved;
};

/* `needed` comes last and is left out of the checksum: clearing it is how a record is marked. */
struct record_head {
    uint16_t magic;
    uint16_t topic_bytes;
    uint16_t payload_bytes;
    uint16_t flags;
    uint32_t tag;
    uint32_t sequence;
    int64_t sampled_us;
    int64_t published_us;
    uint32_t crc;
    uint32_t needed;
};

#define CHECKED_BYTES offsetof(struct record_head, crc)

bool log_place_equal(struct log_place a, struct log_place b)
{
    return a.sector == b.sector && a.offset == b.offset;
}

static uint32_t s_at(const struct outbox_log *log, struct log_place place)
{
    return place.sector * log->flash->sector_bytes + place.offset;
}

static bool s_read(const struct outbox_log *log, struct log_place place, void *bytes, size_t size)
{
    return log->flash->read(log->flash->context, s_at(log, place), bytes, size);
}

static bool s_write(const struct outbox_log *log, struct log_place place, const void *bytes, size_t size)
{
    return log->flash->write(log->flash->context, s_at(log, place), bytes, size);
}

/* Records begin at multiples of 4, which flash can write one by one. */
static uint32_t s_record_bytes(uint32_t topic_bytes, uint32_t payload_bytes)
{
    return ((uint32_t)sizeof(struct record_head) + topic_bytes + payload_bytes + 3) & ~3u;
}

static struct log_place s_first_of(uint32_t sector)
{
    return (struct log_place){.sector = sector, .offset = sizeof(struct sector_head)};
}

static bool s_read_sector(const struct outbox_log *log, uint32_t sector, uint32_t *sequence)
{
    struct sector_head head;
    if (!s_read(log, (struct log_place){.sector = sector}, &head, sizeof head) || head.magic != SECTOR_MAGIC ||
        head.crc != crc32_of(0, &head, offsetof(struct sector_head, crc))) {
        return false;
    }
    *sequence = head.sequence;
    return true;
}

enum look { LOOK_RECORD, LOOK_BLANK, LOOK_BROKEN };

/* What lies at `place`. A record whose writing was cut off ends its sector. */
static enum look s_look(const struct outbox_log *log, struct log_place place, struct record_head *head)
{
    uint32_t sector_bytes = log->flash->sector_bytes;
    if (place.offset + sizeof *head > sector_bytes) {
        return LOOK_BLANK;
    }
    if (!s_read(log, place, head, sizeof *head)) {
        return LOOK_BROKEN;
    }
    const uint8_t *bytes = (const uint8_t *)head;
    bool blank = true;
    for (size_t at = 0; at < sizeof *head; at++) {
        blank = blank && bytes[at] == 0xff;
    }
    if (blank) {
        return LOOK_BLANK;
    }
    uint32_t body = (uint32_t)head->topic_bytes + head->payload_bytes;
    if (head->magic != RECORD_MAGIC || body > LOG_MOST_BYTES ||
        s_record_bytes(head->topic_bytes, head->payload_bytes) > sector_bytes - place.offset) {
        return LOOK_BROKEN;
    }
    uint32_t crc = crc32_of(0, head, CHECKED_BYTES);
    uint8_t piece[64];
    struct log_place at = {place.sector, place.offset + (uint32_t)sizeof *head};
    while (body > 0) {
        uint32_t size = body < sizeof piece ? body : (uint32_t)sizeof piece;
        if (!s_read(log, at, piece, size)) {
            return LOOK_BROKEN;
        }
        crc = crc32_of(crc, piece, size);
        at.offset += size;
        body -= size;
    }
    return crc == head->crc ? LOOK_RECORD : LOOK_BROKEN;
}

static bool s_begin_sector(struct outbox_log *log, uint32_t sector)
{
    struct log_place place = {.sector = sector};
    struct sector_head head = {.magic = SECTOR_MAGIC, .sequence = log->newest_sequence + 1, .reserved = NEEDED};
    head.crc = crc32_of(0, &head, offsetof(struct sector_head, crc));
    if (!log->flash->erase(log->flash->context, s_at(log, place), log->flash->sector_bytes) ||
        !s_write(log, place, &head, sizeof head)) {
        return false;
    }
    log->newest_sequence++;
    log->tail = s_first_of(sector);
    return true;
}

/* Where appending goes on in the newest sector: behind its last whole record, or nowhere if that was cut off. */
static void s_find_tail(struct outbox_log *log)
{
    struct record_head head;
    enum look look;
    while ((look = s_look(log, log->tail, &head)) == LOOK_RECORD) {
        log->tail.offset += s_record_bytes(head.topic_bytes, head.payload_bytes);
    }
    if (look == LOOK_BROKEN) {
        log->tail.offset = log->flash->sector_bytes;
    }
}

bool outbox_log_open(struct outbox_log *log, const struct node_flash *flash)
{
    *log = (struct outbox_log){.flash = flash};
    if (flash->bytes == 0 || flash->sector_bytes < LOG_MOST_BYTES + 128 || flash->bytes / flash->sector_bytes < 2) {
        return false;
    }
    log->sectors = flash->bytes / flash->sector_bytes;
    uint32_t newest = 0;
    bool any = false;
    for (uint32_t sector = 0; sector < log->sectors; sector++) {
        uint32_t sequence;
        if (s_read_sector(log, sector, &sequence) && (!any || sequence > log->newest_sequence)) {
            newest = sector;
            log->newest_sequence = sequence;
            any = true;
        }
    }
    if (!any) {
        bool begun = s_begin_sector(log, 0);
        log->head = log->tail;
        return begun;
    }
    /* The oldest is the first behind the newest whose number is one of the ring's. */
    uint32_t oldest = newest;
    for (uint32_t back = 1; back < log->sectors; back++) {
        uint32_t sector = (newest + log->sectors - back) % log->sectors;
        uint32_t sequence;
        if (!s_read_sector(log, sector, &sequence) || sequence != log->newest_sequence - back) {
            break;
        }
        oldest = sector;
    }
    log->tail = s_first_of(newest);
    s_find_tail(log);
    log->head = s_first_of(oldest);
    struct log_place place = log->head;
    struct log_place next;
    struct log_record record;
    for (; outbox_log_find(log, &place, &record, &next); place = next) {
        if (log->count++ == 0) {
            log->head = place;
        }
    }
    if (log->count == 0) {
        log->head = log->tail;
    }
    return true;
}

/* Makes `place` the beginning of the next sector; false when it is in the newest. */
static bool s_next_sector(const struct outbox_log *log, struct log_place *place)
{
    if (place->sector == log->tail.sector) {
        return false;
    }
    *place = s_first_of((place->sector + 1) % log->sectors);
    return true;
}

bool outbox_log_find(struct outbox_log *log, struct log_place *place, struct log_record *record, struct log_place *next)
{
    for (;;) {
        struct record_head head;
        if (log_place_equal(*place, log->tail)) {
            return false;
        }
        if (s_look(log, *place, &head) != LOOK_RECORD) {
            if (!s_next_sector(log, place)) {
                return false;
            }
            continue;
        }
        *next = (struct log_place){place->sector,
                                   place->offset + s_record_bytes(head.topic_bytes, head.payload_bytes)};
        if (head.needed == NEEDED) {
            *record = (struct log_record){
                .tag = head.tag,
                .sequence = head.sequence,
                .sampled_us = head.sampled_us,
                .published_us = head.published_us,
                .dated = (head.flags & FLAG_DATED) != 0,
                .topic_bytes = head.topic_bytes,
                .payload_bytes = head.payload_bytes,
            };
            return true;
        }
        *place = *next;
    }
}

bool outbox_log_load(const struct outbox_log *log, struct log_place place, const struct log_record *record, void *bytes)
{
    place.offset += (uint32_t)sizeof(struct record_head);
    return s_read(log, place, bytes, (size_t)record->topic_bytes + record->payload_bytes);
}

/* The sector in front of the tail is about to be erased: what it still holds is given up. */
static void s_give_way(struct outbox_log *log, uint32_t sector)
{
    if (log->count == 0 || log->head.sector != sector) {
        return;
    }
    struct log_place place = log->head;
    struct log_place next;
    struct log_record record;
    while (outbox_log_find(log, &place, &record, &next) && place.sector == sector) {
        log->count--;
        log->dropped++;
        place = next;
    }
    log->head = s_first_of((sector + 1) % log->sectors);
}

static bool s_is_blank(const struct outbox_log *log, struct log_place place, uint32_t size)
{
    uint8_t piece[64];
    while (size > 0) {
        uint32_t length = size < sizeof piece ? size : (uint32_t)sizeof piece;
        if (!s_read(log, place, piece, length)) {
            return false;
        }
        for (uint32_t at = 0; at < length; at++) {
            if (piece[at] != 0xff) {
                return false;
            }
        }
        place.offset += length;
        size -= length;
    }
    return true;
}

bool outbox_log_append(struct outbox_log *log, const struct log_record *record, const void *topic, const void *payload,
                       struct log_place *place)
{
    uint32_t size = s_record_bytes(record->topic_bytes, record->payload_bytes);
    if ((uint32_t)record->topic_bytes + record->payload_bytes > LOG_MOST_BYTES) {
        return false;
    }
    /* An erase that was cut off leaves bytes that no record was written to. */
    if (log->tail.offset + size > log->flash->sector_bytes || !s_is_blank(log, log->tail, size)) {
        uint32_t sector = (log->tail.sector + 1) % log->sectors;
        s_give_way(log, sector);
        bool empty = log->count == 0;
        if (!s_begin_sector(log, sector)) {
            return false;
        }
        if (empty) {
            log->head = log->tail;
        }
    }
    struct record_head head = {
        .magic = RECORD_MAGIC,
        .topic_bytes = record->topic_bytes,
        .payload_bytes = record->payload_bytes,
        .flags = record->dated ? FLAG_DATED : 0,
        .tag = record->tag,
        .sequence = record->sequence,
        .sampled_us = record->sampled_us,
        .published_us = record->published_us,
        .needed = NEEDED,
    };
    head.crc = crc32_of(0, &head, CHECKED_BYTES);
    head.crc = crc32_of(head.crc, topic, record->topic_bytes);
    head.crc = crc32_of(head.crc, payload, record->payload_bytes);

    uint8_t bytes[sizeof head + LOG_MOST_BYTES + 4];
    memset(bytes, 0xff, size);
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, topic, record->topic_bytes);
    memcpy(bytes + sizeof head + record->topic_bytes, payload, record->payload_bytes);
    *place = log->tail;
    if (!s_write(log, log->tail, bytes, size)) {
        /* Half of it may be there: nothing is written over it. */
        log->tail.offset = log->flash->sector_bytes;
        return false;
    }
    if (log->count++ == 0) {
        log->head = *place;
    }
    log->tail.offset += size;
    return true;
}

void outbox_log_mark(struct outbox_log *log, struct log_place place)
{
    struct log_place at = {place.sector, place.offset + (uint32_t)offsetof(struct record_head, needed)};
    uint32_t mark = NEEDED;
    if (!s_read(log, at, &mark, sizeof mark) || mark != NEEDED) {
        return;
    }
    mark = 0;
    if (!s_write(log, at, &mark, sizeof mark)) {
        return;
    }
    log->count--;
    struct log_place next;
    struct log_record record;
    if (!log_place_equal(place, log->head)) {
        return;
    }
    if (!outbox_log_find(log, &log->head, &record, &next)) {
        log->head = log->tail;
    }
}
