/* What the guest's host asks of the node, on the guest's own thread. */
#include <string.h>

#include "guest_abi.gen.h"
#include "node_private.h"

/* As in the simulation: more than the node can take. */
#define REFUSED_TOO_MANY (-2)

static int64_t s_now_us(void *context)
{
    return node_now_us(context);
}

static void s_sleep_ms(void *context, uint32_t ms)
{
    struct node *node = context;
    node->ports.clock.sleep_ms(node->ports.clock.context, ms);
}

static int32_t s_read_adc(void *context)
{
    struct node *node = context;
    int32_t count = node->ports.board.sample_soil(node->ports.board.context);
    node->sampled_us = node_now_us(node);
    return count;
}

static void s_set_pin(void *context, int32_t pin, bool high)
{
    struct node *node = context;
    outputs_set(&node->outputs, pin, high, node_now_us(node));
}

static void s_log(void *context, enum guest_voice voice, const char *text)
{
    struct node *node = context;
    node->ports.system.log(node->ports.system.context, voice == GUEST_VOICE_OUT ? 'I' : 'W',
                           voice == GUEST_VOICE_OUT ? "wasm" : "guest", text);
}

static int32_t s_publish(void *context, const char *topic, const char *payload)
{
    struct node *node = context;
    int64_t numbers[] = {node->guest_generation, node->sampled_us, node_now_us(node)};
    struct event_part parts[] = {{topic, strlen(topic)}, {payload, strlen(payload)}};
    return mailbox_post(&node->mailbox, EVENT_GUEST_PUBLISHED, numbers, 3, parts, 2, NODE_POST_WAIT_MS)
               ? 0
               : REFUSED_TOO_MANY;
}

static int32_t s_config(void *context, int32_t key)
{
    struct node *node = context;
    pthread_mutex_lock(&node->config_lock);
    struct protocol_config config = node->config;
    pthread_mutex_unlock(&node->config_lock);
    switch (key) {
    case ABI_CONFIG_DRY:
        return config.dry;
    case ABI_CONFIG_WET:
        return config.wet;
    case ABI_CONFIG_THRESHOLD:
        return config.threshold;
    case ABI_CONFIG_PERIOD_MS:
        return config.period_ms;
    case ABI_CONFIG_HYSTERESIS:
        return config.hysteresis;
    default:
        return 0;
    }
}

static bool s_may_stop(void *context)
{
    (void)context;
    return false;
}

static void s_stepped(void *context, const struct guest_report *report)
{
    struct node *node = context;
    int64_t numbers[] = {
        node->guest_generation,
        report->steps,
        (int64_t)report->step_us << 32 | report->step_instructions,
        node->ports.system.stack_free_bytes(node->ports.system.context),
    };
    mailbox_post(&node->mailbox, EVENT_GUEST_STEPPED, numbers, 4, NULL, 0, NODE_POST_WAIT_MS);
}

static void s_ended(void *context, const struct guest_report *report)
{
    struct node *node = context;
    /* Whoever stopped it knows. */
    if (report->state == GUEST_STOPPED) {
        return;
    }
    /* Before anything else: the node may have much to do first. */
    outputs_all_off(&node->outputs, node_now_us(node));
    int64_t numbers[] = {node->guest_generation, report->state};
    struct event_part part = {report->fault.reason, strlen(report->fault.reason)};
    mailbox_post(&node->mailbox, EVENT_GUEST_ENDED, numbers, 2, &part, 1, NODE_POST_WAIT_MS);
}

static const struct guest_port *s_guest_port(void *context, uint32_t generation)
{
    struct node *node = context;
    node->guest_generation = generation;
    /* What a fresh guest publishes before it has read must not carry the stamp of the guest before it. */
    node->sampled_us = -1;
    return &node->guest_port;
}

static const struct guest_watch *s_guest_watch(void *context)
{
    struct node *node = context;
    return &node->guest_watch;
}

void node_guest_open(struct node *node)
{
    node->guest_port = (struct guest_port){
        .context = node,
        .now_us = s_now_us,
        .sleep_ms = s_sleep_ms,
        .read_adc = s_read_adc,
        .set_pin = s_set_pin,
        .log = s_log,
        .publish = s_publish,
        .config = s_config,
        .may_stop = s_may_stop,
    };
    node->guest_watch = (struct guest_watch){.context = node, .stepped = s_stepped, .ended = s_ended};
    node->keeper_port.guest_port = s_guest_port;
    node->keeper_port.guest_watch = s_guest_watch;
}
