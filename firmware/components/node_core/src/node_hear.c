#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node_private.h"
#include "protocol_json.h"

#define CONFIG_KEY "config"

/* ---- Configuration ---- */

void node_configure(struct node *node, const void *payload, size_t size, char ack[PROTOCOL_PAYLOAD_BYTES])
{
    struct protocol_reason reason;
    struct protocol_config config = node->config;
    bool accepted = protocol_config_read(payload, size, &config, &reason);
    if (accepted && memcmp(&config, &node->config, sizeof config) != 0) {
        pthread_mutex_lock(&node->config_lock);
        node->config = config;
        pthread_mutex_unlock(&node->config_lock);
        const struct guest_values *values = &node->ports.values.values;
        if (!values->write(values->context, CONFIG_KEY, &config, sizeof config)) {
            node_log(node, 'W', "node", "The calibration is in force but could not be stored: it is gone after a restart.");
        }
    }
    if (accepted) {
        node_log(node, 'I', "node", "New configuration in force.");
    } else {
        node_log(node, 'W', "node", "Configuration refused: %s", reason.text);
    }
    protocol_config_ack_write(&node->config, accepted ? NULL : reason.text, ack, PROTOCOL_PAYLOAD_BYTES);
}

/* ---- Commands ---- */

static void s_answer(struct node *node, const struct node_asker *asker, const struct protocol_reply *reply)
{
    char payload[PROTOCOL_PAYLOAD_BYTES];
    protocol_reply_write(reply, payload, sizeof payload);
    if (asker->serial) {
        improv_link_ok(&node->link, payload);
    } else {
        node_say_reply(node, asker, payload);
    }
}

static struct protocol_reply s_reply_to(const struct node *node, const struct protocol_command *command)
{
    return (struct protocol_reply){.command = command->name, .id = command->id, .time_us = node_clock_us(node),
                                   .instructions_per_step = -1};
}

struct bench_work {
    struct node *node;
    uint8_t *module;
    size_t module_bytes;
};

/* Median nanoseconds of a call into the guest, native, of a host call from within, native; -1 for what was not measured. */
#define BENCH_FIGURES 4

static void *s_bench(void *context)
{
    struct bench_work *work = context;
    struct node *node = work->node;
    struct guest_code code = {.module = work->module, .module_bytes = work->module_bytes};
    struct guest_limits limits = guest_limits_default();
    struct guest_bench bench;
    struct guest_fault fault = {0};
    bool good = guest_bench_run(&bench, &code, &limits, node->guest_port.now_us, node, &fault);
    int64_t numbers[BENCH_FIGURES] = {-1, -1, -1, -1};
    if (good) {
        numbers[0] = (int64_t)bench.wasm_process.median_ns;
        numbers[1] = (int64_t)bench.native_process.median_ns;
        numbers[2] = (int64_t)bench.wasm_host_call.median_ns;
        numbers[3] = (int64_t)bench.native_host_call.median_ns;
    }
    free(work->module);
    free(work);
    mailbox_post(&node->mailbox, EVENT_BENCH_DONE, numbers, BENCH_FIGURES, NULL, 0, NODE_POST_WAIT_MS);
    return NULL;
}

/* In a thread of its own: it takes seconds. False: the figures of the sandbox are left out. */
static bool s_begin_bench(struct node *node, const struct protocol_command *command, const struct node_asker *asker)
{
    struct bench_work *work = calloc(1, sizeof *work);
    if (work == NULL || node->bench_runs) {
        free(work);
        return false;
    }
    work->node = node;
    work->module = keeper_module(&node->keeper, &work->module_bytes);
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    bool begun = work->module != NULL && pthread_create(&thread, &attributes, s_bench, work) == 0;
    pthread_attr_destroy(&attributes);
    if (!begun) {
        free(work->module);
        free(work);
        return false;
    }
    node->bench_thread = thread;
    node->bench_runs = true;
    node->bench_asker = *asker;
    node->bench_command = *command;
    return true;
}

static void s_answer_bench(struct node *node, const struct protocol_command *command, const struct node_asker *asker,
                           const int64_t *figures_ns)
{
    static const char *const names[BENCH_FIGURES] = {"wasm_call_us", "native_call_us", "wasm_host_call_us",
                                                     "native_host_call_us"};
    const struct keeper *keeper = &node->keeper;
    struct protocol_figure figures[BENCH_FIGURES];
    struct protocol_reply reply = s_reply_to(node, command);
    reply.figures = figures;
    for (int at = 0; figures_ns != NULL && at < BENCH_FIGURES; at++) {
        if (figures_ns[at] >= 0) {
            figures[reply.figure_count++] = (struct protocol_figure){names[at], (double)figures_ns[at] / 1000};
        }
    }
    if (keeper->steps == 0) {
        reply.reason = "No step is complete yet; ask again later.";
    } else {
        reply.steps = keeper->steps;
        reply.us_per_step = (double)keeper->sum_step_us / keeper->steps;
        reply.instructions_per_step = keeper->native ? -1 : (double)keeper->sum_instructions / keeper->steps;
    }
    s_answer(node, asker, &reply);
}

void node_bench_done(struct node *node, const struct event *event)
{
    pthread_join(node->bench_thread, NULL);
    node->bench_runs = false;
    s_answer_bench(node, &node->bench_command, &node->bench_asker, event->numbers);
}

void node_obey(struct node *node, const void *payload, size_t size, const struct node_asker *asker)
{
    struct protocol_command command;
    struct protocol_reason reason;
    if (!protocol_command_read(payload, size, &command, &reason)) {
        node_log(node, 'W', "node", "Command refused: %s", reason.text);
        struct protocol_reply reply = s_reply_to(node, &command);
        reply.reason = reason.text;
        s_answer(node, asker, &reply);
        return;
    }
    if (command.name == PROTOCOL_BENCH) {
        if (node->keeper.steps == 0 || !s_begin_bench(node, &command, asker)) {
            s_answer_bench(node, &command, asker, NULL);
        }
        return;
    }
    struct protocol_reply reply = s_reply_to(node, &command);
    s_answer(node, asker, &reply);
    node->clock_known = node->clock_known || (command.name == PROTOCOL_PING && !asker->serial);
    if (command.name == PROTOCOL_IDENTIFY) {
        node_log(node, 'I', "node", "Asked to show where it is.");
        node->ports.board.identify(node->ports.board.context);
    } else if (command.name == PROTOCOL_RESTART) {
        node_log(node, 'I', "guest", "Restarting the guest.");
        node->safe_mode = false;
        keeper_restart(&node->keeper, node_now_us(node));
    }
}

/* ---- Guests ---- */

static void s_report(struct node *node, enum protocol_phase phase, const struct guest_offer *offer, double progress,
                     const char *reason)
{
    struct protocol_guest_state state = {
        .phase = phase,
        .name = offer == NULL ? "" : offer->name,
        .sha256 = offer == NULL ? NULL : offer->sha256,
        .progress = progress,
        .reason = reason,
    };
    node->keeper_port.report(node, &state);
}

#define MOST_PROPERTIES 16

static bool s_read_offer(struct node *node, const struct event_part *properties, size_t module_bytes,
                         struct protocol_reason *reason)
{
    struct protocol_property list[MOST_PROPERTIES];
    size_t count = 0;
    const char *at = properties->bytes;
    const char *end = at + properties->size;
    while (at < end && count < MOST_PROPERTIES) {
        list[count].name = at;
        at += strlen(at) + 1;
        list[count++].value = at;
        at += strlen(at) + 1;
    }
    struct protocol_guest_offer offer;
    if (!protocol_guest_offer_read(list, count, &offer, reason)) {
        return false;
    }
    memset(&node->offer, 0, sizeof node->offer);
    node->offer.size = (uint32_t)module_bytes;
    memcpy(node->offer.sha256, offer.sha256, sizeof offer.sha256);
    memcpy(node->offer.key_id, offer.key, sizeof offer.key);
    memcpy(node->offer.signature, offer.signature, sizeof offer.signature);
    size_t length = strlen(offer.name);
    bool fits = length <= GUEST_NAME_BYTES;
    memcpy(node->offer.name, offer.name, fits ? length : 0);
    return fits || protocol_refuse(reason, "The name of the module has %zu bytes; a board keeps %d.", length, GUEST_NAME_BYTES);
}

static void s_begin_guest(struct node *node, const struct event *event)
{
    struct protocol_reason reason;
    uint32_t next = 0;
    node->arriving = ARRIVING_NOTHING;
    if (!s_read_offer(node, &event->parts[2], node->arriving_size, &reason)) {
        s_report(node, PROTOCOL_REFUSED, node->offer.name[0] == 0 ? NULL : &node->offer, 1, reason.text);
        return;
    }
    if (!keeper_ready(&node->keeper, &reason)) {
        s_report(node, PROTOCOL_REFUSED, &node->offer, 1, reason.text);
        return;
    }
    s_report(node, PROTOCOL_VERIFYING, &node->offer, 0.4, NULL);
    struct guest_trust trust = node_trust(node, false);
    if (!keeper_begin(&node->keeper, &node->offer, &trust, &next, &reason)) {
        s_report(node, PROTOCOL_REFUSED, &node->offer, 1, reason.text);
        return;
    }
    node->arriving = ARRIVING_GUEST;
    node->keeper.receiving = true;
}

static void s_end_guest(struct node *node)
{
    struct protocol_reason reason;
    node->arriving = ARRIVING_NOTHING;
    node->keeper.receiving = false;
    if (!keeper_end(&node->keeper, node_now_us(node), &reason)) {
        s_report(node, PROTOCOL_REFUSED, &node->offer, 1, reason.text);
        return;
    }
    node->safe_mode = false;
}

static void s_guest_piece(struct node *node, size_t offset, const struct event_part *bytes)
{
    struct protocol_reason reason;
    uint32_t next = 0;
    /* What came before the power went, or by another way, is kept: only the rest is written. */
    bool good = keeper_data(&node->keeper, (uint32_t)offset, bytes->bytes, bytes->size, &next, &reason);
    if (good && next < offset + bytes->size) {
        size_t known = next > offset ? next - offset : 0;
        good = next >= offset && keeper_data(&node->keeper, next, bytes->bytes + known, bytes->size - known, &next, &reason);
        if (next < offset) {
            protocol_refuse(&reason, "A piece of the module is missing: send it again.");
        }
    }
    if (!good) {
        node_forget_arriving(node);
        s_report(node, PROTOCOL_REFUSED, &node->offer, 1, reason.text);
    } else if (offset + bytes->size == node->arriving_size) {
        s_end_guest(node);
    }
}

/* ---- Messages ---- */

static enum arriving s_kind_of(const struct node *node, const char *topic)
{
    static const struct {
        const char *kind;
        enum arriving arriving;
    } kinds[] = {{"config", ARRIVING_CONFIG}, {"cmd", ARRIVING_COMMAND}, {"guest", ARRIVING_GUEST}};
    char own[PROTOCOL_TOPIC_BYTES];
    for (size_t at = 0; at < sizeof kinds / sizeof *kinds; at++) {
        node_topic(node, kinds[at].kind, own);
        if (strcmp(topic, own) == 0) {
            return kinds[at].arriving;
        }
    }
    return ARRIVING_NOTHING;
}

void node_forget_arriving(struct node *node)
{
    free(node->arriving_bytes);
    node->arriving_bytes = NULL;
    node->arriving = ARRIVING_NOTHING;
    node->keeper.receiving = false;
}

static void s_begin(struct node *node, const struct event *event)
{
    node_forget_arriving(node);
    bool retained = event->numbers[1] != 0;
    node->arriving_size = (size_t)event->numbers[2];
    node->arriving = s_kind_of(node, event->parts[0].bytes);
    node->arriving_asker = (struct node_asker){0};
    if (event->parts[1].size <= sizeof node->arriving_asker.correlation) {
        node->arriving_asker.correlation_size = event->parts[1].size;
        memcpy(node->arriving_asker.correlation, event->parts[1].bytes == NULL ? "" : event->parts[1].bytes,
               event->parts[1].size);
    }
    if (retained && (node->arriving == ARRIVING_COMMAND || node->arriving == ARRIVING_GUEST)) {
        /* It would strike again at each connection. */
        node_log(node, 'W', "node", "A retained message under %s is not obeyed; send it without the retain flag.",
                 event->parts[0].bytes);
        node->arriving = ARRIVING_NOTHING;
    } else if (node->arriving == ARRIVING_GUEST) {
        s_begin_guest(node, event);
    } else if (node->arriving != ARRIVING_NOTHING) {
        /* One byte more than is read shows that there were too many. */
        size_t most = PROTOCOL_MAX_JSON_BYTES + 1;
        node->arriving_size = node->arriving_size > most ? most : node->arriving_size;
        node->arriving_bytes = calloc(1, node->arriving_size + 1);
        if (node->arriving_bytes == NULL) {
            node->arriving = ARRIVING_NOTHING;
        }
    }
}

void node_hear_piece(struct node *node, const struct event *event)
{
    size_t offset = (size_t)event->numbers[3];
    const struct event_part *bytes = &event->parts[3];
    if (event->parts[0].bytes != NULL) {
        s_begin(node, event);
    }
    if (node->arriving == ARRIVING_NOTHING) {
        return;
    }
    if (node->arriving == ARRIVING_GUEST) {
        s_guest_piece(node, offset, bytes);
        return;
    }
    if (offset < node->arriving_size && bytes->size > 0) {
        size_t room = node->arriving_size - offset;
        memcpy(node->arriving_bytes + offset, bytes->bytes, bytes->size < room ? bytes->size : room);
    }
    if (offset + bytes->size < (size_t)event->numbers[2]) {
        return;
    }
    if (node->arriving == ARRIVING_CONFIG && node->arriving_size > 0) {
        char ack[PROTOCOL_PAYLOAD_BYTES];
        node_configure(node, node->arriving_bytes, node->arriving_size, ack);
        node_say_kind(node, "config/ack", ack);
    } else if (node->arriving == ARRIVING_COMMAND) {
        node_obey(node, node->arriving_bytes, node->arriving_size, &node->arriving_asker);
    }
    node_forget_arriving(node);
}
