/* A node that is told anything, over its serial line and by its broker, in pieces of any size. */
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"
#include "improv_frame.h"
#include "media.h"
#include "node.h"
#include "node_private.h"
#include "ram_flash.h"

static struct node *s_node;
static struct large_values s_values;
static struct ram_partition s_partition;
static struct ram_flash s_slots;
static struct power s_power = {.cut_at = UINT32_MAX};
static int64_t s_now_us;
static uint32_t s_connection;

static int64_t s_uptime_us(void *context) { (void)context; return s_now_us; }
static int64_t s_wall_us(void *context) { (void)context; return 0; }
static void s_sleep_ms(void *context, uint32_t ms) { (void)context; (void)ms; }
static void s_nothing(void *context) { (void)context; }
static void s_join(void *context, const char *ssid, const char *password) { (void)context; (void)ssid; (void)password; node_post_wifi_online(s_node, "10.0.0.1"); }
static void s_resolve(void *context, const char *name) { (void)context; (void)name; node_post_resolved(s_node, "10.0.0.2", "pi.local", 1883); }
static bool s_connect(void *context, const struct node_mqtt_options *options) { (void)context; (void)options; node_post_mqtt_online(s_node, ++s_connection, 20); return true; }
static void s_quit(void *context, bool goodbye) { (void)context; (void)goodbye; }
static bool s_subscribe(void *context, const char *topic) { (void)context; (void)topic; return true; }
static int s_rssi(void *context) { (void)context; return -40; }
static int32_t s_sample(void *context) { (void)context; return 2500; }
static void s_set(void *context, int32_t pin, bool high) { (void)context; (void)pin; (void)high; }
static uint32_t s_heap(void *context) { (void)context; return 1000; }
static int32_t s_stack(void *context) { (void)context; return -1; }
static void s_random(void *context, void *bytes, size_t size) { (void)context; memset(bytes, 7, size); }
static void s_serial(void *context, const uint8_t *bytes, size_t size) { (void)context; (void)bytes; (void)size; }
static void s_log(void *context, char level, const char *tag, const char *text) { (void)context; (void)level; (void)tag; (void)text; }

static int32_t s_publish(void *context, const struct node_mqtt_publication *publication)
{
    (void)context;
    if (!protocol_utf8_valid(publication->payload, publication->size)) {
        abort();
    }
    if (publication->qos > 0) {
        node_post_mqtt_acknowledged(s_node, s_connection, 1, 0);
    }
    return publication->qos;
}

static void s_begin(void)
{
    if (s_node != NULL) {
        node_stop(s_node);
        node_destroy(s_node);
    }
    large_values_init(&s_values);
    ram_partition_init(&s_partition, 2);
    ram_flash_init(&s_slots, &s_power);
    s_connection = 0;
    struct node_ports ports = {
        .identity = {.firmware = "1.0.0 test", .chip = "test"},
        .clock = {.uptime_us = s_uptime_us, .wall_us = s_wall_us, .sleep_ms = s_sleep_ms},
        .values = s_values.port,
        .wifi = {.scan = s_nothing, .connect = s_join, .disconnect = s_nothing, .rssi_dbm = s_rssi},
        .mdns = {.resolve = s_resolve},
        .mqtt = {.connect = s_connect, .disconnect = s_quit, .subscribe = s_subscribe, .publish = s_publish},
        .board = {.sample_soil = s_sample, .set_output = s_set, .all_off = s_nothing, .identify = s_nothing},
        .system = {.restart = s_nothing, .heap_free_bytes = s_heap, .stack_free_bytes = s_stack, .random = s_random,
                   .serial_write = s_serial, .log = s_log},
        .guest_slots = s_slots.port,
        .outbox = s_partition.port,
    };
    s_node = node_create(&ports);
    node_start(s_node);
}

static void s_framed(const uint8_t *bytes, size_t size)
{
    uint8_t data[IMPROV_MAX_DATA];
    uint8_t frame[IMPROV_FRAME_BYTES(IMPROV_MAX_DATA)];
    size_t length = size == 0 ? 0 : size - 1 < 253 ? size - 1 : 253;
    data[0] = size == 0 ? 2 : bytes[0];
    data[1] = (uint8_t)length;
    memcpy(data + 2, bytes + 1, length);
    size_t frame_size = improv_frame_write(IMPROV_REQUEST, data, (uint8_t)(length + 2), frame);
    node_post_serial(s_node, frame, frame_size);
}

static void s_message(uint8_t kind, const uint8_t *bytes, size_t size)
{
    static const char *const topics[] = {"ic/node-000000/config", "ic/node-000000/cmd", "ic/node-000000/guest", "ic/x"};
    static const struct protocol_property properties[] = {
        {"name", "guest"},
        {"sha256", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"},
        {"signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="},
        {"key", "0011223344556677"},
    };
    size_t piece = 1 + (kind >> 4) * 9u;
    size_t offset = 0;
    do {
        size_t length = size - offset < piece ? size - offset : piece;
        struct node_mqtt_arrival arrival = {
            .topic = offset == 0 ? topics[kind % 4] : NULL,
            .properties = properties,
            .property_count = offset == 0 ? kind % 5u : 0,
            .retain = (kind & 8) != 0,
            .total_size = size,
            .offset = offset,
            .bytes = bytes + offset,
            .size = length,
        };
        node_post_mqtt_message(s_node, s_connection, &arrival);
        offset += length;
        s_now_us += 1000;
        node_poll(s_node, s_now_us);
    } while (offset < size);
}

/* Steps, each a kind, a length and bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    s_begin();
    while (size >= 2) {
        size_t length = bytes[1] < size - 2 ? bytes[1] : size - 2;
        switch (bytes[0] % 3) {
        case 0:
            node_post_serial(s_node, bytes + 2, length);
            break;
        case 1:
            s_framed(bytes + 2, length);
            break;
        default:
            s_message((uint8_t)(bytes[0] / 3), bytes + 2, length);
        }
        s_now_us += 100000;
        node_poll(s_node, s_now_us);
        node_poll(s_node, s_now_us);
        bytes += 2 + length;
        size -= 2 + length;
    }
    return 0;
}

static size_t s_step(uint8_t *bytes, size_t at, uint8_t kind, const void *data, size_t size)
{
    bytes[at] = kind;
    bytes[at + 1] = (uint8_t)size;
    memcpy(bytes + at + 2, data, size);
    return at + 2 + size;
}

size_t fuzz_seed(unsigned index, uint8_t bytes[FUZZ_MOST_BYTES])
{
    static const char broker[] = "\xa0\x06" "broker\x00\x00\x09" "mqtt://pi";
    static const char wifi[] = "\x01\x03net\x00";
    static const char config[] = "{\"seco\":2600,\"molhado\":1100,\"limiar\":1700}";
    static const char ping[] = "{\"cmd\":\"ping\",\"id\":\"1\"}";
    uint8_t guest[1 + 4 + 32 + 8 + 64 + 6] = {0xa3, 20};
    memcpy(guest + sizeof guest - 6, "\x05guest", 6);
    size_t size = 0;
    size = s_step(bytes, size, 1, wifi, sizeof wifi - 1);
    size = s_step(bytes, size, 1, broker, sizeof broker - 1);
    size = s_step(bytes, size, 1, "\xa1", 1);
    switch (index) {
    case 0:
        size = s_step(bytes, size, 6, config, sizeof config - 1);
        return s_step(bytes, size, 6 + 96, config, sizeof config - 1);
    case 1:
        size = s_step(bytes, size, 9, ping, sizeof ping - 1);
        return s_step(bytes, size, 14, ping, sizeof ping - 1);
    case 2:
        size = s_step(bytes, size, 1, guest, sizeof guest);
        size = s_step(bytes, size, 1, "\xa4\0\0\0\0abcdefghijklmnopqrst", 25);
        return s_step(bytes, size, 1, "\xa5", 1);
    case 3:
        for (uint8_t command = 0xa0; command < 0xac; command++) {
            size = s_step(bytes, size, 1, &command, 1);
        }
        return s_step(bytes, size, 1, "\xab" "erase", 6);
    default:
        return 0;
    }
}
