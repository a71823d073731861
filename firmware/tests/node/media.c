#include <string.h>

#include "media.h"

static bool s_read(void *context, uint32_t offset, void *bytes, size_t count)
{
    struct ram_partition *partition = context;
    if (offset + count > partition->port.bytes) {
        return false;
    }
    memcpy(bytes, partition->bytes + offset, count);
    return true;
}

static bool s_write(void *context, uint32_t offset, const void *bytes, size_t count)
{
    struct ram_partition *partition = context;
    if (offset + count > partition->port.bytes) {
        partition->misused = true;
        return false;
    }
    for (size_t at = 0; at < count; at++) {
        if (partition->power == 0) {
            return false;
        }
        partition->power -= partition->power > 0;
        uint8_t byte = ((const uint8_t *)bytes)[at];
        partition->misused = partition->misused || (byte & ~partition->bytes[offset + at]) != 0;
        partition->bytes[offset + at] &= byte;
    }
    return true;
}

static bool s_erase(void *context, uint32_t offset, size_t count)
{
    struct ram_partition *partition = context;
    if (partition->power == 0) {
        return false;
    }
    memset(partition->bytes + offset, 0xff, count);
    return true;
}

void ram_partition_init(struct ram_partition *partition, uint32_t sectors)
{
    *partition = (struct ram_partition){.power = -1};
    memset(partition->bytes, 0xff, sizeof partition->bytes);
    partition->port = (struct node_flash){.context = partition,
                                          .bytes = sectors * MEDIA_SECTOR_BYTES,
                                          .sector_bytes = MEDIA_SECTOR_BYTES,
                                          .read = s_read,
                                          .write = s_write,
                                          .erase = s_erase};
}

static int s_find(const struct large_values *values, const char *key)
{
    for (int at = 0; at < MEDIA_VALUES; at++) {
        if (strcmp(values->entries[at].key, key) == 0) {
            return at;
        }
    }
    return -1;
}

static size_t s_get(void *context, const char *key, void *bytes, size_t capacity)
{
    struct large_values *values = context;
    int at = s_find(values, key);
    if (at < 0 || values->entries[at].size > capacity) {
        return 0;
    }
    memcpy(bytes, values->entries[at].bytes, values->entries[at].size);
    return values->entries[at].size;
}

static bool s_put(void *context, const char *key, const void *bytes, size_t count)
{
    struct large_values *values = context;
    int at = s_find(values, key);
    at = at < 0 ? s_find(values, "") : at;
    if (at < 0 || values->full || count > MEDIA_VALUE_BYTES || strlen(key) > 15) {
        return false;
    }
    strcpy(values->entries[at].key, key);
    memcpy(values->entries[at].bytes, bytes, count);
    values->entries[at].size = count;
    return true;
}

static bool s_remove(void *context, const char *key)
{
    struct large_values *values = context;
    int at = s_find(values, key);
    if (at >= 0) {
        values->entries[at].key[0] = 0;
    }
    return true;
}

static bool s_erase_all(void *context)
{
    struct large_values *values = context;
    for (int at = 0; at < MEDIA_VALUES; at++) {
        values->entries[at].key[0] = 0;
    }
    return true;
}

void large_values_init(struct large_values *values)
{
    memset(values, 0, sizeof *values);
    values->port = (struct node_values_port){
        .values = {.context = values, .read = s_get, .write = s_put, .erase = s_remove}, .erase_all = s_erase_all};
}
