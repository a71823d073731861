/* What the node asks of MQTT, on its way to the task that does it. */
#ifndef MQTT_JOB_H
#define MQTT_JOB_H

#include "node_ports.h"

/* Copies with everything that they point to, in one piece of memory for `free`. NULL without memory. */
struct node_mqtt_options *mqtt_job_copy_options(const struct node_mqtt_options *options);
struct node_mqtt_publication *mqtt_job_copy_publication(const struct node_mqtt_publication *publication);

struct mqtt_job {
    enum { MQTT_JOB_CONNECT, MQTT_JOB_DISCONNECT, MQTT_JOB_SUBSCRIBE, MQTT_JOB_PUBLISH } kind;
    /* Counts the connections; a job for one that is over is dropped. */
    uint32_t connection;
    bool goodbye;
    int32_t token;
    /* One of these, owned. */
    union {
        void *any;
        struct node_mqtt_options *options;
        char *topic;
        struct node_mqtt_publication *publication;
    } of;
};

#endif
