/*
 * What a node needs of the board it runs on. All functions are called on the node's own thread unless said otherwise;
 * none may block for longer than some ten milliseconds. What takes longer is begun by a call, and its outcome is
 * posted with the functions of `node_events.h`, from any thread.
 */
#ifndef NODE_PORTS_H
#define NODE_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest_store_port.h"
#include "protocol_payloads.h"

/* Bytes without the NUL, as IEEE 802.11 and WPA2 allow them. */
#define NODE_SSID_BYTES 32
#define NODE_PASSPHRASE_BYTES 64

struct node_clock_port {
    void *context;
    /* Microseconds since boot. Any thread. */
    int64_t (*uptime_us)(void *context);
    /* Microseconds since 1970; 0 while the date is not known. Any thread. */
    int64_t (*wall_us)(void *context);
    /* Blocks the calling thread; the guest's. */
    void (*sleep_ms)(void *context, uint32_t ms);
};

/* Values that last, NVS on a board; at most some 6 KB each. */
struct node_values_port {
    struct guest_values values;
    /* Removes every key. */
    bool (*erase_all)(void *context);
};

/* A partition of NOR flash: erased bytes are 0xff, a write only clears bits, an erase covers whole sectors. */
struct node_flash {
    void *context;
    /* 0: there is none. */
    uint32_t bytes;
    uint32_t sector_bytes;
    bool (*read)(void *context, uint32_t offset, void *bytes, size_t count);
    bool (*write)(void *context, uint32_t offset, const void *bytes, size_t count);
    bool (*erase)(void *context, uint32_t offset, size_t count);
};

enum node_wifi_problem {
    NODE_WIFI_OK,
    NODE_WIFI_NOT_FOUND,
    NODE_WIFI_WRONG_PASSWORD,
    NODE_WIFI_NO_ADDRESS,
    NODE_WIFI_OTHER,
};

struct node_wifi_port {
    void *context;
    /* Looks for networks: then `node_post_network` for each, strongest first, and `node_post_scan_done`. */
    void (*scan)(void *context);
    /* Joins a network: then `node_post_wifi_online` or `node_post_wifi_offline`. `password` is empty for an open one. */
    void (*connect)(void *context, const char *ssid, const char *password);
    /* Leaves it, or stops joining it. Posts nothing. */
    void (*disconnect)(void *context);
    /* dBm; 0 when not joined. */
    int (*rssi_dbm)(void *context);
};

struct node_mdns_port {
    void *context;
    /*
     * Finds the address of a `.local` name or, when `name` is NULL, a broker that announces `_mqtt._tcp`: then
     * `node_post_resolved`, after 5 s at most.
     */
    void (*resolve)(void *context, const char *name);
};

struct node_mqtt_options {
    /* Name or address, as the certificate says it. */
    const char *host;
    /* Where to connect to; NULL: ask DNS for `host`. */
    const char *address;
    uint16_t port;
    bool tls;
    /* PEM of the authority; NULL: those that the platform trusts. */
    const char *ca;
    /* NULL without. */
    const char *user;
    const char *password;
    const char *client_id;
    uint16_t keep_alive_s;
    /* Last will: QoS 1, retained. */
    const char *will_topic;
    const char *will_payload;
};

struct node_mqtt_publication {
    const char *topic;
    const void *payload;
    size_t size;
    uint8_t qos;
    bool retain;
    const struct protocol_property *properties;
    size_t property_count;
    /* Size 0: none. */
    const void *correlation;
    size_t correlation_size;
    /* 0: none. */
    uint32_t expiry_s;
};

/* An MQTT 5 client with clean start. What a connection had not delivered is not sent again by the next: the node does that. */
struct node_mqtt_port {
    void *context;
    /*
     * Connects: then `node_post_mqtt_online` or `node_post_mqtt_offline`. While online `node_post_mqtt_message` for what
     * comes, `node_post_mqtt_acknowledged` for QoS 1. It does not connect again by itself. False: not even begun.
     */
    bool (*connect)(void *context, const struct node_mqtt_options *options);
    /* Ends it; `goodbye` with a DISCONNECT, so that no last will follows. Posts nothing, and what it posted before may still come. */
    void (*disconnect)(void *context, bool goodbye);
    /* QoS 1. */
    bool (*subscribe)(void *context, const char *topic);
    /* Positive token for QoS 1, 0 for QoS 0; negative: not taken. Everything is copied. */
    int32_t (*publish)(void *context, const struct node_mqtt_publication *publication);
};

/* Probe, relay and lights. Called on the guest's thread, but for `all_off`, which may be called on any. */
struct node_board_port {
    void *context;
    /* One reading of the probe, 12-bit ADC; -1 when it does not answer. */
    int32_t (*sample_soil)(void *context);
    /* Pins of the guest ABI: 18, 19, 21 (red, green, blue), 23 (pump). */
    void (*set_output)(void *context, int32_t pin, bool high);
    /* Relay open and lights dark, whatever the guest's thread does. */
    void (*all_off)(void *context);
    /* Makes it seen where the board stands, for some seconds, without blocking. */
    void (*identify)(void *context);
};

enum node_reset {
    NODE_RESET_POWER,
    NODE_RESET_SOFTWARE,
    NODE_RESET_PANIC,
    NODE_RESET_WATCHDOG,
    NODE_RESET_BROWNOUT,
    NODE_RESET_OTHER,
};

struct node_system_port {
    void *context;
    /* Restarts the board; does not return on a real one. */
    void (*restart)(void *context);
    uint32_t (*heap_free_bytes)(void *context);
    /* Least that was ever left of the stack of the calling thread, the guest's; -1 where that is not known. */
    int32_t (*stack_free_bytes)(void *context);
    void (*random)(void *context, void *bytes, size_t size);
    /* Whole frames for the serial line; no line of text comes between their bytes. */
    void (*serial_write)(void *context, const uint8_t *bytes, size_t size);
    /* A line of text in ESP-IDF's format; `level` is one of E W I D V. Any thread. */
    void (*log)(void *context, char level, const char *tag, const char *text);
};

/* What is known before the node begins. */
struct node_identity {
    /* `1.0.0`; `1.0.0 posix` off a board. */
    const char *firmware;
    /* `esp32`, `esp32s3`, `esp32c3`, `posix`. */
    const char *chip;
    uint8_t mac[6];
    enum node_reset reset;
};

/* 0 stands for what is said beside it. */
struct node_rules {
    /* The pump runs no longer than this at a stretch, then rests as long: 600. */
    uint32_t pump_longest_s;
    /* Between two `metrics`: 60. */
    uint32_t metrics_period_s;
    /* 15. */
    uint16_t keep_alive_s;
    /* Runs the guest that is compiled in instead of a module (strategy E). */
    bool native_guest;
};

struct node_ports {
    struct node_identity identity;
    struct node_clock_port clock;
    struct node_values_port values;
    struct node_wifi_port wifi;
    struct node_mdns_port mdns;
    struct node_mqtt_port mqtt;
    struct node_board_port board;
    struct node_system_port system;
    struct guest_flash guest_slots;
    /* What waits for the broker; without it that is kept in memory alone. */
    struct node_flash outbox;
    struct node_rules rules;
};

#endif
