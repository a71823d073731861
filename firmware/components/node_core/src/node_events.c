#include <string.h>

#include "node_private.h"

static struct event_part s_text(const char *text)
{
    return (struct event_part){.bytes = text, .size = text == NULL ? 0 : strlen(text)};
}

static bool s_post(struct node *node, enum event_kind kind, const int64_t *numbers, size_t number_count,
                   const struct event_part *parts, size_t part_count)
{
    return mailbox_post(&node->mailbox, kind, numbers, number_count, parts, part_count, NODE_POST_WAIT_MS);
}

bool node_post_serial(struct node *node, const uint8_t *bytes, size_t size)
{
    struct event_part part = {.bytes = (const char *)bytes, .size = size};
    return s_post(node, EVENT_SERIAL, NULL, 0, &part, 1);
}

bool node_post_network(struct node *node, const char *ssid, int rssi_dbm, bool secured)
{
    int64_t numbers[] = {rssi_dbm, secured};
    struct event_part part = s_text(ssid);
    return s_post(node, EVENT_NETWORK, numbers, 2, &part, 1);
}

bool node_post_scan_done(struct node *node)
{
    return s_post(node, EVENT_SCAN_DONE, NULL, 0, NULL, 0);
}

bool node_post_wifi_online(struct node *node, const char *address)
{
    struct event_part part = s_text(address);
    return s_post(node, EVENT_WIFI_ONLINE, NULL, 0, &part, 1);
}

bool node_post_wifi_offline(struct node *node, enum node_wifi_problem problem, const char *reason)
{
    int64_t number = problem;
    struct event_part part = s_text(reason);
    return s_post(node, EVENT_WIFI_OFFLINE, &number, 1, &part, 1);
}

bool node_post_resolved(struct node *node, const char *address, const char *host, uint16_t port)
{
    int64_t number = port;
    struct event_part parts[] = {s_text(address), s_text(host)};
    return s_post(node, EVENT_RESOLVED, &number, 1, parts, 2);
}

bool node_post_mqtt_online(struct node *node, uint32_t connection, uint16_t receive_maximum)
{
    int64_t numbers[] = {connection, receive_maximum};
    return s_post(node, EVENT_MQTT_ONLINE, numbers, 2, NULL, 0);
}

bool node_post_mqtt_offline(struct node *node, uint32_t connection, const char *reason)
{
    int64_t number = connection;
    struct event_part part = s_text(reason);
    return s_post(node, EVENT_MQTT_OFFLINE, &number, 1, &part, 1);
}

bool node_post_mqtt_acknowledged(struct node *node, uint32_t connection, int32_t token, uint8_t reason_code)
{
    int64_t numbers[] = {connection, token, reason_code};
    return s_post(node, EVENT_MQTT_ACKNOWLEDGED, numbers, 3, NULL, 0);
}

/* Of a guest's offer, or of others: NUL-terminated names and values one after the other. */
#define MOST_PROPERTY_BYTES 1024

bool node_post_mqtt_message(struct node *node, uint32_t connection, const struct node_mqtt_arrival *arrival)
{
    char properties[MOST_PROPERTY_BYTES];
    size_t size = 0;
    for (size_t at = 0; at < arrival->property_count; at++) {
        const struct protocol_property *property = &arrival->properties[at];
        size_t name = strlen(property->name) + 1;
        size_t value = strlen(property->value) + 1;
        if (size + name + value > sizeof properties) {
            break;
        }
        memcpy(properties + size, property->name, name);
        memcpy(properties + size + name, property->value, value);
        size += name + value;
    }
    int64_t numbers[] = {connection, arrival->retain, (int64_t)arrival->total_size, (int64_t)arrival->offset};
    struct event_part parts[] = {
        s_text(arrival->topic),
        {.bytes = arrival->correlation_size == 0 ? NULL : arrival->correlation, .size = arrival->correlation_size},
        {.bytes = properties, .size = size},
        {.bytes = arrival->size == 0 ? "" : arrival->bytes, .size = arrival->size},
    };
    return s_post(node, EVENT_MQTT_MESSAGE, numbers, 4, parts, 4);
}
