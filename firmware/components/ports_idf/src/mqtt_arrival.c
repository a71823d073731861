#include "mqtt_arrival.h"

#include <stdlib.h>
#include <string.h>

#include "ports_private.h"

/* A guest offer has four. */
#define MOST_PROPERTIES 16

static bool s_post(const esp_mqtt_event_t *event, uint32_t connection, struct node_mqtt_arrival *arrival)
{
    arrival->retain = event->retain;
    arrival->total_size = event->total_data_len;
    arrival->offset = event->current_data_offset;
    arrival->bytes = event->data;
    arrival->size = event->data_len;
    return node_post_mqtt_message(ports_node(), connection, arrival);
}

bool mqtt_arrival_post(const esp_mqtt_event_t *event, uint32_t connection)
{
    struct node_mqtt_arrival arrival = {0};
    struct protocol_property properties[MOST_PROPERTIES];
    esp_mqtt5_user_property_item_t items[MOST_PROPERTIES];
    uint8_t count = 0;

    /* Only the first piece has a topic and properties. */
    if (event->topic == NULL || event->topic_len == 0) {
        return s_post(event, connection, &arrival);
    }
    const esp_mqtt5_event_property_t *property = event->property;
    char *topic = strndup(event->topic, event->topic_len);
    bool posted = false;

    if (topic == NULL) {
        return false;
    }
    if (esp_mqtt5_client_get_user_property_count(property->user_property) > 0) {
        count = MOST_PROPERTIES;
        if (esp_mqtt5_client_get_user_property(property->user_property, items, &count) != ESP_OK) {
            count = 0;
            goto out;
        }
    }
    for (size_t i = 0; i < count; i++) {
        properties[i] = (struct protocol_property) {.name = items[i].key, .value = items[i].value};
    }
    arrival.topic = topic;
    arrival.correlation = property->correlation_data;
    arrival.correlation_size = property->correlation_data_len;
    arrival.properties = properties;
    arrival.property_count = count;
    posted = s_post(event, connection, &arrival);

out:
    for (size_t i = 0; i < count; i++) {
        free((char *)items[i].key);
        free((char *)items[i].value);
    }
    free(topic);
    return posted;
}
