/* The MQTT port over libmosquitto: a thread for each connection, which ends with it. */
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"

#define LOOP_MS 100
/* As a client with a small buffer hands messages on. */
#define PIECE_BYTES 1024
#define MOST_PROPERTIES 16

struct mqtt_line {
    struct board *board;
    struct mosquitto *client;
    pthread_t thread;
    uint32_t number;
    char *host;
    uint16_t port;
    atomic_bool stop;
    /* The node's thread and the connection's own: the last frees it. */
    atomic_int holders;
    atomic_bool joined;
};

static void s_let_go(struct mqtt_line *line)
{
    if (atomic_fetch_sub(&line->holders, 1) > 1) {
        return;
    }
    mosquitto_destroy(line->client);
    free(line->host);
    free(line);
}

static void s_on_connect(struct mosquitto *client, void *context, int reason, int flags, const mosquitto_property *properties)
{
    (void)client;
    (void)flags;
    struct mqtt_line *line = context;
    uint16_t receive_maximum = 65535;
    if (reason == 0) {
        mosquitto_property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM, &receive_maximum, false);
        line->joined = true;
        node_post_mqtt_online(line->board->node, line->number, receive_maximum);
        return;
    }
    char text[160];
    snprintf(text, sizeof text, "The broker refused the connection: %s (reason code 0x%02x).",
             mosquitto_reason_string(reason), (unsigned)reason);
    if (!atomic_exchange(&line->stop, true)) {
        node_post_mqtt_offline(line->board->node, line->number, text);
    }
}

static void s_on_publish(struct mosquitto *client, void *context, int token, int reason, const mosquitto_property *properties)
{
    (void)client;
    (void)properties;
    struct mqtt_line *line = context;
    node_post_mqtt_acknowledged(line->board->node, line->number, token, (uint8_t)reason);
}

static void s_on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message,
                         const mosquitto_property *properties)
{
    (void)client;
    struct mqtt_line *line = context;
    struct protocol_property list[MOST_PROPERTIES];
    size_t count = 0;
    void *correlation = NULL;
    uint16_t correlation_size = 0;
    mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &correlation, &correlation_size, false);
    for (const mosquitto_property *at = properties; at != NULL && count < MOST_PROPERTIES;) {
        char *name = NULL;
        char *value = NULL;
        at = mosquitto_property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, count > 0);
        if (at != NULL) {
            list[count++] = (struct protocol_property){.name = name, .value = value};
        }
    }
    size_t total = (size_t)message->payloadlen;
    size_t offset = 0;
    bool first = true;
    do {
        size_t size = total - offset < PIECE_BYTES ? total - offset : PIECE_BYTES;
        struct node_mqtt_arrival arrival = {
            .topic = first ? message->topic : NULL,
            .correlation = first ? correlation : NULL,
            .correlation_size = first ? correlation_size : 0,
            .properties = list,
            .property_count = first ? count : 0,
            .retain = message->retain,
            .total_size = total,
            .offset = offset,
            .bytes = (const uint8_t *)message->payload + offset,
            .size = size,
        };
        node_post_mqtt_message(line->board->node, line->number, &arrival);
        offset += size;
        first = false;
    } while (offset < total);
    for (size_t at = 0; at < count; at++) {
        free((char *)list[at].name);
        free((char *)list[at].value);
    }
    free(correlation);
}

static void *s_run(void *context)
{
    struct mqtt_line *line = context;
    int result = mosquitto_connect(line->client, line->host, line->port, 15);
    bool reached = result == MOSQ_ERR_SUCCESS;
    while (result == MOSQ_ERR_SUCCESS && (!atomic_load(&line->stop) || line->joined)) {
        result = mosquitto_loop(line->client, LOOP_MS, 1);
    }
    if (!atomic_exchange(&line->stop, true)) {
        char text[200];
        const char *why = result == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(result);
        snprintf(text, sizeof text, reached ? "The connection to the broker broke off: %s." : "The broker at %s cannot be reached: %s.",
                 reached ? why : line->host, why);
        node_post_mqtt_offline(line->board->node, line->number, text);
    }
    s_let_go(line);
    return NULL;
}

static bool s_secure(struct board *board, struct mosquitto *client, const char *ca)
{
    if (ca == NULL) {
        return mosquitto_tls_set(client, NULL, "/etc/ssl/certs", NULL, NULL, NULL) == MOSQ_ERR_SUCCESS;
    }
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/ca.pem", board->options.state);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    bool written = fputs(ca, file) >= 0;
    written = fclose(file) == 0 && written;
    return written && mosquitto_tls_set(client, path, NULL, NULL, NULL, NULL) == MOSQ_ERR_SUCCESS;
}

static bool s_connect(void *context, const struct node_mqtt_options *options)
{
    struct board *board = context;
    board->connections++;
    struct mqtt_line *line = calloc(1, sizeof *line);
    if (line == NULL) {
        return false;
    }
    line->board = board;
    line->number = board->connections;
    line->host = strdup(options->address == NULL ? options->host : options->address);
    line->port = options->port;
    atomic_init(&line->holders, 1);
    line->client = mosquitto_new(options->client_id, true, line);
    if (line->client == NULL || line->host == NULL) {
        goto fail;
    }
    mosquitto_threaded_set(line->client, true);
    mosquitto_int_option(line->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_connect_v5_callback_set(line->client, s_on_connect);
    mosquitto_publish_v5_callback_set(line->client, s_on_publish);
    mosquitto_message_v5_callback_set(line->client, s_on_message);
    if (mosquitto_will_set_v5(line->client, options->will_topic, (int)strlen(options->will_payload), options->will_payload,
                              1, true, NULL) != MOSQ_ERR_SUCCESS ||
        (options->user != NULL && mosquitto_username_pw_set(line->client, options->user, options->password) != MOSQ_ERR_SUCCESS) ||
        (options->tls && !s_secure(board, line->client, options->ca))) {
        goto fail;
    }
    atomic_store(&line->holders, 2);
    if (pthread_create(&line->thread, NULL, s_run, line) != 0) {
        atomic_store(&line->holders, 1);
        goto fail;
    }
    board->line = line;
    return true;
fail:
    s_let_go(line);
    return false;
}

static void s_disconnect(void *context, bool goodbye)
{
    struct board *board = context;
    struct mqtt_line *line = board->line;
    if (line == NULL) {
        return;
    }
    board->line = NULL;
    atomic_store(&line->stop, true);
    if (goodbye && line->joined) {
        /* The loop goes on until it is said. */
        mosquitto_disconnect_v5(line->client, 0, NULL);
        pthread_join(line->thread, NULL);
    } else {
        line->joined = false;
        pthread_detach(line->thread);
    }
    s_let_go(line);
}

static bool s_subscribe(void *context, const char *topic)
{
    struct board *board = context;
    return board->line != NULL && mosquitto_subscribe(board->line->client, NULL, topic, 1) == MOSQ_ERR_SUCCESS;
}

static mosquitto_property *s_properties_of(const struct node_mqtt_publication *publication)
{
    mosquitto_property *properties = NULL;
    for (size_t at = 0; at < publication->property_count; at++) {
        mosquitto_property_add_string_pair(&properties, MQTT_PROP_USER_PROPERTY, publication->properties[at].name,
                                           publication->properties[at].value);
    }
    if (publication->correlation_size > 0) {
        mosquitto_property_add_binary(&properties, MQTT_PROP_CORRELATION_DATA, publication->correlation,
                                      (uint16_t)publication->correlation_size);
    }
    if (publication->expiry_s > 0) {
        mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, publication->expiry_s);
    }
    return properties;
}

static int32_t s_publish(void *context, const struct node_mqtt_publication *publication)
{
    struct board *board = context;
    if (board->line == NULL) {
        return -1;
    }
    mosquitto_property *properties = s_properties_of(publication);
    int token = 0;
    int result = mosquitto_publish_v5(board->line->client, &token, publication->topic, (int)publication->size,
                                      publication->payload, publication->qos, publication->retain, properties);
    mosquitto_property_free_all(&properties);
    if (result != MOSQ_ERR_SUCCESS) {
        return -1;
    }
    return publication->qos == 0 ? 0 : token;
}

void mqtt_mosquitto_open(struct board *board, struct node_ports *ports)
{
    mosquitto_lib_init();
    ports->mqtt = (struct node_mqtt_port){
        .context = board, .connect = s_connect, .disconnect = s_disconnect, .subscribe = s_subscribe, .publish = s_publish};
}
