/* From a network to the broker, and again when any of it is lost. */
#include <stdio.h>

#include "media.h"
#include "online.h"
#include "scenario.h"

#define SECOND_US 1000000LL

static struct large_values s_values;
static struct settings s_settings;
static struct networks s_networks;
static struct online s_online;
static char s_asked[512];
static unsigned s_changes;

static void s_note(const char *word, const char *detail)
{
    size_t length = strlen(s_asked);
    snprintf(s_asked + length, sizeof s_asked - length, "%s%s%s", length == 0 ? "" : " ", word, detail);
}

static void s_scan(void *context) { (void)context; s_note("scan", ""); }
static void s_join(void *context, const char *ssid, const char *password) { (void)context; s_note("join:", ssid); s_note("with:", password); }
static void s_leave(void *context) { (void)context; s_note("leave", ""); }
static void s_resolve(void *context, const char *name) { (void)context; s_note("resolve:", name == NULL ? "*" : name); }
static void s_quit(void *context, bool goodbye) { (void)context; s_note(goodbye ? "goodbye" : "drop", ""); }
static void s_nothing(void *context) { (void)context; }
static void s_changed(void *context) { (void)context; s_changes++; }
static void s_describe(void *context, struct node_mqtt_options *options) { (void)context; options->client_id = "n1"; }

static bool s_connect(void *context, const struct node_mqtt_options *options)
{
    (void)context;
    char text[128];
    snprintf(text, sizeof text, "%s@%s:%u%s", options->host, options->address == NULL ? "dns" : options->address,
             options->port, options->tls ? "+tls" : "");
    s_note("connect:", text);
    return true;
}

static const struct node_ports s_ports = {
    .wifi = {.scan = s_scan, .connect = s_join, .disconnect = s_leave},
    .mdns = {.resolve = s_resolve},
    .mqtt = {.connect = s_connect, .disconnect = s_quit},
};
static const struct online_port s_port = {
    .wifi_changed = s_nothing, .scanned = s_nothing, .describe = s_describe, .broker_changed = s_changed};

static void s_expect(const char *asked)
{
    CHECK_TEXT(s_asked, asked);
    s_asked[0] = 0;
}

static void s_begin(const char *broker)
{
    static const uint8_t mac[6];
    struct protocol_reason reason;
    large_values_init(&s_values);
    settings_open(&s_settings, &s_values.port.values, mac);
    networks_open(&s_networks, &s_values.port.values);
    CHECK(settings_stage(&s_settings, "broker", 0, (const uint8_t *)broker, strlen(broker), &reason));
    CHECK(settings_apply(&s_settings, &reason));
    CHECK(networks_put(&s_networks, "barn", "hay") && networks_put(&s_networks, "house", "tea"));
    online_open(&s_online, &s_ports, &s_port, &s_settings, &s_networks);
    s_asked[0] = 0;
    s_changes = 0;
}

static void s_end(void)
{
    networks_close(&s_networks);
    settings_close(&s_settings);
}

int main(void)
{
    scenario("Of the networks that it knows the strongest in reach is joined, then the next");
    s_begin("mqtts://pi.local");
    online_start(&s_online, 0);
    s_expect("scan");
    online_found(&s_online, "other", -30, true);
    online_found(&s_online, "barn", -50, true);
    online_found(&s_online, "house", -80, true);
    online_scan_done(&s_online, 0);
    s_expect("join:barn with:hay");
    online_wifi_down(&s_online, NODE_WIFI_WRONG_PASSWORD, NULL, SECOND_US);
    s_expect("join:house with:tea");
    online_wifi_up(&s_online, "10.0.0.9", 2 * SECOND_US);
    CHECK_TEXT(online_wifi_word(&s_online), "online");

    scenario("A .local name is asked for, and the certificate is held against the name");
    s_expect("resolve:pi.local");
    online_resolved(&s_online, "10.0.0.2", NULL, 0, 2 * SECOND_US);
    s_expect("connect:pi.local@10.0.0.2:8883+tls");
    online_broker_up(&s_online, 1, 20);
    CHECK(s_online.broker == BROKER_ONLINE && s_changes == 1);

    scenario("A broker that goes is sought again, later each time, and what an old connection says is not believed");
    online_broker_down(&s_online, 1, "It broke off.", 10 * SECOND_US);
    s_expect("drop");
    CHECK(s_changes == 2 && online_poll(&s_online, 10 * SECOND_US) == 11 * SECOND_US);
    online_poll(&s_online, 11 * SECOND_US);
    online_resolved(&s_online, NULL, NULL, 0, 12 * SECOND_US);
    s_expect("resolve:pi.local");
    CHECK_CONTAINS(s_online.broker_reason, "pi.local");
    CHECK(online_poll(&s_online, 12 * SECOND_US) == 14 * SECOND_US);
    online_poll(&s_online, 14 * SECOND_US);
    online_resolved(&s_online, "10.0.0.2", NULL, 0, 14 * SECOND_US);
    online_broker_down(&s_online, 1, "An old story.", 14 * SECOND_US);
    CHECK(s_online.broker == BROKER_CONNECTING);
    s_asked[0] = 0;

    scenario("A broker that never answers is given up in time, with advice");
    online_poll(&s_online, 60 * SECOND_US);
    CHECK(s_online.broker == BROKER_FAILED);
    CHECK_CONTAINS(s_online.broker_reason, "check its address");
    s_expect("drop");

    scenario("A network that is lost is sought at once");
    online_wifi_down(&s_online, NODE_WIFI_OTHER, "The access point went.", 70 * SECOND_US);
    CHECK_TEXT(s_online.wifi_reason, "The access point went.");
    online_poll(&s_online, 70 * SECOND_US);
    s_expect("scan");

    scenario("A network that somebody asks for is stored once it has worked, and not before");
    struct network wanted = {.ssid = "shed", .password = "rake"};
    online_join(&s_online, &wanted, 71 * SECOND_US);
    s_expect("join:shed with:rake");
    online_wifi_down(&s_online, NODE_WIFI_NOT_FOUND, NULL, 72 * SECOND_US);
    CHECK(networks_find(&s_networks, "shed") == NULL);
    CHECK_TEXT(s_online.wifi_reason, "not found");
    online_join(&s_online, &wanted, 73 * SECOND_US);
    online_wifi_up(&s_online, "10.0.0.9", 74 * SECOND_US);
    CHECK(networks_find(&s_networks, "shed") != NULL);
    s_end();

    scenario("A broker that announces itself is found");
    s_begin("mdns");
    online_start(&s_online, 0);
    online_found(&s_online, "house", -60, true);
    online_scan_done(&s_online, 0);
    online_wifi_up(&s_online, "10.0.0.9", 0);
    online_resolved(&s_online, "10.0.0.5", "farm.local", 1884, 0);
    s_expect("scan join:house with:tea resolve:* connect:farm.local@10.0.0.5:1884");

    scenario("A scan that never ends does not keep it off the networks it knows");
    online_stop(&s_online);
    s_asked[0] = 0;
    online_start(&s_online, 100 * SECOND_US);
    online_poll(&s_online, 120 * SECOND_US);
    s_expect("scan join:house with:tea");
    s_end();
    return scenarios_passed();
}
