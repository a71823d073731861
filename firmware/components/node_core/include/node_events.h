/*
 * What happens around a node. Every function may be called on any thread and copies what it is given; the node acts on
 * it in `node_poll`. They wait up to `NODE_POST_WAIT_MS` for room; false: there was none, and the event is lost.
 */
#ifndef NODE_EVENTS_H
#define NODE_EVENTS_H

#include "node_ports.h"

#define NODE_POST_WAIT_MS 2000

struct node;

/* Bytes that came over the serial line. */
bool node_post_serial(struct node *node, const uint8_t *bytes, size_t size);

bool node_post_network(struct node *node, const char *ssid, int rssi_dbm, bool secured);
bool node_post_scan_done(struct node *node);
/* `address` as text, `192.168.1.7`. */
bool node_post_wifi_online(struct node *node, const char *address);
/* It could not be joined, or was lost. `reason` is a sentence for `NODE_WIFI_OTHER`, else NULL. */
bool node_post_wifi_offline(struct node *node, enum node_wifi_problem problem, const char *reason);

/* `address` as text; NULL: not found. `host` and `port` are those of a service that was looked for, else NULL and 0. */
bool node_post_resolved(struct node *node, const char *address, const char *host, uint16_t port);

/* `receive_maximum` as the broker says it; 65535 when it does not. `connection` counts the calls of `connect`, from 1. */
bool node_post_mqtt_online(struct node *node, uint32_t connection, uint16_t receive_maximum);
/* It could not connect, or was cut off; `reason` is a sentence. */
bool node_post_mqtt_offline(struct node *node, uint32_t connection, const char *reason);
/* `reason_code` as in PUBACK, MQTT 5 section 3.4.2.1. */
bool node_post_mqtt_acknowledged(struct node *node, uint32_t connection, int32_t token, uint8_t reason_code);

struct node_mqtt_arrival {
    /* Only in the first piece; NULL in those that follow. */
    const char *topic;
    const void *correlation;
    size_t correlation_size;
    const struct protocol_property *properties;
    size_t property_count;
    bool retain;
    /* Of the whole payload, and where this piece of it lies. */
    size_t total_size;
    size_t offset;
    const void *bytes;
    size_t size;
};

/* A message or a piece of one, as a client with a small buffer gets it; the pieces of a message come one after the other. */
bool node_post_mqtt_message(struct node *node, uint32_t connection, const struct node_mqtt_arrival *arrival);

#endif
