/*
 * A whole node with real guests and no board: what it does when guests fault, boots go wrong, and messages come in
 * pieces. Its time runs faster than the wall's.
 */
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "guest_store.h"
#include "media.h"
#include "node.h"
#include "node_private.h"
#include "ram_flash.h"
#include "read_file.h"
#include "scenario.h"

#define FASTER 100
#define SECOND_US 1000000LL
#define MOST_SAID 400

static struct large_values s_values;
static struct ram_partition s_partition;
static struct ram_flash s_slots;
static struct power s_power = {.cut_at = UINT32_MAX};
static struct node *s_node;
static atomic_int s_pump;
static uint32_t s_connection;
static int32_t s_token;

static struct said {
    char topic[64];
    char payload[600];
} s_said[MOST_SAID];
static size_t s_said_count;

static int64_t s_uptime_us(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ((int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000) * FASTER;
}

static int64_t s_wall_us(void *context) { (void)context; return 0; }

static void s_sleep_ms(void *context, uint32_t ms)
{
    (void)context;
    int64_t ns = (int64_t)ms * 1000000 / FASTER;
    struct timespec pause = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    nanosleep(&pause, NULL);
}

static void s_scan(void *context)
{
    (void)context;
    node_post_network(s_node, "net", -40, false);
    node_post_scan_done(s_node);
}

static void s_join(void *context, const char *ssid, const char *password)
{
    (void)context;
    (void)ssid;
    (void)password;
    node_post_wifi_online(s_node, "10.0.0.1");
}

static bool s_connect(void *context, const struct node_mqtt_options *options)
{
    (void)context;
    (void)options;
    node_post_mqtt_online(s_node, ++s_connection, 20);
    return true;
}

static bool s_subscribe(void *context, const char *topic) { (void)context; (void)topic; return true; }
static void s_quit(void *context, bool goodbye) { (void)context; (void)goodbye; }
static void s_nothing(void *context) { (void)context; }
static int s_rssi(void *context) { (void)context; return -40; }
static void s_resolve(void *context, const char *name) { (void)context; (void)name; }

static int32_t s_publish(void *context, const struct node_mqtt_publication *publication)
{
    (void)context;
    if (s_said_count < MOST_SAID) {
        struct said *said = &s_said[s_said_count++];
        snprintf(said->topic, sizeof said->topic, "%s", publication->topic);
        snprintf(said->payload, sizeof said->payload, "%.*s", (int)publication->size, (const char *)publication->payload);
    }
    if (publication->qos == 0) {
        return 0;
    }
    node_post_mqtt_acknowledged(s_node, s_connection, ++s_token, 0);
    return s_token;
}

static int32_t s_sample(void *context) { (void)context; return 2500; }
static void s_set(void *context, int32_t pin, bool high) { (void)context; if (pin == 23) { atomic_store(&s_pump, high); } }
static void s_off(void *context) { (void)context; atomic_store(&s_pump, 0); }
static uint32_t s_heap(void *context) { (void)context; return 1000; }
static int32_t s_stack(void *context) { (void)context; return -1; }
static void s_random(void *context, void *bytes, size_t size) { (void)context; memset(bytes, 7, size); }
static void s_serial(void *context, const uint8_t *bytes, size_t size) { (void)context; (void)bytes; (void)size; }

static void s_log(void *context, char level, const char *tag, const char *text)
{
    (void)context;
    if (getenv("NODE_LIFE_LOG") != NULL) {
        printf("%c %s: %s\n", level, tag, text);
    }
}

static struct node_ports s_ports(enum node_reset reset)
{
    return (struct node_ports){
        .identity = {.firmware = "1.0.0 test", .chip = "test", .mac = {1, 2, 3, 4, 5, 6}, .reset = reset},
        .clock = {.uptime_us = s_uptime_us, .wall_us = s_wall_us, .sleep_ms = s_sleep_ms},
        .values = s_values.port,
        .wifi = {.scan = s_scan, .connect = s_join, .disconnect = s_nothing, .rssi_dbm = s_rssi},
        .mdns = {.resolve = s_resolve},
        .mqtt = {.connect = s_connect, .disconnect = s_quit, .subscribe = s_subscribe, .publish = s_publish},
        .board = {.sample_soil = s_sample, .set_output = s_set, .all_off = s_off, .identify = s_nothing},
        .system = {.restart = s_nothing, .heap_free_bytes = s_heap, .stack_free_bytes = s_stack, .random = s_random,
                   .serial_write = s_serial, .log = s_log},
        .guest_slots = s_slots.port,
        .outbox = s_partition.port,
    };
}

static void s_install(const char *path)
{
    struct guest_store store;
    struct guest_record record;
    struct guest_offer offer = {.name = "guest"};
    struct guest_trust trust = {.unsigned_allowed = true};
    struct guest_refusal refusal = {.reason = "not opened"};
    uint32_t next = 0;
    size_t size = 0;
    uint8_t *module = read_file(path, &size);
    offer.size = (uint32_t)size;
    crypto_hash_sha256(offer.sha256, module, size);
    ram_flash_init(&s_slots, &s_power);
    CHECK(guest_store_open(&store, &s_slots.port, &s_values.port.values, NULL) &&
          guest_store_begin(&store, &offer, &trust, &next, &refusal) &&
          guest_store_write(&store, 0, module, size, &next, &refusal) &&
          guest_store_finish(&store, &record, &refusal) && guest_store_accept(&store));
    free(module);
}

static void s_provision(void)
{
    struct settings settings;
    struct networks networks;
    struct protocol_reason reason;
    static const uint8_t mac[6];
    settings_open(&settings, &s_values.port.values, mac);
    networks_open(&networks, &s_values.port.values);
    CHECK(settings_stage(&settings, "node", 0, (const uint8_t *)"n1", 2, &reason) &&
          settings_stage(&settings, "broker", 0, (const uint8_t *)"mqtt://b", 8, &reason) &&
          settings_apply(&settings, &reason) && networks_put(&networks, "net", ""));
    networks_close(&networks);
    settings_close(&settings);
}

static void s_boot(enum node_reset reset)
{
    struct node_ports ports = s_ports(reset);
    s_said_count = 0;
    s_connection = 0;
    s_node = node_create(&ports);
    CHECK(s_node != NULL);
    node_start(s_node);
}

static void s_shut(void)
{
    node_stop(s_node);
    node_destroy(s_node);
}

static bool s_has_said(const char *topic, const char *part)
{
    for (size_t at = 0; at < s_said_count; at++) {
        if (strcmp(s_said[at].topic, topic) == 0 && strstr(s_said[at].payload, part) != NULL) {
            return true;
        }
    }
    return false;
}

/* Lives until `topic` has said `part`, with patience for a slow machine, or just so long. */
static bool s_live(int64_t seconds, const char *topic, const char *part)
{
    seconds = topic == NULL ? seconds : 20 * seconds;
    int64_t until_us = s_uptime_us(NULL) + seconds * SECOND_US;
    int64_t now_us = s_uptime_us(NULL);
    while (now_us < until_us && (topic == NULL || !s_has_said(topic, part))) {
        node_poll(s_node, now_us);
        s_sleep_ms(NULL, FASTER);
        now_us = s_uptime_us(NULL);
    }
    return topic != NULL && s_has_said(topic, part);
}

static void s_tell(const char *topic, const char *payload, size_t piece, bool retain)
{
    size_t size = strlen(payload);
    size_t offset = 0;
    do {
        size_t length = size - offset < piece ? size - offset : piece;
        struct node_mqtt_arrival arrival = {.topic = offset == 0 ? topic : NULL, .total_size = size, .offset = offset,
                                            .bytes = payload + offset, .size = length, .retain = retain};
        node_post_mqtt_message(s_node, s_connection, &arrival);
        offset += length;
    } while (offset < size);
}

/* A request over the serial line: its command, then its data. */
static void s_request(const char *bytes, size_t size)
{
    uint8_t data[IMPROV_MAX_DATA];
    uint8_t frame[IMPROV_FRAME_BYTES(IMPROV_MAX_DATA)];
    data[0] = (uint8_t)bytes[0];
    data[1] = (uint8_t)(size - 1);
    memcpy(data + 2, bytes + 1, size - 1);
    node_post_serial(s_node, frame, improv_frame_write(IMPROV_REQUEST, data, (uint8_t)(size + 1), frame));
}

int main(void)
{
    large_values_init(&s_values);
    ram_partition_init(&s_partition, MEDIA_SECTORS);
    s_provision();
    s_install("web/guest/modules/irrigation-c.wasm");

    scenario("A node comes online, says who it is, and its readings go out");
    s_boot(NODE_RESET_POWER);
    CHECK(s_live(60, "ic/n1/data", "\"raw\":2500"));
    CHECK(s_has_said("ic/n1/presence", "\"kind\":\"real\""));

    scenario("A configuration in pieces is one configuration; one in a piece of one byte each, too");
    s_tell("ic/n1/config", "{\"seco\":3000,\"molhado\":1000,\"limiar\":2000}", 7, true);
    CHECK(s_live(60, "ic/n1/config/ack", "\"seco\":3000"));
    s_tell("ic/n1/config", "{\"seco\":3001,\"molhado\":1000,\"limiar\":2000}", 1, true);
    CHECK(s_live(60, "ic/n1/config/ack", "\"seco\":3001"));

    scenario("A command that is retained is not obeyed: it would strike again at each connection");
    s_tell("ic/n1/cmd", "{\"cmd\":\"ping\",\"id\":\"old\"}", 100, true);
    s_tell("ic/n1/cmd", "{\"cmd\":\"ping\",\"id\":\"new\"}", 100, false);
    CHECK(s_live(60, "ic/n1/reply", "\"id\":\"new\"") && !s_has_said("ic/n1/reply", "\"id\":\"old\""));

    scenario("A payload that is too large is refused, and the board lives on");
    char *large = calloc(1, 40001);
    memset(large, ' ', 40000);
    s_tell("ic/n1/config", large, 1000, false);
    free(large);
    CHECK(s_live(60, "ic/n1/config/ack", "at most 8192 are read"));

    scenario("A board that gets another name takes leave under the old one, or that would be online for ever");
    s_request("\xa0\x04node\x00\x00\x02n2", 11);
    s_request("\xa1", 1);
    CHECK(s_live(60, "ic/n2/data", "\"raw\":2500"));
    CHECK(s_has_said("ic/n1/presence", "\"online\":false") && s_has_said("ic/n2/presence", "\"online\":true"));
    s_request("\xa0\x04node\x00\x00\x02n1", 11);
    s_request("\xa1", 1);
    CHECK(s_live(60, "ic/n2/presence", "\"online\":false"));

    scenario("The pump is off as soon as the board stops");
    CHECK(s_live(30, NULL, NULL) || atomic_load(&s_pump) == 1);
    s_shut();
    CHECK(atomic_load(&s_pump) == 0);

    scenario("A guest that faults again and again is started later each time, then left alone; the board stays reachable");
    s_install(GUEST_WASM_DIR "/trap.wasm");
    s_boot(NODE_RESET_POWER);
    int64_t began_us = s_uptime_us(NULL);
    CHECK(s_live(200, "ic/n1/status", "Safe mode"));
    int64_t took_s = (s_uptime_us(NULL) - began_us) / SECOND_US;
    scenario_detail("it took %d s", (int)took_s);
    /* 1 + 2 + 4 + 8 + 16 + 32 + 3 x 60 seconds of waiting. */
    CHECK(took_s >= 243);
    s_tell("ic/n1/cmd", "{\"cmd\":\"ping\",\"id\":\"still there\"}", 100, false);
    CHECK(s_live(60, "ic/n1/reply", "still there"));
    s_shut();

    scenario("A board that crashes at every start leaves its guest alone, and starts it again when asked to");
    s_install("web/guest/modules/irrigation-c.wasm");
    for (int boot = 0; boot < 4; boot++) {
        /* What an earlier boot could not deliver any more is no sign of a guest in this one. */
        CHECK(!s_partition.misused);
        ram_partition_init(&s_partition, MEDIA_SECTORS);
        s_boot(NODE_RESET_PANIC);
        CHECK(s_node->safe_mode == (boot == 3));
        if (boot < 3) {
            s_sleep_ms(NULL, 6000);
            s_shut();
        }
    }
    CHECK(s_live(60, "ic/n1/presence", "\"guest\":null") && !s_has_said("ic/n1/data", ""));
    s_tell("ic/n1/cmd", "{\"cmd\":\"restart\"}", 100, false);
    CHECK(s_live(60, "ic/n1/data", "\"raw\":2500"));
    s_shut();

    scenario("Without a module the node is there and says so");
    ram_flash_init(&s_slots, &s_power);
    s_boot(NODE_RESET_POWER);
    CHECK(s_live(60, "ic/n1/presence", "\"guest\":null"));
    s_shut();
    CHECK(!s_slots.misused && !s_partition.misused);
    return scenarios_passed();
}
