#include "node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest_abi.gen.h"
#include "node_private.h"

#define SECOND_US 1000000LL
#define MOST_EVENTS 64
/* So many boots in a row that ended in a panic, a watchdog or a brownout, and the guest is not started. */
#define MOST_BAD_BOOTS 4
/* A boot that lasted so long was none of those. */
#define GOOD_BOOT_US (60 * SECOND_US)
#define LONGEST_WAIT_MS 1000

#define BOOTS_KEY "boots"
#define BAD_BOOTS_KEY "boots.bad"
#define CONFIG_KEY "config"

static const struct node_rules s_usual_rules = {
    .pump_longest_s = 600,
    .metrics_period_s = 60,
    .keep_alive_s = 15,
};

int64_t node_now_us(const struct node *node)
{
    return node->ports.clock.uptime_us(node->ports.clock.context);
}

int64_t node_clock_us(const struct node *node)
{
    int64_t wall_us = node->ports.clock.wall_us(node->ports.clock.context);
    return wall_us > 0 ? wall_us : node_now_us(node);
}

void node_topic(const struct node *node, const char *kind, char topic[PROTOCOL_TOPIC_BYTES])
{
    protocol_node_topic(settings_value(&node->settings, SETTING_ROOT), settings_value(&node->settings, SETTING_NODE), kind,
                        topic);
}

void node_log(struct node *node, char level, const char *tag, const char *format, ...)
{
    char text[384];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    node->ports.system.log(node->ports.system.context, level, tag, text);
}

/* ---- Life ---- */

static void s_count_boot(struct node *node)
{
    const struct guest_values *values = &node->ports.values.values;
    enum node_reset reset = node->ports.identity.reset;
    values->read(values->context, BOOTS_KEY, &node->boots, sizeof node->boots);
    values->read(values->context, BAD_BOOTS_KEY, &node->bad_boots, sizeof node->bad_boots);
    node->boots++;
    uint32_t bad = reset == NODE_RESET_PANIC || reset == NODE_RESET_WATCHDOG || reset == NODE_RESET_BROWNOUT ? node->bad_boots + 1 : 0;
    values->write(values->context, BOOTS_KEY, &node->boots, sizeof node->boots);
    if (bad != node->bad_boots) {
        node->bad_boots = bad;
        values->write(values->context, BAD_BOOTS_KEY, &node->bad_boots, sizeof node->bad_boots);
    }
    node->safe_mode = bad >= MOST_BAD_BOOTS;
}

static void s_load_config(struct node *node)
{
    const struct guest_values *values = &node->ports.values.values;
    struct protocol_config stored;
    node->config = (struct protocol_config){
        .dry = ABI_DEFAULT_DRY,
        .wet = ABI_DEFAULT_WET,
        .threshold = ABI_DEFAULT_THRESHOLD,
        .period_ms = ABI_DEFAULT_PERIOD_MS,
        .hysteresis = ABI_DEFAULT_HYSTERESIS,
    };
    if (values->read(values->context, CONFIG_KEY, &stored, sizeof stored) == sizeof stored) {
        node->config = stored;
    }
}

static void s_complete_rules(struct node_rules *rules)
{
    rules->pump_longest_s = rules->pump_longest_s > 0 ? rules->pump_longest_s : s_usual_rules.pump_longest_s;
    rules->metrics_period_s = rules->metrics_period_s > 0 ? rules->metrics_period_s : s_usual_rules.metrics_period_s;
    rules->keep_alive_s = rules->keep_alive_s > 0 ? rules->keep_alive_s : s_usual_rules.keep_alive_s;
}

struct node *node_create(const struct node_ports *ports)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        return NULL;
    }
    node->ports = *ports;
    node->started_us = node_now_us(node);
    node->restart_due_us = INT64_MAX;
    s_complete_rules(&node->ports.rules);
    mailbox_open(&node->mailbox);
    pthread_mutex_init(&node->config_lock, NULL);
    outputs_open(&node->outputs, &node->ports.board, node->ports.rules.pump_longest_s);
    outputs_all_off(&node->outputs, node->started_us);
    settings_open(&node->settings, &node->ports.values.values, ports->identity.mac);
    networks_open(&node->networks, &node->ports.values.values);
    s_count_boot(node);
    s_load_config(node);
    ports->system.random(ports->system.context, &node->tag, sizeof node->tag);
    outbox_open(&node->outbox, &node->ports.outbox, node->tag);

    node_parts_open(node);
    node_guest_open(node);
    node_serial_open(node);
    node_log(node, 'I', "node", "continuum-node %s on %s, %s", ports->identity.firmware, ports->identity.chip,
             settings_value(&node->settings, SETTING_NODE));
    if (node->safe_mode) {
        node_log(node, 'E', "node", "Safe mode: the last %d boots ended in a crash, so no guest is started.", MOST_BAD_BOOTS);
    }
    keeper_open(&node->keeper, &node->ports, &node->keeper_port);
    return node;
}

void node_start(struct node *node)
{
    int64_t now_us = node_now_us(node);
    node->metrics_due_us = now_us + SECOND_US * node->ports.rules.metrics_period_s;
    keeper_start(&node->keeper, node->safe_mode, now_us);
    online_start(&node->online, now_us);
    improv_link_say_state(&node->link, IMPROV_READY);
}

static void s_stepped(struct node *node, const struct event *event, int64_t now_us)
{
    uint32_t step_us = (uint32_t)(event->numbers[2] >> 32);
    node->guest_cpu_us += step_us;
    keeper_stepped(&node->keeper, (uint32_t)event->numbers[0], (uint32_t)event->numbers[1], step_us,
                   (uint32_t)event->numbers[2], (int32_t)event->numbers[3], now_us);
}

static void s_acknowledged(struct node *node, const struct event *event)
{
    if (event->numbers[2] >= 0x80) {
        node_log(node, 'W', "broker", "A message was refused with reason code 0x%02x and is given up.",
                 (unsigned)event->numbers[2]);
    }
    outbox_acknowledged(&node->outbox, (int32_t)event->numbers[1]);
    node_flush(node);
}

static void s_happened(struct node *node, const struct event *event, int64_t now_us)
{
    const char *first = event->parts[0].bytes;
    bool current = event->numbers[0] == node->online.connection && node->online.broker == BROKER_ONLINE;
    switch (event->kind) {
    case EVENT_SERIAL:
        improv_link_take(&node->link, (const uint8_t *)first, event->parts[0].size);
        break;
    case EVENT_NETWORK:
        online_found(&node->online, first, (int)event->numbers[0], event->numbers[1] != 0);
        break;
    case EVENT_SCAN_DONE:
        online_scan_done(&node->online, now_us);
        break;
    case EVENT_WIFI_ONLINE:
        online_wifi_up(&node->online, first, now_us);
        break;
    case EVENT_WIFI_OFFLINE:
        online_wifi_down(&node->online, (enum node_wifi_problem)event->numbers[0], first, now_us);
        break;
    case EVENT_RESOLVED:
        online_resolved(&node->online, first, event->parts[1].bytes, (uint16_t)event->numbers[0], now_us);
        break;
    case EVENT_MQTT_ONLINE:
        online_broker_up(&node->online, (uint32_t)event->numbers[0], (uint16_t)event->numbers[1]);
        break;
    case EVENT_MQTT_OFFLINE:
        online_broker_down(&node->online, (uint32_t)event->numbers[0], first, now_us);
        break;
    case EVENT_MQTT_ACKNOWLEDGED:
        if (current) {
            s_acknowledged(node, event);
        }
        break;
    case EVENT_MQTT_MESSAGE:
        if (current) {
            node_hear_piece(node, event);
        }
        break;
    case EVENT_GUEST_PUBLISHED:
        node_say_lasting(node, first, event->parts[1].bytes, event->numbers[1], event->numbers[2]);
        break;
    case EVENT_GUEST_STEPPED:
        s_stepped(node, event, now_us);
        break;
    case EVENT_GUEST_ENDED:
        keeper_ended(&node->keeper, (uint32_t)event->numbers[0], (enum guest_state)event->numbers[1], first, now_us);
        break;
    case EVENT_BENCH_DONE:
        node_bench_done(node, event);
        break;
    }
}

static int64_t s_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t node_poll(struct node *node, int64_t now_us)
{
    struct event *event;
    /* Not all at once: a guest that never stops talking must not keep the node from what follows. */
    for (int left = MOST_EVENTS; left > 0 && (event = mailbox_take(&node->mailbox)) != NULL; left--) {
        s_happened(node, event, now_us);
        free(event);
    }
    node_serial_watch(node, now_us);
    if (now_us >= node->metrics_due_us) {
        node_say_metrics(node);
        node->metrics_due_us = now_us + SECOND_US * node->ports.rules.metrics_period_s;
    }
    if (node->bad_boots > 0 && now_us - node->started_us >= GOOD_BOOT_US) {
        node->bad_boots = 0;
        node->ports.values.values.erase(node->ports.values.values.context, BAD_BOOTS_KEY);
    }
    int64_t next_us = s_earlier(node->metrics_due_us, node->restart_due_us);
    int64_t pump_us = INT64_MAX;
    if (outputs_watch(&node->outputs, now_us, &pump_us)) {
        static const char text[] = "The pump ran as long as it may at a stretch and rests now.";
        node_log(node, 'W', "node", "%s", text);
        node_say_kind(node, "status", text);
    }
    int64_t outbox_us = INT64_MAX;
    outbox_settle(&node->outbox, now_us, &outbox_us);
    next_us = s_earlier(next_us, s_earlier(pump_us, outbox_us));
    next_us = s_earlier(next_us, online_poll(&node->online, now_us));
    next_us = s_earlier(next_us, keeper_poll(&node->keeper, now_us));
    if (now_us >= node->restart_due_us) {
        node->restart_due_us = INT64_MAX;
        node_stop(node);
        node->ports.system.restart(node->ports.system.context);
    }
    return next_us;
}

int64_t node_wait(struct node *node, int64_t until_us)
{
    int64_t wait_ms = (until_us - node_now_us(node) + 999) / 1000;
    if (wait_ms > 0) {
        mailbox_wait(&node->mailbox, wait_ms < LONGEST_WAIT_MS ? (uint32_t)wait_ms : LONGEST_WAIT_MS);
    }
    return node_now_us(node);
}

void node_stop(struct node *node)
{
    keeper_close(&node->keeper);
    if (node->bench_runs) {
        pthread_join(node->bench_thread, NULL);
        node->bench_runs = false;
    }
    /* What the guest has said until its end is delivered or kept. */
    struct event *event;
    while ((event = mailbox_take(&node->mailbox)) != NULL) {
        if (event->kind == EVENT_GUEST_PUBLISHED) {
            node_say_lasting(node, event->parts[0].bytes, event->parts[1].bytes, event->numbers[1], event->numbers[2]);
        }
        free(event);
    }
    char topic[PROTOCOL_TOPIC_BYTES];
    node_topic(node, "presence", topic);
    node_say_gone(node, topic);
    online_stop(&node->online);
}

void node_destroy(struct node *node)
{
    if (node == NULL) {
        return;
    }
    node_forget_arriving(node);
    outbox_close(&node->outbox);
    outputs_close(&node->outputs);
    networks_close(&node->networks);
    settings_close(&node->settings);
    pthread_mutex_destroy(&node->config_lock);
    mailbox_close(&node->mailbox);
    free(node);
}
