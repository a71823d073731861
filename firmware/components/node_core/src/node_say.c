#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "node_private.h"

/* What the network adds to each message: MQTT's fixed header, TCP, IP and the 802.11 frame. */
#define OVERHEAD_BYTES 100

static int32_t s_publish(struct node *node, const struct node_mqtt_publication *publication)
{
    int32_t token = node->ports.mqtt.publish(node->ports.mqtt.context, publication);
    if (token >= 0) {
        node->bytes_sent += strlen(publication->topic) + publication->size + OVERHEAD_BYTES;
    }
    return token;
}

size_t node_presence(struct node *node, bool online, char *text, size_t capacity)
{
    struct keeper *keeper = &node->keeper;
    bool runs = keeper->state == KEEPER_RUNNING || keeper->state == KEEPER_TRYING || keeper->state == KEEPER_FAULTED;
    struct protocol_presence presence = {
        .online = online,
        .runtime = keeper->native ? "native" : "WAMR",
        .firmware = node->ports.identity.firmware,
    };
    if (runs && keeper->has_record) {
        presence.guest_name = keeper->record.offer.name;
        presence.guest_sha256 = keeper->record.offer.sha256;
    }
    return protocol_presence_write(&presence, text, capacity);
}

void node_say_presence(struct node *node)
{
    if (node->online.broker != BROKER_ONLINE) {
        return;
    }
    char topic[PROTOCOL_TOPIC_BYTES];
    char payload[PROTOCOL_PAYLOAD_BYTES];
    node_topic(node, "presence", topic);
    size_t size = node_presence(node, true, payload, sizeof payload);
    s_publish(node, &(struct node_mqtt_publication){.topic = topic, .payload = payload, .size = size, .qos = 1, .retain = true});
}

void node_say_gone(struct node *node, const char *topic)
{
    if (node->online.broker != BROKER_ONLINE) {
        return;
    }
    char payload[PROTOCOL_PAYLOAD_BYTES];
    size_t size = node_presence(node, false, payload, sizeof payload);
    s_publish(node, &(struct node_mqtt_publication){.topic = topic, .payload = payload, .size = size, .qos = 1, .retain = true});
}

/*
 * Millijoules since boot: 3.3 V; 31.12 mA associated in modem sleep at DTIM 1 (ESP-IDF, "Low power mode in Wi-Fi
 * scenarios"); while a guest computes 68 mA and while the radio sends 240 mA instead (ESP32 datasheet, upper ends),
 * sending at 6 Mbit/s. Pump and lights are not in it.
 */
static int64_t s_energy_mj(const struct node *node, int64_t now_us)
{
    double sending_us = (double)node->bytes_sent * 8 / 6;
    double ma_us = 31.12 * (double)now_us + (68 - 31.12) * (double)node->guest_cpu_us + (240 - 31.12) * sending_us;
    return (int64_t)(3.3 * ma_us / 1e6);
}

void node_say_metrics(struct node *node)
{
    if (node->online.broker != BROKER_ONLINE) {
        return;
    }
    struct keeper *keeper = &node->keeper;
    bool stepped = keeper->guest != NULL && keeper->steps > 0;
    struct protocol_metrics metrics = {
        .heap_free_bytes = node->ports.system.heap_free_bytes(node->ports.system.context),
        .stack_free_bytes = stepped ? keeper->stack_free_bytes : -1,
        .step_us = stepped ? (int64_t)keeper->last_step_us : -1,
        .step_instructions = stepped && !keeper->native ? (int64_t)keeper->last_instructions : -1,
        .rssi_dbm = node->ports.wifi.rssi_dbm(node->ports.wifi.context),
        .bytes_sent = (int64_t)node->bytes_sent,
        .energy_mj = s_energy_mj(node, node_now_us(node)),
    };
    char topic[PROTOCOL_TOPIC_BYTES];
    char payload[PROTOCOL_PAYLOAD_BYTES];
    node_topic(node, "metrics", topic);
    size_t size = protocol_metrics_write(&metrics, payload, sizeof payload);
    s_publish(node, &(struct node_mqtt_publication){.topic = topic, .payload = payload, .size = size});
}

void node_say_lasting(struct node *node, const char *topic, const char *payload, int64_t sampled_us, int64_t published_us)
{
    int64_t now_us = node_now_us(node);
    int64_t wall_us = node->ports.clock.wall_us(node->ports.clock.context);
    int64_t shift_us = wall_us > 0 ? wall_us - now_us : 0;
    int64_t sampled = sampled_us < 0 ? -1 : sampled_us + shift_us;
    int64_t published = published_us < 0 ? -1 : published_us + shift_us;
    uint32_t dropped = node->outbox.dropped + node->outbox.log.dropped;
    if (!outbox_add(&node->outbox, topic, payload, sampled, published, wall_us > 0, now_us)) {
        node_log(node, 'E', "outbox", "A message to %s is lost: there is no memory for it.", topic);
    } else if (node->outbox.dropped + node->outbox.log.dropped > dropped && dropped == 0) {
        node_log(node, 'W', "outbox", "The outbox is full: its oldest messages are given up.");
    }
    node_flush(node);
}

void node_say_kind(struct node *node, const char *kind, const char *payload)
{
    char topic[PROTOCOL_TOPIC_BYTES];
    node_topic(node, kind, topic);
    node_say_lasting(node, topic, payload, -1, -1);
}

void node_say_reply(struct node *node, const struct node_asker *asker, const char *payload)
{
    if (node->online.broker != BROKER_ONLINE) {
        return;
    }
    char topic[PROTOCOL_TOPIC_BYTES];
    /* Wherever the request wants it: a node speaks under its own name only. */
    node_topic(node, "reply", topic);
    s_publish(node, &(struct node_mqtt_publication){
                        .topic = topic,
                        .payload = payload,
                        .size = strlen(payload),
                        .qos = 1,
                        .correlation = asker->correlation,
                        .correlation_size = asker->correlation_size,
                    });
}

/* Times by a clock that nobody knows the date of are of use to those alone who have asked for it since. */
static bool s_may_stamp(const struct node *node, const struct log_record *record)
{
    return record->published_us >= 0 && (record->dated || (node->clock_known && record->tag == node->tag));
}

static int32_t s_send(struct node *node, const struct log_record *record, const char *topic, const uint8_t *payload)
{
    char mid[PROTOCOL_NODE_ID_BYTES + 24];
    char sampled[24];
    char published[24];
    struct protocol_property properties[3] = {{"mid", mid}};
    size_t count = 1;
    snprintf(mid, sizeof mid, "%s-%08" PRIx32 "%08" PRIx32, settings_value(&node->settings, SETTING_NODE), record->tag,
             record->sequence);
    if (s_may_stamp(node, record)) {
        if (record->sampled_us >= 0) {
            snprintf(sampled, sizeof sampled, "%" PRId64, record->sampled_us);
            properties[count++] = (struct protocol_property){"sampledAt", sampled};
        }
        snprintf(published, sizeof published, "%" PRId64, record->published_us);
        properties[count++] = (struct protocol_property){"publishedAt", published};
    }
    return s_publish(node, &(struct node_mqtt_publication){
                               .topic = topic,
                               .payload = payload,
                               .size = record->payload_bytes,
                               .qos = 1,
                               .properties = properties,
                               .property_count = count,
                           });
}

void node_flush(struct node *node)
{
    uint8_t bytes[LOG_MOST_BYTES];
    char topic[PROTOCOL_TOPIC_BYTES];
    struct outbox_due due;
    while (node->online.broker == BROKER_ONLINE && outbox_due(&node->outbox, &due, bytes)) {
        size_t length = due.record.topic_bytes < sizeof topic ? due.record.topic_bytes : sizeof topic - 1;
        memcpy(topic, bytes, length);
        topic[length] = 0;
        int32_t token = s_send(node, &due.record, topic, bytes + due.record.topic_bytes);
        if (token <= 0) {
            return;
        }
        outbox_sent(&node->outbox, &due, token);
    }
}
