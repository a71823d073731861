/* A partition of the outbox that holds anything at all: it is read without harm, and takes messages afterwards. */
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"
#include "media.h"
#include "outbox.h"

static struct ram_partition s_flash;

static void s_must(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > FUZZ_MOST_BYTES) {
        return 0;
    }
    ram_partition_init(&s_flash, 2);
    uint32_t at = bytes[0] % 2 == 0 ? 0 : MEDIA_SECTOR_BYTES;
    memcpy(s_flash.bytes + at, bytes + 2, size - 2);
    struct outbox outbox;
    outbox_open(&outbox, &s_flash.port, 9);
    uint32_t before = outbox_count(&outbox);
    s_must(before < 100 && outbox_add(&outbox, "t", "new", 1, 2, true, 3));
    outbox_online(&outbox, 1 + bytes[1] % 8);
    uint8_t message[LOG_MOST_BYTES];
    struct outbox_due due;
    int32_t token = 0;
    bool came = false;
    while (outbox_due(&outbox, &due, message)) {
        outbox_sent(&outbox, &due, ++token);
        came = memcmp(message, "tnew", 4) == 0 && due.record.topic_bytes == 1;
        outbox_acknowledged(&outbox, token);
        s_must(token < 1000);
    }
    s_must(came && outbox_count(&outbox) == 0 && !s_flash.misused);
    outbox_close(&outbox);
    return 0;
}

size_t fuzz_seed(unsigned index, uint8_t bytes[FUZZ_MOST_BYTES])
{
    if (index > 2) {
        return 0;
    }
    struct outbox outbox;
    ram_partition_init(&s_flash, 2);
    outbox_open(&outbox, &s_flash.port, 5);
    for (unsigned number = 0; number < 3 * index; number++) {
        outbox_add(&outbox, "ic/n1/data", "{\"raw\":1830,\"pct\":51}", 10, 20, true, 30);
    }
    outbox_online(&outbox, 1);
    uint8_t message[LOG_MOST_BYTES];
    struct outbox_due due;
    if (outbox_due(&outbox, &due, message)) {
        outbox_sent(&outbox, &due, 1);
        outbox_acknowledged(&outbox, 1);
    }
    outbox_close(&outbox);
    bytes[0] = (uint8_t)index;
    bytes[1] = 3;
    memcpy(bytes + 2, s_flash.bytes, 800);
    return 802;
}
