/* What a board is told at provisioning is in force entirely, or not at all. */
#include <stdlib.h>

#include "media.h"
#include "networks.h"
#include "scenario.h"
#include "settings.h"

static struct large_values s_values;
static const uint8_t s_mac[6] = {0x24, 0x6f, 0x28, 0xa1, 0xb2, 0xc3};
static struct protocol_reason s_reason;

static bool s_stage(struct settings *settings, const char *name, const char *value)
{
    return settings_stage(settings, name, 0, (const uint8_t *)value, strlen(value), &s_reason);
}

static void s_addresses(void)
{
    scenario("A broker's address is read as people write it, and refused with what is wrong");
    struct broker_address address;
    CHECK(broker_address_read("mqtt://pi.local", &address, &s_reason) && address.port == 1883);
    CHECK_TEXT(address.host, "pi.local");
    CHECK(broker_address_read("mqtts://10.0.0.2:8884/", &address, &s_reason) && address.port == 8884);
    CHECK(address.scheme == BROKER_MQTTS);
    CHECK_TEXT(address.host, "10.0.0.2");
    CHECK(broker_address_read("mdns", &address, &s_reason) && address.scheme == BROKER_MDNS);
    CHECK(broker_address_read("", &address, &s_reason) && address.scheme == BROKER_NONE);
    static const char *const wrong[] = {"pi.local", "ws://pi", "mqtt://", "mqtt://:1", "mqtt://pi:0", "mqtt://pi:65536",
                                        "mqtt://pi:1x", "mqtt://pi/a", "mqtt://a b", "mqtt://u@pi", "mqtts:///"};
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        scenario_detail("%s", wrong[at]);
        CHECK(!broker_address_read(wrong[at], &address, &s_reason) && s_reason.text[0] != 0);
    }
}

int main(void)
{
    struct settings settings;
    large_values_init(&s_values);
    settings_open(&settings, &s_values.port.values, s_mac);

    scenario("A new board is called after its MAC");
    CHECK_TEXT(settings_value(&settings, SETTING_NODE), "node-a1b2c3");
    CHECK_TEXT(settings_value(&settings, SETTING_ROOT), "ic");

    scenario("One wrong value keeps all of them from taking force");
    CHECK(s_stage(&settings, "node", "field-7") && s_stage(&settings, "broker", "http://x"));
    CHECK(!settings_apply(&settings, &s_reason));
    /* Whoever lost the answer asks again. */
    CHECK(!settings_apply(&settings, &s_reason));
    CHECK_CONTAINS(s_reason.text, "mqtt://");
    CHECK_TEXT(settings_value(&settings, SETTING_NODE), "node-a1b2c3");
    CHECK(s_stage(&settings, "broker", "mqtt://pi.local") && settings_apply(&settings, &s_reason));
    /* What stood beside a refused value is not kept for the next form. */
    CHECK_TEXT(settings_value(&settings, SETTING_NODE), "node-a1b2c3");
    CHECK(s_stage(&settings, "node", "field-7") && settings_apply(&settings, &s_reason));
    CHECK_TEXT(settings_value(&settings, SETTING_NODE), "field-7");

    scenario("A long value comes in pieces, each of which may come twice");
    char ca[4097] = "-----BEGIN CERTIFICATE-----";
    memset(ca + 27, 'x', 4096 - 27);
    strcpy(ca + 4096 - 25, "-----END CERTIFICATE-----");
    for (size_t offset = 0; offset < 4096; offset += 128) {
        CHECK(settings_stage(&settings, "ca", offset, (uint8_t *)ca + offset, 128, &s_reason));
        CHECK(settings_stage(&settings, "ca", offset, (uint8_t *)ca + offset, 128, &s_reason));
    }
    CHECK(!settings_stage(&settings, "ca", 4096, (const uint8_t *)"x", 1, &s_reason));
    CHECK(!settings_stage(&settings, "user", 5, (const uint8_t *)"x", 1, &s_reason));
    CHECK(settings_apply(&settings, &s_reason));

    scenario("Secrets do not read back, and everything survives a restart");
    CHECK(s_stage(&settings, "password", "tomato") && settings_apply(&settings, &s_reason));
    settings_close(&settings);
    settings_open(&settings, &s_values.port.values, s_mac);
    CHECK_TEXT(settings_value(&settings, SETTING_CA), ca);
    CHECK_TEXT(settings_shown(&settings, SETTING_PASSWORD), "set");
    CHECK_TEXT(settings_shown(&settings, SETTING_CA), "set");
    CHECK_TEXT(settings_value(&settings, SETTING_PASSWORD), "tomato");

    scenario("Keys are lines as the page gives them; what is none is refused");
    static const char keys[] = "ed25519 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= lab\r\n\n  ed25519 PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw= field";
    CHECK(s_stage(&settings, "keys", keys) && settings_apply(&settings, &s_reason) && settings.key_count == 2);
    CHECK(settings.keys[0][0] == 0xd7 && settings.keys[1][0] == 0x3d);
    CHECK(s_stage(&settings, "keys", "ed25519 AAAA lab") && !settings_apply(&settings, &s_reason));
    CHECK(s_stage(&settings, "keys", "") && settings_apply(&settings, &s_reason) && settings.key_count == 0);

    scenario("A full NVS is said, and the old settings stay");
    s_values.full = true;
    CHECK(s_stage(&settings, "node", "other") && !settings_apply(&settings, &s_reason));
    CHECK_TEXT(settings_value(&settings, SETTING_NODE), "field-7");
    s_values.full = false;
    settings_close(&settings);

    scenario("Networks are kept, the one that worked last first, and forgotten when asked");
    struct networks networks;
    networks_open(&networks, &s_values.port.values);
    CHECK(networks_put(&networks, "home", "one") && networks_put(&networks, "field", "two"));
    CHECK(networks_put(&networks, "home", "three"));
    networks_close(&networks);
    networks_open(&networks, &s_values.port.values);
    CHECK(networks.count == 2);
    CHECK_TEXT(networks.list[0].password, "three");
    CHECK(networks_forget(&networks, "home") && networks_forget(&networks, "home") && networks.count == 1);
    networks_close(&networks);

    s_addresses();
    return scenarios_passed();
}
