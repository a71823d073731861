/* The parts of a node, for the files that make it up. */
#ifndef NODE_PRIVATE_H
#define NODE_PRIVATE_H

#include "guest_bench.h"
#include "improv_link.h"
#include "keeper.h"
#include "mailbox.h"
#include "node.h"
#include "online.h"
#include "outbox.h"
#include "outputs.h"
#include "protocol_topics.h"

#define NODE_CORRELATION_BYTES 128

/* A message that comes in pieces. */
enum arriving { ARRIVING_NOTHING, ARRIVING_CONFIG, ARRIVING_COMMAND, ARRIVING_GUEST };

/* Who is told how a command went. */
struct node_asker {
    bool serial;
    uint8_t correlation[NODE_CORRELATION_BYTES];
    size_t correlation_size;
};

struct node {
    struct node_ports ports;
    struct mailbox mailbox;
    struct settings settings;
    struct networks networks;
    struct outbox outbox;
    struct outputs outputs;

    struct online_port online_port;
    struct online online;
    struct keeper_port keeper_port;
    struct keeper keeper;
    struct improv_link_port link_port;
    struct improv_link link;

    /* On the guest's thread. */
    struct guest_port guest_port;
    struct guest_watch guest_watch;
    uint32_t guest_generation;
    int64_t sampled_us;

    /* The guest's thread reads it. */
    pthread_mutex_t config_lock;
    struct protocol_config config;

    /* Messages of one boot have one tag. */
    uint32_t tag;
    uint32_t boots;
    uint32_t bad_boots;
    bool safe_mode;
    int64_t started_us;

    enum arriving arriving;
    size_t arriving_size;
    uint8_t *arriving_bytes;
    struct node_asker arriving_asker;
    struct guest_offer offer;

    /* Somebody has asked for its clock since it is online: its times can be told from then on. */
    bool clock_known;
    int64_t metrics_due_us;
    uint64_t bytes_sent;
    uint64_t guest_cpu_us;

    bool bench_runs;
    pthread_t bench_thread;
    struct node_asker bench_asker;
    struct protocol_command bench_command;
    /* Improv's requests whose answers take a while. */
    bool serial_joins;
    bool serial_scans;
    /* When the request at work came. */
    int64_t serial_since_us;
    /* The module of the last `guest begin` was ended, and taken. */
    bool serial_ended;
    int64_t restart_due_us;
};

void node_log(struct node *node, char level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int64_t node_now_us(const struct node *node);
/* Microseconds since 1970 where the date is known, else since boot. */
int64_t node_clock_us(const struct node *node);
void node_topic(const struct node *node, const char *kind, char topic[PROTOCOL_TOPIC_BYTES]);

/* ---- node_say.c: what it says to the broker ---- */
void node_say_presence(struct node *node);
/* What the last will would say; `topic` is that of the presence, perhaps of a name that it had. */
void node_say_gone(struct node *node, const char *topic);
void node_say_metrics(struct node *node);
/* QoS 1, kept until it is delivered. */
void node_say_lasting(struct node *node, const char *topic, const char *payload, int64_t sampled_us, int64_t published_us);
void node_say_kind(struct node *node, const char *kind, const char *payload);
void node_say_reply(struct node *node, const struct node_asker *asker, const char *payload);
/* Sends what waits as far as the broker takes it. */
void node_flush(struct node *node);
/* The payload of `presence`, as last will too. */
size_t node_presence(struct node *node, bool online, char *text, size_t capacity);

/* ---- node_hear.c: what it is told ---- */
void node_hear_piece(struct node *node, const struct event *event);
void node_forget_arriving(struct node *node);
/* Takes a configuration; `ack` gets the payload for `config/ack`. */
void node_configure(struct node *node, const void *payload, size_t size, char ack[PROTOCOL_PAYLOAD_BYTES]);
void node_obey(struct node *node, const void *payload, size_t size, const struct node_asker *asker);
void node_bench_done(struct node *node, const struct event *event);

/* ---- node_serial.c ---- */
/* Ends a request that takes too long. */
void node_serial_watch(struct node *node, int64_t now_us);
void node_serial_open(struct node *node);
void node_serial_joined(struct node *node);
void node_serial_scanned(struct node *node);
struct guest_trust node_trust(const struct node *node, bool cable);

/* ---- node_parts.c ---- */
void node_parts_open(struct node *node);

/* ---- node_guest.c: the guest's own thread ---- */
void node_guest_open(struct node *node);

#endif
