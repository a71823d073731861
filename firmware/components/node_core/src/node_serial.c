/* Requests over the serial line: firmware/SERIAL.md. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "node_private.h"

#define SERIAL_LONGEST_US 60000000LL

static void s_item(struct node *node, const char *key, const char *value)
{
    const char *strings[] = {key, value};
    improv_link_item(&node->link, strings, 2);
}

static void s_item_number(struct node *node, const char *key, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    s_item(node, key, digits);
}

static enum improv_state s_improv_state(const struct node *node)
{
    if (node->online.wifi == WIFI_ONLINE) {
        return IMPROV_PROVISIONED;
    }
    return node->online.asked ? IMPROV_PROVISIONING : IMPROV_READY;
}

/* ---- Improv's own ---- */

static void s_wifi(struct node *node, struct improv_reader *reader)
{
    struct network network;
    improv_read_text(reader, network.ssid, sizeof network.ssid);
    improv_read_text(reader, network.password, sizeof network.password);
    if (!improv_reader_done(reader) || network.ssid[0] == 0) {
        improv_link_error(&node->link, IMPROV_INVALID_REQUEST);
        return;
    }
    node->serial_joins = true;
    improv_link_say_state(&node->link, IMPROV_PROVISIONING);
    online_join(&node->online, &network, node_now_us(node));
}

void node_serial_joined(struct node *node)
{
    if (!node->serial_joins) {
        return;
    }
    node->serial_joins = false;
    if (node->online.wifi == WIFI_ONLINE) {
        improv_link_say_state(&node->link, IMPROV_PROVISIONED);
        improv_link_plain(&node->link, NULL, 0, true);
    } else {
        improv_link_error(&node->link, IMPROV_UNABLE_TO_CONNECT);
        improv_link_say_state(&node->link, IMPROV_READY);
    }
}

static void s_current_state(struct node *node)
{
    bool online = node->online.wifi == WIFI_ONLINE;
    improv_link_say_state(&node->link, s_improv_state(node));
    if (online) {
        improv_link_plain(&node->link, NULL, 0, true);
    } else {
        improv_link_error(&node->link, IMPROV_NO_ERROR);
    }
}

static void s_device(struct node *node)
{
    const struct node_identity *identity = &node->ports.identity;
    const char *strings[] = {"continuum-node", identity->firmware, identity->chip,
                             settings_value(&node->settings, SETTING_NODE)};
    improv_link_plain(&node->link, strings, 4, true);
}

void node_serial_scanned(struct node *node)
{
    if (!node->serial_scans) {
        return;
    }
    node->serial_scans = false;
    for (size_t at = 0; at < node->online.found_count; at++) {
        const struct found_network *network = &node->online.found[at];
        char rssi[8];
        snprintf(rssi, sizeof rssi, "%d", network->rssi_dbm);
        const char *strings[] = {network->ssid, rssi, network->secured ? "YES" : "NO"};
        improv_link_plain(&node->link, strings, 3, false);
    }
    improv_link_plain(&node->link, NULL, 0, true);
}

/* ---- Settings ---- */

static void s_set(struct node *node, struct improv_reader *reader)
{
    char key[24];
    char value[IMPROV_MAX_DATA + 1];
    improv_read_text(reader, key, sizeof key);
    size_t offset = improv_read_integer(reader, 2);
    size_t size = improv_read_integer(reader, 1);
    improv_read_bytes(reader, (uint8_t *)value, size);
    struct protocol_reason reason;
    if (!improv_reader_done(reader)) {
        improv_link_refuse(&node->link, "A setting needs key, offset and value, each whole.");
    } else if (settings_stage(&node->settings, key, offset, (const uint8_t *)value, size, &reason)) {
        improv_link_ok(&node->link, NULL);
    } else {
        improv_link_refuse(&node->link, reason.text);
    }
}

static void s_apply(struct node *node)
{
    struct protocol_reason reason;
    /* The goodbye is said under the name it had. */
    char before[PROTOCOL_TOPIC_BYTES];
    char after[PROTOCOL_TOPIC_BYTES];
    node_topic(node, "presence", before);
    if (!settings_apply(&node->settings, &reason)) {
        improv_link_refuse(&node->link, reason.text);
        return;
    }
    improv_link_ok(&node->link, NULL);
    node_topic(node, "presence", after);
    node_say_gone(node, before);
    int64_t now_us = node_now_us(node);
    online_start(&node->online, now_us);
    /* A guest speaks under the name that it was started with. */
    if (strcmp(before, after) != 0 && node->keeper.guest != NULL) {
        keeper_restart(&node->keeper, now_us);
    }
}

/* A value that is longer than a string may be comes in several items of the same key. */
static void s_settings(struct node *node)
{
    for (int setting = 0; setting < SETTINGS; setting++) {
        const char *value = settings_shown(&node->settings, (enum setting)setting);
        const char *key = settings_name((enum setting)setting);
        do {
            char piece[IMPROV_PIECE_BYTES + 1];
            snprintf(piece, sizeof piece, "%s", value);
            s_item(node, key, piece);
            value += strlen(piece);
        } while (*value != 0);
    }
    improv_link_ok(&node->link, NULL);
}

static void s_erase_settings(struct node *node, const uint8_t *data, size_t size)
{
    if (size != 5 || memcmp(data, "erase", 5) != 0) {
        improv_link_refuse(&node->link, "To erase the settings, send the text erase.");
        return;
    }
    /* Without its record in NVS it would count as accepted. */
    if (node->keeper.store.trial != 0) {
        improv_link_refuse(&node->link, "A guest is on trial: erase the settings when that is decided.");
        return;
    }
    if (!node->ports.values.erase_all(node->ports.values.values.context)) {
        improv_link_refuse(&node->link, "NVS could not be erased: erase the flash instead.");
        return;
    }
    improv_link_ok(&node->link, NULL);
    node->restart_due_us = node_now_us(node) + 200000;
}

/* ---- Networks ---- */

static void s_networks(struct node *node)
{
    for (size_t at = 0; at < node->networks.count; at++) {
        const char *ssid = node->networks.list[at].ssid;
        improv_link_item(&node->link, &ssid, 1);
    }
    improv_link_ok(&node->link, NULL);
}

static void s_forget(struct node *node, struct improv_reader *reader)
{
    char ssid[NODE_SSID_BYTES + 1];
    improv_read_text(reader, ssid, sizeof ssid);
    if (!improv_reader_done(reader)) {
        improv_link_refuse(&node->link, "The name of a network has at most 32 bytes.");
    } else if (networks_forget(&node->networks, ssid)) {
        improv_link_ok(&node->link, NULL);
    } else {
        improv_link_refuse(&node->link, "The list of networks could not be stored.");
    }
}

/* ---- Guests ---- */

struct guest_trust node_trust(const struct node *node, bool cable)
{
    return (struct guest_trust){
        .public_keys = (const uint8_t(*)[GUEST_PUBLIC_KEY_BYTES])node->settings.keys,
        .count = node->settings.key_count,
        .unsigned_allowed = cable && node->settings.key_count == 0,
    };
}

static void s_next(struct node *node, bool good, uint32_t next, const struct protocol_reason *reason)
{
    char digits[12];
    snprintf(digits, sizeof digits, "%" PRIu32, next);
    if (good) {
        improv_link_ok(&node->link, digits);
    } else {
        improv_link_refuse(&node->link, reason->text);
    }
}

static void s_guest_begin(struct node *node, struct improv_reader *reader)
{
    struct guest_offer offer = {0};
    struct protocol_reason reason;
    uint32_t next = 0;
    offer.size = improv_read_integer(reader, 4);
    improv_read_bytes(reader, offer.sha256, sizeof offer.sha256);
    improv_read_bytes(reader, offer.key_id, sizeof offer.key_id);
    improv_read_bytes(reader, offer.signature, sizeof offer.signature);
    improv_read_text(reader, offer.name, sizeof offer.name);
    if (!improv_reader_done(reader) || !protocol_check_guest_name(offer.name)) {
        improv_link_refuse(&node->link, "A guest needs size, SHA-256, key id, signature and a name of 1 to 64 bytes without control characters.");
        return;
    }
    struct guest_trust trust = node_trust(node, true);
    bool good = keeper_ready(&node->keeper, &reason) && keeper_begin(&node->keeper, &offer, &trust, &next, &reason);
    s_next(node, good, next, &reason);
}

static void s_guest_data(struct node *node, struct improv_reader *reader)
{
    struct protocol_reason reason;
    uint32_t next = 0;
    uint32_t offset = improv_read_integer(reader, 4);
    if (!reader->good) {
        improv_link_refuse(&node->link, "A piece of a guest begins with its offset.");
        return;
    }
    bool good = keeper_ready(&node->keeper, &reason) &&
                keeper_data(&node->keeper, offset, reader->bytes, reader->size, &next, &reason);
    s_next(node, good, next, &reason);
}

static void s_guest_end(struct node *node)
{
    struct protocol_reason reason;
    /* Whoever lost the answer asks again. */
    if (node->serial_ended ||
        (keeper_ready(&node->keeper, &reason) && keeper_end(&node->keeper, node_now_us(node), &reason))) {
        node->safe_mode = false;
        node->serial_ended = true;
        improv_link_ok(&node->link, NULL);
    } else {
        improv_link_refuse(&node->link, reason.text);
    }
}

/* ---- Status ---- */

static const char *s_reset_word(enum node_reset reset)
{
    static const char *const words[] = {"power", "software", "panic", "watchdog", "brownout", "other"};
    return words[reset];
}

static void s_status(struct node *node)
{
    const struct keeper *keeper = &node->keeper;
    bool joined = node->online.wifi == WIFI_ONLINE;
    char sha256[2 * GUEST_SHA256_BYTES + 1] = "";
    if (keeper->has_record) {
        protocol_hex_encode(keeper->record.offer.sha256, GUEST_SHA256_BYTES, sha256);
    }
    s_item(node, "wifi", online_wifi_word(&node->online));
    s_item(node, "wifi.reason", node->online.wifi_reason);
    s_item(node, "ip", node->online.address);
    if (joined) {
        s_item_number(node, "rssi", node->ports.wifi.rssi_dbm(node->ports.wifi.context));
    } else {
        s_item(node, "rssi", "");
    }
    s_item(node, "broker", online_broker_word(&node->online));
    s_item(node, "broker.reason", node->online.broker_reason);
    s_item(node, "guest", keeper_word(keeper));
    s_item(node, "guest.name", keeper->has_record ? keeper->record.offer.name : keeper->native ? "native" : "");
    s_item(node, "guest.sha256", sha256);
    s_item(node, "guest.reason", keeper->reason);
    s_item_number(node, "guest.steps", keeper->steps);
    s_item_number(node, "outbox", outbox_count(&node->outbox));
    s_item_number(node, "boots", node->boots);
    s_item(node, "reset", s_reset_word(node->ports.identity.reset));
    s_item(node, "safe-mode", node->safe_mode ? "1" : "0");
    s_item_number(node, "uptime", node_now_us(node) / 1000);
    improv_link_ok(&node->link, NULL);
}

static void s_calibrate(struct node *node, const uint8_t *data, size_t size)
{
    char ack[PROTOCOL_PAYLOAD_BYTES];
    node_configure(node, data, size, ack);
    improv_link_ok(&node->link, ack);
    node_say_kind(node, "config/ack", ack);
}

/* A request whose end was lost, or takes longer than anybody waits, must not keep the line for itself; that of a bench always comes. */
void node_serial_watch(struct node *node, int64_t now_us)
{
    bool waits = node->link.at_work != 0 && node->link.at_work != IMPROV_NODE_COMMAND;
    if (!waits || now_us - node->serial_since_us < SERIAL_LONGEST_US) {
        return;
    }
    node->serial_scans = node->serial_joins = false;
    if (node->link.at_work >= IMPROV_SET) {
        improv_link_refuse(&node->link, "It took too long.");
    } else {
        improv_link_error(&node->link, IMPROV_UNABLE_TO_CONNECT);
    }
}

static void s_request(void *context, uint8_t command, const uint8_t *data, uint8_t size)
{
    struct node *node = context;
    node->serial_since_us = node_now_us(node);
    struct improv_reader reader = improv_reader_of(data, size);
    switch (command) {
    case IMPROV_WIFI:
        s_wifi(node, &reader);
        break;
    case IMPROV_CURRENT_STATE:
        s_current_state(node);
        break;
    case IMPROV_DEVICE:
        s_device(node);
        break;
    case IMPROV_SCAN:
        node->serial_scans = true;
        online_scan(&node->online);
        break;
    case IMPROV_SET:
        s_set(node, &reader);
        break;
    case IMPROV_APPLY:
        s_apply(node);
        break;
    case IMPROV_SETTINGS:
        s_settings(node);
        break;
    case IMPROV_GUEST_BEGIN:
        node->serial_ended = false;
        s_guest_begin(node, &reader);
        break;
    case IMPROV_GUEST_DATA:
        s_guest_data(node, &reader);
        break;
    case IMPROV_GUEST_END:
        s_guest_end(node);
        break;
    case IMPROV_STATUS:
        s_status(node);
        break;
    case IMPROV_NODE_COMMAND:
        node_obey(node, data, size, &(struct node_asker){.serial = true});
        break;
    case IMPROV_CALIBRATE:
        s_calibrate(node, data, size);
        break;
    case IMPROV_NETWORKS:
        s_networks(node);
        break;
    case IMPROV_FORGET:
        s_forget(node, &reader);
        break;
    case IMPROV_ERASE_SETTINGS:
        s_erase_settings(node, data, size);
        break;
    default:
        improv_link_error(&node->link, IMPROV_UNKNOWN_COMMAND);
    }
}

static void s_write(void *context, const uint8_t *bytes, size_t size)
{
    struct node *node = context;
    node->ports.system.serial_write(node->ports.system.context, bytes, size);
}

void node_serial_open(struct node *node)
{
    node->link_port = (struct improv_link_port){.context = node, .write = s_write, .request = s_request};
    improv_link_open(&node->link, &node->link_port);
}
