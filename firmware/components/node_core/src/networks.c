#include <stdlib.h>
#include <string.h>

#include "networks.h"

#define STORED_AS "networks"
#define MOST_STORED_BYTES (NETWORKS_MOST * (2 + NODE_SSID_BYTES + NODE_PASSPHRASE_BYTES))

/* For each network its name and its password, each with its length in one byte before it. */
static bool s_store(const struct networks *networks)
{
    if (networks->count == 0) {
        return networks->values->erase(networks->values->context, STORED_AS);
    }
    uint8_t *bytes = malloc(MOST_STORED_BYTES);
    if (bytes == NULL) {
        return false;
    }
    size_t size = 0;
    for (size_t at = 0; at < networks->count; at++) {
        const char *texts[] = {networks->list[at].ssid, networks->list[at].password};
        for (int text = 0; text < 2; text++) {
            size_t length = strlen(texts[text]);
            bytes[size++] = (uint8_t)length;
            memcpy(bytes + size, texts[text], length);
            size += length;
        }
    }
    bool stored = networks->values->write(networks->values->context, STORED_AS, bytes, size);
    free(bytes);
    return stored;
}

static bool s_take(const uint8_t *bytes, size_t size, size_t *at, char *text, size_t most)
{
    if (*at >= size || bytes[*at] > most || bytes[*at] > size - *at - 1) {
        return false;
    }
    size_t length = bytes[(*at)++];
    memcpy(text, bytes + *at, length);
    text[length] = 0;
    *at += length;
    return true;
}

static bool s_append(struct networks *networks, const struct network *network)
{
    struct network *longer = realloc(networks->list, (networks->count + 1) * sizeof *longer);
    if (longer == NULL) {
        return false;
    }
    networks->list = longer;
    networks->list[networks->count++] = *network;
    return true;
}

void networks_open(struct networks *networks, const struct guest_values *values)
{
    *networks = (struct networks){.values = values};
    uint8_t *bytes = malloc(MOST_STORED_BYTES);
    if (bytes == NULL) {
        return;
    }
    size_t size = values->read(values->context, STORED_AS, bytes, MOST_STORED_BYTES);
    size_t at = 0;
    struct network network;
    while (networks->count < NETWORKS_MOST && s_take(bytes, size, &at, network.ssid, NODE_SSID_BYTES) &&
           s_take(bytes, size, &at, network.password, NODE_PASSPHRASE_BYTES) && s_append(networks, &network)) {
    }
    free(bytes);
}

void networks_close(struct networks *networks)
{
    free(networks->list);
    networks->list = NULL;
    networks->count = 0;
}

const struct network *networks_find(const struct networks *networks, const char *ssid)
{
    for (size_t at = 0; at < networks->count; at++) {
        if (strcmp(networks->list[at].ssid, ssid) == 0) {
            return &networks->list[at];
        }
    }
    return NULL;
}

bool networks_put(struct networks *networks, const char *ssid, const char *password)
{
    const struct network *known = networks_find(networks, ssid);
    if (known != NULL && known == networks->list && strcmp(known->password, password) == 0) {
        return true;
    }
    struct network network = {0};
    strncpy(network.ssid, ssid, sizeof network.ssid - 1);
    strncpy(network.password, password, sizeof network.password - 1);
    if (known == NULL) {
        if (networks->count == NETWORKS_MOST || !s_append(networks, &network)) {
            return false;
        }
        known = &networks->list[networks->count - 1];
    }
    size_t at = (size_t)(known - networks->list);
    memmove(networks->list + 1, networks->list, at * sizeof *networks->list);
    networks->list[0] = network;
    return s_store(networks);
}

bool networks_forget(struct networks *networks, const char *ssid)
{
    const struct network *known = networks_find(networks, ssid);
    if (known == NULL) {
        return true;
    }
    size_t at = (size_t)(known - networks->list);
    networks->count--;
    memmove(networks->list + at, networks->list + at + 1, (networks->count - at) * sizeof *networks->list);
    return s_store(networks);
}
