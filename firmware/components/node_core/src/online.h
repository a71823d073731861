/* The way online: a network of those stored, an address, the broker; and again when any of it is lost. */
#ifndef ONLINE_H
#define ONLINE_H

#include "networks.h"
#include "settings.h"

enum wifi_state { WIFI_IDLE, WIFI_SCANNING, WIFI_CONNECTING, WIFI_ONLINE, WIFI_FAILED };
enum broker_state { BROKER_IDLE, BROKER_RESOLVING, BROKER_CONNECTING, BROKER_ONLINE, BROKER_FAILED };

/* Of those in reach, the strongest are tried. */
#define ONLINE_MOST_CANDIDATES 8
#define ONLINE_MOST_FOUND 24

struct found_network {
    char ssid[NODE_SSID_BYTES + 1];
    int16_t rssi_dbm;
    bool secured;
};

struct online_port {
    void *context;
    /* Wi-Fi has come or gone, as asked by `online_join` or by itself. */
    void (*wifi_changed)(void *context);
    /* The list of found networks is new. */
    void (*scanned)(void *context);
    /* Fills in all that `connect` needs but the address. */
    void (*describe)(void *context, struct node_mqtt_options *options);
    void (*broker_changed)(void *context);
};

struct online {
    const struct node_ports *ports;
    const struct online_port *port;
    const struct settings *settings;
    struct networks *networks;

    enum wifi_state wifi;
    char address[48];
    char wifi_reason[PROTOCOL_REASON_BYTES];
    struct found_network found[ONLINE_MOST_FOUND];
    size_t found_count;
    struct network candidates[ONLINE_MOST_CANDIDATES];
    size_t candidate_count;
    size_t candidate;
    /* A network that somebody wants to join now; it is stored once that has worked. */
    bool asked;
    struct network wanted;
    int64_t wifi_due_us;
    uint32_t wifi_failures;

    enum broker_state broker;
    char broker_reason[PROTOCOL_REASON_BYTES];
    struct broker_address broker_address;
    /* As mDNS says it; empty: DNS does. */
    char broker_at[48];
    /* Counts connections, so that what an earlier one posted is known as such. */
    uint32_t connection;
    int64_t broker_due_us;
    uint32_t broker_failures;
    uint16_t receive_maximum;
};

void online_open(struct online *online, const struct node_ports *ports, const struct online_port *port,
                 const struct settings *settings, struct networks *networks);

/* Goes online, or anew after the settings have changed. */
void online_start(struct online *online, int64_t now_us);
void online_stop(struct online *online);

/* Joins this network now and, if that works, stores it. */
void online_join(struct online *online, const struct network *network, int64_t now_us);
void online_scan(struct online *online);

void online_found(struct online *online, const char *ssid, int rssi_dbm, bool secured);
void online_scan_done(struct online *online, int64_t now_us);
void online_wifi_up(struct online *online, const char *address, int64_t now_us);
void online_wifi_down(struct online *online, enum node_wifi_problem problem, const char *reason, int64_t now_us);
void online_resolved(struct online *online, const char *address, const char *host, uint16_t port, int64_t now_us);
void online_broker_up(struct online *online, uint32_t connection, uint16_t receive_maximum);
void online_broker_down(struct online *online, uint32_t connection, const char *reason, int64_t now_us);

/* Does what is due; returns when something is due again. */
int64_t online_poll(struct online *online, int64_t now_us);

const char *online_wifi_word(const struct online *online);
const char *online_broker_word(const struct online *online);

#endif
