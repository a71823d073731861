/* What the parts of a node ask of the rest of it. */
#include "node_private.h"

static struct guest_place s_place(void *context)
{
    struct node *node = context;
    return (struct guest_place){.root = settings_value(&node->settings, SETTING_ROOT),
                                .node = settings_value(&node->settings, SETTING_NODE)};
}

static int32_t s_period_ms(void *context)
{
    struct node *node = context;
    return node->config.period_ms;
}

static void s_outputs_off(void *context)
{
    struct node *node = context;
    outputs_all_off(&node->outputs, node_now_us(node));
}

static void s_report(void *context, const struct protocol_guest_state *state)
{
    struct node *node = context;
    char payload[PROTOCOL_PAYLOAD_BYTES];
    if (protocol_guest_state_write(state, payload, sizeof payload) > 0) {
        node_say_kind(node, "guest/state", payload);
    }
    node_log(node, state->reason == NULL ? 'I' : 'W', "guest", "%s: %s. %s", state->name,
             protocol_phase_name(state->phase), state->reason == NULL ? "" : state->reason);
}

static void s_replaced(void *context)
{
    node_say_presence(context);
}

static void s_guest_ended(void *context, const char *reason)
{
    struct node *node = context;
    node_say_kind(node, "status", reason);
}

static void s_gave_up(void *context)
{
    struct node *node = context;
    static const char text[] = "Safe mode: the guest faulted too often and is not started again. Send it another, or the command restart.";
    node->safe_mode = true;
    node_log(node, 'E', "node", "%s", text);
    node_say_kind(node, "status", text);
    node_say_presence(node);
}

static void s_guest_log(void *context, char level, const char *text)
{
    struct node *node = context;
    node->ports.system.log(node->ports.system.context, level, "guest", text);
}

static void s_wifi_changed(void *context)
{
    struct node *node = context;
    if (node->online.wifi == WIFI_ONLINE) {
        node_log(node, 'I', "wifi", "online, %s", node->online.address);
    } else {
        node_log(node, 'W', "wifi", "failed: %s", node->online.wifi_reason);
    }
    node_serial_joined(node);
}

static void s_scanned(void *context)
{
    node_serial_scanned(context);
}

struct will {
    char topic[PROTOCOL_TOPIC_BYTES];
    char payload[PROTOCOL_PAYLOAD_BYTES];
};

static void s_describe(void *context, struct node_mqtt_options *options)
{
    struct node *node = context;
    static struct will will;
    const char *ca = settings_value(&node->settings, SETTING_CA);
    const char *user = settings_value(&node->settings, SETTING_USER);
    node_topic(node, "presence", will.topic);
    node_presence(node, false, will.payload, sizeof will.payload);
    options->ca = *ca == 0 ? NULL : ca;
    options->user = *user == 0 ? NULL : user;
    options->password = *user == 0 ? NULL : settings_value(&node->settings, SETTING_PASSWORD);
    options->client_id = settings_value(&node->settings, SETTING_NODE);
    options->keep_alive_s = node->ports.rules.keep_alive_s;
    options->will_topic = will.topic;
    options->will_payload = will.payload;
}

static void s_broker_changed(void *context)
{
    struct node *node = context;
    static const char *const heard[] = {"config", "cmd", "guest"};
    if (node->online.broker != BROKER_ONLINE) {
        node_log(node, 'W', "broker", "offline");
        node->clock_known = false;
        node_forget_arriving(node);
        outbox_offline(&node->outbox);
        return;
    }
    node_log(node, 'I', "broker", "online, %s", node->online.broker_address.host);
    for (size_t at = 0; at < sizeof heard / sizeof *heard; at++) {
        char topic[PROTOCOL_TOPIC_BYTES];
        node_topic(node, heard[at], topic);
        node->ports.mqtt.subscribe(node->ports.mqtt.context, topic);
    }
    node_say_presence(node);
    outbox_online(&node->outbox, node->online.receive_maximum);
    node_flush(node);
}

void node_parts_open(struct node *node)
{
    node->online_port = (struct online_port){.context = node,
                                             .wifi_changed = s_wifi_changed,
                                             .scanned = s_scanned,
                                             .describe = s_describe,
                                             .broker_changed = s_broker_changed};
    online_open(&node->online, &node->ports, &node->online_port, &node->settings, &node->networks);
    node->keeper_port = (struct keeper_port){.context = node,
                                             .place = s_place,
                                             .period_ms = s_period_ms,
                                             .outputs_off = s_outputs_off,
                                             .report = s_report,
                                             .replaced = s_replaced,
                                             .ended = s_guest_ended,
                                             .gave_up = s_gave_up,
                                             .log = s_guest_log};
}
