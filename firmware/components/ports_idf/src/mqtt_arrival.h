/* A message that came in, on its way from the client to the node. */
#ifndef MQTT_ARRIVAL_H
#define MQTT_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "mqtt_client.h"

/* Posts the piece that came with MQTT_EVENT_DATA. False: no room or memory. */
bool mqtt_arrival_post(const esp_mqtt_event_t *event, uint32_t connection);

#endif
