#include "mqtt_session.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "esp_crt_bundle.h"
#include "esp_log.h"
#include "mqtt_arrival.h"
#include "mqtt_client.h"
#include "mqtt_failure.h"
#include "mqtt_tokens.h"
#include "ports_private.h"

/* Topic and properties of a message must lie in the first piece. */
#define IN_BUFFER_BYTES 2048
#define OUT_BUFFER_BYTES 1536
#define STACK_BYTES 7168
#define TIMEOUT_MS 10000
/* A guest fills its slot at most; topic and properties come on top. */
#define LARGEST_MESSAGE_BYTES (0x40000 + IN_BUFFER_BYTES)
/* Messages that the broker may send before the first is taken. */
#define RECEIVE_MAXIMUM 4
/*
 * The client keeps the broker's Receive Maximum to itself. Fewer than any broker in the field allows: EMQX 32,
 * Mosquitto 20, HiveMQ 10.
 */
#define SEND_MAXIMUM 8
/* MQTT 5, section 3.14.2.1. */
#define DISCONNECT_WITH_WILL 0x04

static const char *TAG = "mqtt";

struct mqtt_session {
    uint32_t connection;
    esp_mqtt_client_handle_t client;
    struct mqtt_tokens tokens;
    /* A refusal and a broken line are told by two events; only the first end is posted. */
    atomic_bool over;
    /* On the client's task. */
    bool failed;
    char failure[MQTT_FAILURE_BYTES];
};

static void s_post_end(struct mqtt_session *session, const char *sentence)
{
    if (!atomic_exchange(&session->over, true)) {
        node_post_mqtt_offline(ports_node(), session->connection, sentence);
    }
}

static void s_disconnected(struct mqtt_session *session, const esp_mqtt_error_codes_t *error)
{
    if (!session->failed) {
        mqtt_failure_of_disconnect(error->disconnect_return_code, session->failure);
    }
    s_post_end(session, session->failure);
}

static void s_acknowledged(struct mqtt_session *session, const esp_mqtt_event_t *event)
{
    /* A PUBACK without a reason code means success. */
    uint8_t reason_code = event->data_len > 0 && event->data != NULL ? (uint8_t)event->data[0] : 0;
    int32_t token;
    if (mqtt_tokens_acknowledged(&session->tokens, event->msg_id, reason_code, &token)) {
        node_post_mqtt_acknowledged(ports_node(), session->connection, token, reason_code);
    }
}

/* On the client's task, which holds the client's lock: nothing of the client may be called, but for its getters. */
static void s_on_event(void *context, esp_event_base_t base, int32_t id, void *data)
{
    (void)base;
    struct mqtt_session *session = context;
    const esp_mqtt_event_t *event = data;

    switch (id) {
    case MQTT_EVENT_CONNECTED:
        node_post_mqtt_online(ports_node(), session->connection, SEND_MAXIMUM);
        break;
    case MQTT_EVENT_DISCONNECTED:
        s_disconnected(session, event->error_handle);
        break;
    case MQTT_EVENT_ERROR:
        mqtt_failure_of_error(event->error_handle, session->failure);
        session->failed = true;
        break;
    case MQTT_EVENT_DATA:
        if (!mqtt_arrival_post(event, session->connection)) {
            ESP_LOGW(TAG, "a message is lost: no room for %d of its %d bytes", event->data_len, event->total_data_len);
        }
        break;
    case MQTT_EVENT_PUBLISHED:
        s_acknowledged(session, event);
        break;
    case MQTT_EVENT_SUBSCRIBED:
        if (event->error_handle->error_type == MQTT_ERROR_TYPE_SUBSCRIBE_FAILED) {
            ESP_LOGW(TAG, "the broker refuses a subscription");
        }
        break;
    case MQTT_EVENT_DELETED:
        /* After half a minute the client forgets what was not acknowledged. The node would wait for ever. */
        s_post_end(session, "The broker does not acknowledge what it gets.");
        break;
    default:
        break;
    }
}

static esp_mqtt_client_config_t s_config(const struct node_mqtt_options *options)
{
    esp_mqtt_client_config_t config = {
        .broker.address.hostname = options->address != NULL ? options->address : options->host,
        .broker.address.port = options->port,
        .broker.address.transport = options->tls ? MQTT_TRANSPORT_OVER_SSL : MQTT_TRANSPORT_OVER_TCP,
        .credentials.client_id = options->client_id,
        .credentials.username = options->user,
        .credentials.authentication.password = options->password,
        .session.protocol_ver = MQTT_PROTOCOL_V_5,
        .session.keepalive = options->keep_alive_s,
        .session.last_will.topic = options->will_topic,
        .session.last_will.msg = options->will_payload,
        .session.last_will.qos = 1,
        .session.last_will.retain = 1,
        /* MQTT 5 forbids sending again on the same connection (section 4.4). */
        .session.message_retransmit_timeout = INT_MAX,
        .network.disable_auto_reconnect = true,
        .network.timeout_ms = TIMEOUT_MS,
        .task.stack_size = STACK_BYTES,
        .buffer.size = IN_BUFFER_BYTES,
        .buffer.out_size = OUT_BUFFER_BYTES,
    };
    if (options->tls) {
        /* The name that the user trusts, wherever mDNS found it. */
        config.broker.verification.common_name = options->host;
        config.broker.verification.certificate = options->ca;
        config.broker.verification.crt_bundle_attach = options->ca == NULL ? esp_crt_bundle_attach : NULL;
    }
    return config;
}

struct mqtt_session *mqtt_session_open(const struct node_mqtt_options *options, uint32_t connection)
{
    const esp_mqtt5_connection_property_config_t properties = {
        .maximum_packet_size = LARGEST_MESSAGE_BYTES,
        .receive_maximum = RECEIVE_MAXIMUM,
        .request_problem_info = true,
    };
    const esp_mqtt_client_config_t config = s_config(options);
    struct mqtt_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return NULL;
    }
    session->connection = connection;
    session->client = esp_mqtt_client_init(&config);
    if (session->client == NULL) {
        goto without_client;
    }
    if (esp_mqtt5_client_set_connect_property(session->client, &properties) != ESP_OK ||
        esp_mqtt_client_register_event(session->client, MQTT_EVENT_ANY, s_on_event, session) != ESP_OK ||
        esp_mqtt_client_start(session->client) != ESP_OK) {
        goto not_started;
    }
    return session;

not_started:
    esp_mqtt_client_destroy(session->client);
without_client:
    free(session);
    return NULL;
}

void mqtt_session_close(struct mqtt_session *session, bool goodbye)
{
    if (session == NULL) {
        return;
    }
    /* Its end is wanted, so nothing is posted about it. */
    atomic_store(&session->over, true);
    if (!goodbye) {
        const esp_mqtt5_disconnect_property_config_t with_will = {.disconnect_reason = DISCONNECT_WITH_WILL};
        esp_mqtt5_client_set_disconnect_property(session->client, &with_will);
    }
    esp_mqtt_client_destroy(session->client);
    free(session);
}

void mqtt_session_subscribe(struct mqtt_session *session, const char *topic)
{
    if (esp_mqtt_client_subscribe_single(session->client, topic, 1) < 0) {
        s_post_end(session, "A subscription could not be sent.");
    }
}

/* The client takes them as a list that it allocates. */
static bool s_user_properties(const struct node_mqtt_publication *publication, mqtt5_user_property_handle_t *list)
{
    *list = NULL;
    if (publication->property_count == 0) {
        return true;
    }
    esp_mqtt5_user_property_item_t *items = calloc(publication->property_count, sizeof *items);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < publication->property_count; i++) {
        items[i].key = publication->properties[i].name;
        items[i].value = publication->properties[i].value;
    }
    bool made = esp_mqtt5_client_set_user_property(list, items, publication->property_count) == ESP_OK;
    free(items);
    return made;
}

void mqtt_session_publish(struct mqtt_session *session, const struct node_mqtt_publication *publication, int32_t token)
{
    int packet = -1;
    uint8_t reason_code;
    esp_mqtt5_publish_property_config_t properties = {
        .message_expiry_interval = publication->expiry_s,
        .correlation_data = publication->correlation,
        .correlation_data_len = publication->correlation_size,
    };

    /* The client keeps a pointer to the properties until the next message, so they are set for each, none left out. */
    if (s_user_properties(publication, &properties.user_property) &&
        esp_mqtt5_client_set_publish_property(session->client, &properties) == ESP_OK) {
        packet = esp_mqtt_client_publish(session->client, publication->topic,
                                         publication->size == 0 ? NULL : publication->payload, publication->size,
                                         publication->qos, publication->retain);
    }
    esp_mqtt5_client_delete_user_property(properties.user_property);
    if (publication->qos == 0) {
        return;
    }
    if (packet < 0) {
        /* The node keeps the message and sends it by the next connection. */
        s_post_end(session, "A message could not be sent.");
    } else if (mqtt_tokens_sent(&session->tokens, packet, token, &reason_code)) {
        node_post_mqtt_acknowledged(ports_node(), session->connection, token, reason_code);
    }
}
