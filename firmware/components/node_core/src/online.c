#include <stdio.h>
#include <string.h>

#include "online.h"

#define SECOND_US 1000000LL
/* Longer than a DHCP server or a TLS handshake takes on a weak signal. */
#define WIFI_PATIENCE_US (30 * SECOND_US)
#define SCAN_PATIENCE_US (15 * SECOND_US)
#define BROKER_PATIENCE_US (20 * SECOND_US)
#define LONGEST_WIFI_PAUSE_S 60
#define LONGEST_BROKER_PAUSE_S 30

void online_open(struct online *online, const struct node_ports *ports, const struct online_port *port,
                 const struct settings *settings, struct networks *networks)
{
    *online = (struct online){.ports = ports, .port = port, .settings = settings, .networks = networks,
                              .wifi_due_us = INT64_MAX, .broker_due_us = INT64_MAX};
}

/* 1, 2, 4 ... up to the longest. */
static int64_t s_pause_us(uint32_t failures, int64_t longest_s)
{
    int64_t pause_s = failures > 6 ? longest_s : 1LL << (failures > 0 ? failures - 1 : 0);
    return (pause_s < longest_s ? pause_s : longest_s) * SECOND_US;
}

/* ---- Broker ---- */

static void s_end_broker(struct online *online, bool goodbye)
{
    bool was_online = online->broker == BROKER_ONLINE;
    if (online->broker == BROKER_ONLINE || online->broker == BROKER_CONNECTING) {
        online->ports->mqtt.disconnect(online->ports->mqtt.context, goodbye);
    }
    online->broker = BROKER_IDLE;
    online->broker_due_us = INT64_MAX;
    if (was_online) {
        online->port->broker_changed(online->port->context);
    }
}

static void s_broker_failed(struct online *online, const char *reason, int64_t now_us)
{
    s_end_broker(online, false);
    online->broker = BROKER_FAILED;
    snprintf(online->broker_reason, sizeof online->broker_reason, "%s", reason);
    online->broker_failures++;
    online->broker_due_us = now_us + s_pause_us(online->broker_failures, LONGEST_BROKER_PAUSE_S);
}

static void s_connect(struct online *online, int64_t now_us)
{
    struct node_mqtt_options options = {0};
    online->port->describe(online->port->context, &options);
    options.host = online->broker_address.host;
    options.address = online->broker_at[0] == 0 ? NULL : online->broker_at;
    options.port = online->broker_address.port;
    options.tls = online->broker_address.scheme == BROKER_MQTTS;
    online->broker = BROKER_CONNECTING;
    online->broker_due_us = now_us + BROKER_PATIENCE_US;
    online->connection++;
    if (!online->ports->mqtt.connect(online->ports->mqtt.context, &options)) {
        s_broker_failed(online, "The board has no memory left for a connection to the broker.", now_us);
    }
}

static bool s_is_local(const char *host)
{
    size_t length = strlen(host);
    return length > 6 && strcmp(host + length - 6, ".local") == 0;
}

static void s_seek_broker(struct online *online, int64_t now_us)
{
    struct protocol_reason reason;
    online->broker_at[0] = 0;
    if (!broker_address_read(settings_value(online->settings, SETTING_BROKER), &online->broker_address, &reason)) {
        s_broker_failed(online, reason.text, now_us);
        return;
    }
    enum broker_scheme scheme = online->broker_address.scheme;
    if (scheme == BROKER_NONE) {
        s_end_broker(online, true);
        return;
    }
    if (scheme == BROKER_MDNS || s_is_local(online->broker_address.host)) {
        online->broker = BROKER_RESOLVING;
        online->broker_due_us = now_us + BROKER_PATIENCE_US;
        online->ports->mdns.resolve(online->ports->mdns.context,
                                    scheme == BROKER_MDNS ? NULL : online->broker_address.host);
        return;
    }
    s_connect(online, now_us);
}

void online_resolved(struct online *online, const char *address, const char *host, uint16_t port, int64_t now_us)
{
    if (online->broker != BROKER_RESOLVING) {
        return;
    }
    if (address == NULL) {
        char reason[PROTOCOL_REASON_BYTES];
        if (online->broker_address.scheme == BROKER_MDNS) {
            snprintf(reason, sizeof reason, "No broker announces itself here by mDNS (_mqtt._tcp): set its address.");
        } else {
            snprintf(reason, sizeof reason, "Nobody here answers to the name %s: check it, or use an address.",
                     online->broker_address.host);
        }
        s_broker_failed(online, reason, now_us);
        return;
    }
    if (online->broker_address.scheme == BROKER_MDNS) {
        online->broker_address.port = port;
        snprintf(online->broker_address.host, sizeof online->broker_address.host, "%s", host == NULL ? address : host);
    }
    snprintf(online->broker_at, sizeof online->broker_at, "%s", address);
    s_connect(online, now_us);
}

void online_broker_up(struct online *online, uint32_t connection, uint16_t receive_maximum)
{
    if (connection != online->connection || online->broker != BROKER_CONNECTING) {
        return;
    }
    online->broker = BROKER_ONLINE;
    online->broker_due_us = INT64_MAX;
    online->broker_failures = 0;
    online->broker_reason[0] = 0;
    online->receive_maximum = receive_maximum;
    online->port->broker_changed(online->port->context);
}

void online_broker_down(struct online *online, uint32_t connection, const char *reason, int64_t now_us)
{
    if (connection == online->connection &&
        (online->broker == BROKER_CONNECTING || online->broker == BROKER_ONLINE)) {
        s_broker_failed(online, reason, now_us);
    }
}

/* ---- Wi-Fi ---- */

static void s_wifi_failed(struct online *online, enum node_wifi_problem problem, const char *reason, int64_t now_us)
{
    static const char *const words[] = {"", "not found", "wrong password", "no address", ""};
    const char *why = problem == NODE_WIFI_OTHER ? (reason == NULL ? "The network broke off." : reason) : words[problem];
    snprintf(online->wifi_reason, sizeof online->wifi_reason, "%s", why);
    online->wifi = WIFI_FAILED;
    online->address[0] = 0;
    online->wifi_failures++;
    online->wifi_due_us = now_us + s_pause_us(online->wifi_failures, LONGEST_WIFI_PAUSE_S);
}

static void s_try(struct online *online, int64_t now_us)
{
    const struct network *network = &online->candidates[online->candidate];
    online->wifi = WIFI_CONNECTING;
    online->wifi_due_us = now_us + WIFI_PATIENCE_US;
    online->ports->wifi.connect(online->ports->wifi.context, network->ssid, network->password);
}

static void s_begin_wifi(struct online *online, int64_t now_us)
{
    if (online->networks->count == 0) {
        online->wifi = WIFI_IDLE;
        online->wifi_due_us = INT64_MAX;
        return;
    }
    online->wifi = WIFI_SCANNING;
    online->wifi_due_us = now_us + SCAN_PATIENCE_US;
    online->found_count = 0;
    online->ports->wifi.scan(online->ports->wifi.context);
}

static void s_leave_wifi(struct online *online)
{
    s_end_broker(online, true);
    if (online->wifi == WIFI_CONNECTING || online->wifi == WIFI_ONLINE) {
        online->ports->wifi.disconnect(online->ports->wifi.context);
    }
    online->wifi = WIFI_IDLE;
    online->address[0] = 0;
    online->wifi_due_us = INT64_MAX;
}

void online_start(struct online *online, int64_t now_us)
{
    online->broker_failures = 0;
    online->broker_reason[0] = 0;
    if (online->wifi == WIFI_ONLINE) {
        s_end_broker(online, true);
        s_seek_broker(online, now_us);
        return;
    }
    if (online->wifi == WIFI_IDLE || online->wifi == WIFI_FAILED) {
        online->wifi_failures = 0;
        s_begin_wifi(online, now_us);
    }
}

void online_stop(struct online *online)
{
    s_leave_wifi(online);
}

void online_join(struct online *online, const struct network *network, int64_t now_us)
{
    s_leave_wifi(online);
    online->asked = true;
    online->wanted = *network;
    online->candidates[0] = *network;
    online->candidate_count = 1;
    online->candidate = 0;
    s_try(online, now_us);
}

void online_scan(struct online *online)
{
    if (online->wifi != WIFI_SCANNING) {
        online->found_count = 0;
        online->ports->wifi.scan(online->ports->wifi.context);
    }
}

void online_found(struct online *online, const char *ssid, int rssi_dbm, bool secured)
{
    for (size_t at = 0; at < online->found_count; at++) {
        if (strcmp(online->found[at].ssid, ssid) == 0) {
            return;
        }
    }
    if (*ssid == 0 || strlen(ssid) > NODE_SSID_BYTES || online->found_count == ONLINE_MOST_FOUND) {
        return;
    }
    struct found_network *network = &online->found[online->found_count++];
    snprintf(network->ssid, sizeof network->ssid, "%s", ssid);
    network->rssi_dbm = (int16_t)rssi_dbm;
    network->secured = secured;
}

static void s_add_candidate(struct online *online, const struct network *network)
{
    for (size_t at = 0; at < online->candidate_count; at++) {
        if (strcmp(online->candidates[at].ssid, network->ssid) == 0) {
            return;
        }
    }
    if (online->candidate_count < ONLINE_MOST_CANDIDATES) {
        online->candidates[online->candidate_count++] = *network;
    }
}

void online_scan_done(struct online *online, int64_t now_us)
{
    if (online->wifi == WIFI_SCANNING) {
        online->candidate_count = 0;
        online->candidate = 0;
        for (size_t at = 0; at < online->found_count; at++) {
            const struct network *known = networks_find(online->networks, online->found[at].ssid);
            if (known != NULL) {
                s_add_candidate(online, known);
            }
        }
        /* Those that do not show themselves may be hidden. */
        for (size_t at = 0; at < online->networks->count; at++) {
            s_add_candidate(online, &online->networks->list[at]);
        }
        if (online->candidate_count > 0) {
            s_try(online, now_us);
        } else {
            s_begin_wifi(online, now_us);
        }
    }
    online->port->scanned(online->port->context);
}

void online_wifi_up(struct online *online, const char *address, int64_t now_us)
{
    if (online->wifi != WIFI_CONNECTING) {
        return;
    }
    const struct network *joined = &online->candidates[online->candidate];
    networks_put(online->networks, joined->ssid, joined->password);
    online->wifi = WIFI_ONLINE;
    online->wifi_due_us = INT64_MAX;
    online->wifi_failures = 0;
    online->wifi_reason[0] = 0;
    snprintf(online->address, sizeof online->address, "%s", address);
    online->broker_failures = 0;
    online->port->wifi_changed(online->port->context);
    online->asked = false;
    s_seek_broker(online, now_us);
}

void online_wifi_down(struct online *online, enum node_wifi_problem problem, const char *reason, int64_t now_us)
{
    if (online->wifi != WIFI_CONNECTING && online->wifi != WIFI_ONLINE) {
        return;
    }
    bool was_online = online->wifi == WIFI_ONLINE;
    s_end_broker(online, false);
    if (!was_online && online->candidate + 1 < online->candidate_count) {
        online->candidate++;
        s_try(online, now_us);
        return;
    }
    s_wifi_failed(online, problem, reason, now_us);
    if (was_online) {
        /* It is sought again at once. */
        online->wifi_failures = 0;
        online->wifi_due_us = now_us;
    }
    online->port->wifi_changed(online->port->context);
    online->asked = false;
}

static void s_wifi_due(struct online *online, int64_t now_us)
{
    switch (online->wifi) {
    case WIFI_SCANNING:
        online_scan_done(online, now_us);
        break;
    case WIFI_CONNECTING:
        online->ports->wifi.disconnect(online->ports->wifi.context);
        online_wifi_down(online, NODE_WIFI_OTHER, "The network did not answer in time.", now_us);
        break;
    default:
        s_begin_wifi(online, now_us);
    }
}

int64_t online_poll(struct online *online, int64_t now_us)
{
    if (now_us >= online->wifi_due_us) {
        s_wifi_due(online, now_us);
    }
    if (now_us >= online->broker_due_us) {
        if (online->broker == BROKER_FAILED) {
            s_seek_broker(online, now_us);
        } else {
            s_broker_failed(online, "The broker did not answer in time: check its address and that it runs.", now_us);
        }
    }
    return online->wifi_due_us < online->broker_due_us ? online->wifi_due_us : online->broker_due_us;
}

const char *online_wifi_word(const struct online *online)
{
    static const char *const words[] = {"idle", "connecting", "connecting", "online", "failed"};
    return words[online->wifi];
}

const char *online_broker_word(const struct online *online)
{
    static const char *const words[] = {"none", "resolving", "connecting", "online", "failed"};
    return words[online->broker];
}
