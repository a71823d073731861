/* Messages until they are delivered: through outages, cuts of the power and a full partition. */
#include <stdio.h>
#include <stdlib.h>

#include "media.h"
#include "outbox.h"
#include "scenario.h"

static struct ram_partition s_flash;
static int64_t s_now_us;

static void s_add(struct outbox *outbox, unsigned number)
{
    char payload[24];
    snprintf(payload, sizeof payload, "%u", number);
    CHECK(outbox_add(outbox, "ic/n1/data", payload, -1, s_now_us, true, s_now_us));
}

/* The number of what is sent next, or -1. */
static long s_send(struct outbox *outbox, int32_t token)
{
    uint8_t bytes[LOG_MOST_BYTES + 1];
    struct outbox_due due;
    if (!outbox_due(outbox, &due, bytes)) {
        return -1;
    }
    bytes[due.record.topic_bytes + due.record.payload_bytes] = 0;
    outbox_sent(outbox, &due, token);
    return strtol((char *)bytes + due.record.topic_bytes, NULL, 10);
}

static void s_order(void)
{
    scenario("What was said while the broker was away comes first, in order, and each once");
    struct outbox outbox;
    ram_partition_init(&s_flash, MEDIA_SECTORS);
    outbox_open(&outbox, &s_flash.port, 1);
    for (unsigned number = 0; number < 30; number++) {
        s_add(&outbox, number);
    }
    CHECK(outbox_count(&outbox) == 30);
    outbox_online(&outbox, 65535);
    s_add(&outbox, 30);
    for (int number = 0; number <= 30; number++) {
        CHECK(s_send(&outbox, 100 + number) == number);
        outbox_acknowledged(&outbox, 100 + number);
    }
    CHECK(s_send(&outbox, 1) == -1);
    CHECK(outbox_count(&outbox) == 0);
    CHECK(!s_flash.misused);
    outbox_close(&outbox);
}

static void s_window(void)
{
    scenario("No more is on the way than the broker takes; what was not acknowledged goes again, in order");
    struct outbox outbox;
    ram_partition_init(&s_flash, MEDIA_SECTORS);
    outbox_open(&outbox, &s_flash.port, 1);
    outbox_online(&outbox, 3);
    for (unsigned number = 0; number < 6; number++) {
        s_add(&outbox, number);
    }
    CHECK(s_send(&outbox, 1) == 0 && s_send(&outbox, 2) == 1 && s_send(&outbox, 3) == 2 && s_send(&outbox, 4) == -1);
    outbox_acknowledged(&outbox, 2);
    outbox_offline(&outbox);
    outbox_online(&outbox, 3);
    /* An acknowledgement of the connection before means nothing. */
    outbox_acknowledged(&outbox, 1);
    CHECK(s_send(&outbox, 1) == 0 && s_send(&outbox, 2) == 2 && s_send(&outbox, 3) == 3);
    outbox_close(&outbox);
}

static void s_full(void)
{
    scenario("When the partition is full the oldest give way, and the newest stay in order");
    struct outbox outbox;
    ram_partition_init(&s_flash, 2);
    outbox_open(&outbox, &s_flash.port, 1);
    for (unsigned number = 0; number < 1000; number++) {
        s_add(&outbox, number);
    }
    uint32_t kept = outbox_count(&outbox);
    CHECK(kept > 50 && kept < 1000 && outbox.log.dropped == 1000 - kept);
    outbox_online(&outbox, 8);
    for (uint32_t at = 0; at < kept; at++) {
        CHECK(s_send(&outbox, 7) == (long)(1000 - kept + at));
        outbox_acknowledged(&outbox, 7);
    }
    CHECK(!s_flash.misused && outbox_count(&outbox) == 0);
    outbox_close(&outbox);
}

static void s_without_flash(void)
{
    scenario("A board without a partition keeps the latest in memory");
    struct outbox outbox;
    static const struct node_flash none;
    outbox_open(&outbox, &none, 1);
    for (unsigned number = 0; number < OUTBOX_MOST_IN_MEMORY + 5; number++) {
        s_add(&outbox, number);
    }
    CHECK(outbox_count(&outbox) == OUTBOX_MOST_IN_MEMORY && outbox.dropped == 5);
    outbox_online(&outbox, 1);
    CHECK(s_send(&outbox, 1) == 5);
    outbox_close(&outbox);
}

static uint32_t s_random;

static uint32_t s_chance(uint32_t below)
{
    s_random ^= s_random << 13;
    s_random ^= s_random >> 17;
    s_random ^= s_random << 5;
    return s_random % below;
}

/* Everything that can happen, in any order, against a list of what must come. */
static void s_any_order(uint32_t seed)
{
    scenario_detail("seed %u", (unsigned)seed);
    s_random = seed;
    struct outbox outbox;
    ram_partition_init(&s_flash, MEDIA_SECTORS);
    outbox_open(&outbox, &s_flash.port, seed);
    static uint8_t delivered[400];
    memset(delivered, 0, sizeof delivered);
    long on_the_way[OUTBOX_WINDOW];
    int32_t tokens[OUTBOX_WINDOW];
    size_t way = 0;
    unsigned next = 0;
    int32_t token = 1;
    long newest = -1;
    bool online = false;
    s_now_us = 0;
    while (next < sizeof delivered || outbox_count(&outbox) > 0) {
        int64_t due_us;
        s_now_us += 20000;
        switch (s_chance(10)) {
        case 0:
        case 1:
        case 2:
            if (next < sizeof delivered) {
                s_add(&outbox, next++);
            }
            break;
        case 3:
        case 4:
        case 5: {
            long number = s_send(&outbox, token);
            if (number >= 0) {
                /* After an outage some come again, but none before those that were before it. */
                CHECK(number <= newest + 1 || !online || delivered[number] == 0);
                newest = number > newest ? number : newest;
                tokens[way] = token++;
                on_the_way[way++] = number;
            }
            break;
        }
        case 6:
        case 7:
            if (way > 0) {
                size_t at = s_chance((uint32_t)way);
                outbox_acknowledged(&outbox, tokens[at]);
                delivered[on_the_way[at]] = 1;
                way--;
                tokens[at] = tokens[way];
                on_the_way[at] = on_the_way[way];
            }
            break;
        case 8:
            outbox_settle(&outbox, s_now_us, &due_us);
            break;
        default:
            if (s_chance(4) > 0 && next < sizeof delivered) {
                break;
            }
            online = !online;
            way = 0;
            newest = -1;
            if (online) {
                outbox_online(&outbox, 1 + s_chance(8));
            } else {
                outbox_offline(&outbox);
                if (s_chance(2) == 0) {
                    /* The power goes: what is in memory is gone, but nothing is there any more. */
                    CHECK(outbox.in_memory == 0);
                    outbox_open(&outbox, &s_flash.port, seed + next);
                }
            }
        }
    }
    for (size_t at = 0; at < sizeof delivered; at++) {
        scenario_detail("seed %u, message %zu", (unsigned)seed, at);
        CHECK(delivered[at] == 1);
    }
    CHECK(!s_flash.misused);
    outbox_close(&outbox);
}

static void s_cut(void)
{
    scenario("A cut of the power in the middle of a write costs that one message at most");
    for (long power = 1; power < 900; power++) {
        scenario_detail("power for %ld bytes", power);
        struct outbox outbox;
        ram_partition_init(&s_flash, MEDIA_SECTORS);
        outbox_open(&outbox, &s_flash.port, 1);
        s_flash.power = power;
        unsigned number = 0;
        while (s_flash.power != 0) {
            s_add(&outbox, number++);
        }
        s_flash.power = -1;
        struct outbox again;
        outbox_open(&again, &s_flash.port, 2);
        uint32_t kept = outbox_count(&again);
        CHECK(kept + 1 >= number);
        s_add(&again, number);
        outbox_online(&again, 8);
        for (uint32_t at = 0; at < kept; at++) {
            CHECK(s_send(&again, 5) == (long)at);
            outbox_acknowledged(&again, 5);
        }
        CHECK(s_send(&again, 5) == (long)number);
        outbox_close(&again);
        outbox_close(&outbox);
    }
}

int main(void)
{
    s_order();
    s_window();
    s_full();
    s_without_flash();
    s_cut();
    scenario("Whatever happens in whatever order, every message comes in the end");
    for (uint32_t seed = 1; seed <= 60; seed++) {
        s_any_order(seed);
    }
    return scenarios_passed();
}
