#include "ram_values.h"

#include <stdio.h>
#include <string.h>

/* The entry of a key, or the first that is free. */
static int s_find(const struct ram_values *values, const char *key)
{
    int free_entry = -1;
    for (int index = RAM_VALUES_MAX - 1; index >= 0; index--) {
        if (strcmp(values->entries[index].key, key) == 0) {
            return index;
        }
        if (values->entries[index].key[0] == '\0') {
            free_entry = index;
        }
    }
    return free_entry;
}

static size_t s_read(void *context, const char *key, void *bytes, size_t capacity)
{
    struct ram_values *values = context;
    int index = s_find(values, key);
    if (values->power->gone || index < 0 || values->entries[index].key[0] == '\0' ||
        values->entries[index].count > capacity) {
        return 0;
    }
    memcpy(bytes, values->entries[index].bytes, values->entries[index].count);
    return values->entries[index].count;
}

static bool s_write(void *context, const char *key, const void *bytes, size_t count)
{
    struct ram_values *values = context;
    int index = s_find(values, key);
    if (index < 0 || count > RAM_VALUE_BYTES || strlen(key) > 15) {
        return false;
    }
    if (power_operation(values->power, 1) == 1) {
        snprintf(values->entries[index].key, sizeof values->entries[index].key, "%s", key);
        memcpy(values->entries[index].bytes, bytes, count);
        values->entries[index].count = count;
    }
    return !values->power->gone;
}

static bool s_erase(void *context, const char *key)
{
    struct ram_values *values = context;
    int index = s_find(values, key);
    if (index >= 0 && values->entries[index].key[0] != '\0' && power_operation(values->power, 1) == 1) {
        values->entries[index].key[0] = '\0';
    }
    return !values->power->gone;
}

void ram_values_init(struct ram_values *values, struct power *power)
{
    *values = (struct ram_values){.power = power};
    values->port = (struct guest_values){.context = values, .read = s_read, .write = s_write, .erase = s_erase};
}
