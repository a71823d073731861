/* Why a broker cannot be reached or went away, as a sentence. */
#ifndef MQTT_FAILURE_H
#define MQTT_FAILURE_H

#include <stddef.h>

#include "mqtt_client.h"

#define MQTT_FAILURE_BYTES 160

/* From what came with MQTT_EVENT_ERROR. */
void mqtt_failure_of_error(const esp_mqtt_error_codes_t *error, char sentence[MQTT_FAILURE_BYTES]);

/* From the reason code of a DISCONNECT; 0: the broker gave none. */
void mqtt_failure_of_disconnect(int reason_code, char sentence[MQTT_FAILURE_BYTES]);

#endif
