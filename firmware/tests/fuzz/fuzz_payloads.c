/* JSON and user properties. What is taken must be within the rules, whatever was sent. */
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"
#include "protocol_json.h"
#include "protocol_payloads.h"
#include "protocol_topics.h"

static void s_must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void s_config(const uint8_t *bytes, size_t size)
{
    struct protocol_config config = {.dry = 2600, .wet = 1100, .threshold = 1700, .period_ms = 3000};
    struct protocol_reason reason;
    char text[PROTOCOL_PAYLOAD_BYTES];
    bool accepted = protocol_config_read(bytes, size, &config, &reason);
    s_must(config.wet < config.threshold && config.threshold < config.dry && config.wet >= 0 && config.dry <= PROTOCOL_MAX_ADC);
    s_must(config.period_ms >= PROTOCOL_MIN_PERIOD_MS && config.period_ms <= PROTOCOL_MAX_PERIOD_MS);
    s_must(accepted || (reason.text[0] != 0 && protocol_utf8_valid(reason.text, strlen(reason.text))));
    s_must(protocol_config_ack_write(&config, accepted ? NULL : reason.text, text, sizeof text) > 0);
    /* What the board says is JSON that it would take itself. */
    cJSON *again = protocol_json_read(text, strlen(text), &reason);
    s_must(again != NULL);
    cJSON_Delete(again);
}

static void s_command(const uint8_t *bytes, size_t size)
{
    struct protocol_command command;
    struct protocol_reason reason;
    char text[PROTOCOL_PAYLOAD_BYTES];
    bool read = protocol_command_read(bytes, size, &command, &reason);
    struct protocol_reply reply = {.command = command.name, .id = command.id, .reason = read ? NULL : reason.text};
    s_must(protocol_reply_write(&reply, text, sizeof text) > 0);
}

static void s_offer(const uint8_t *bytes, size_t size)
{
    char text[FUZZ_MOST_BYTES + 1];
    memcpy(text, bytes, size);
    text[size] = 0;
    struct protocol_property properties[8];
    size_t count = 0;
    for (char *name = strtok(text, "\x1f"); name != NULL && count < 8; name = strtok(NULL, "\x1f")) {
        char *value = strtok(NULL, "\x1f");
        properties[count++] = (struct protocol_property){name, value == NULL ? "" : value};
    }
    struct protocol_guest_offer offer;
    struct protocol_reason reason;
    char state[PROTOCOL_PAYLOAD_BYTES];
    if (protocol_guest_offer_read(properties, count, &offer, &reason)) {
        struct protocol_guest_state said = {.phase = PROTOCOL_TRYING, .name = offer.name, .sha256 = offer.sha256, .progress = 0.5};
        s_must(protocol_check_guest_name(offer.name) && protocol_guest_state_write(&said, state, sizeof state) > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0 || size > FUZZ_MOST_BYTES) {
        return 0;
    }
    /* On the heap and not a byte more, so that reading past it shows. */
    uint8_t *copy = malloc(size);
    memcpy(copy, bytes + 1, size - 1);
    switch (bytes[0] % 3) {
    case 0:
        s_config(copy, size - 1);
        break;
    case 1:
        s_command(copy, size - 1);
        break;
    default:
        s_offer(copy, size - 1);
    }
    free(copy);
    return 0;
}

size_t fuzz_seed(unsigned index, uint8_t bytes[FUZZ_MOST_BYTES])
{
    static const char *const seeds[] = {
        "0{\"seco\":2600,\"molhado\":1100,\"limiar\":1700}",
        "0{\"seco\":3000.0,\"molhado\":1e3,\"limiar\":2000,\"periodo_ms\":500,\"histerese\":null,\"x\":[[{\"a\":\"\\u00e9\"}]]}",
        "1{\"cmd\":\"ping\",\"id\":\"page-1\"}",
        "1{\"cmd\":\"bench\",\"id\":\"\xc3\xa9\xf0\x9f\x98\x80\"}",
        "2name\x1f" "irrigation.wasm\x1fsha256\x1f" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\x1fsignature\x1f"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\x1f" "key\x1f" "0011223344556677",
    };
    if (index >= sizeof seeds / sizeof *seeds) {
        return 0;
    }
    size_t size = strlen(seeds[index]);
    memcpy(bytes, seeds[index], size);
    return size;
}
