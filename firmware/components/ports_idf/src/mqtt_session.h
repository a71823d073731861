/* One connection to a broker: an esp-mqtt client from its start to its end. Blocks; not for the node's thread. */
#ifndef MQTT_SESSION_H
#define MQTT_SESSION_H

#include "node_ports.h"

struct mqtt_session;

/*
 * What is pointed to by `options` must last as long as the session. NULL without memory, or when the client refuses
 * them. Events are posted with `connection`.
 */
struct mqtt_session *mqtt_session_open(const struct node_mqtt_options *options, uint32_t connection);

/* Without `goodbye` the broker publishes the last will. Waits for the client's task. NULL is allowed. */
void mqtt_session_close(struct mqtt_session *session, bool goodbye);

void mqtt_session_subscribe(struct mqtt_session *session, const char *topic);

/* `token` is posted when the broker acknowledges a message of QoS 1. What cannot be sent ends the session. */
void mqtt_session_publish(struct mqtt_session *session, const struct node_mqtt_publication *publication, int32_t token);

#endif
