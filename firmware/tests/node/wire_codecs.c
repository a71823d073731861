/*
 * Reads lines `KIND HEX` from stdin, HEX being a payload, and prints a line with what the codecs made of each: what was
 * read, written again by the encoder that says it, or `refused` and the sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol_payloads.h"
#include "protocol_topics.h"

#define MOST_PAYLOAD 20000

static const struct protocol_config s_before = {.dry = 2600, .wet = 1100, .threshold = 1700, .period_ms = 3000};

static void s_refused(const struct protocol_reason *reason)
{
    printf("refused %s\n", reason->text);
}

static void s_config(const char *payload, size_t size)
{
    struct protocol_config config = s_before;
    struct protocol_reason reason;
    char text[PROTOCOL_PAYLOAD_BYTES];
    bool accepted = protocol_config_read(payload, size, &config, &reason);
    protocol_config_ack_write(&config, accepted ? NULL : reason.text, text, sizeof text);
    printf("%s\n", text);
}

static void s_command(const char *payload, size_t size)
{
    struct protocol_command command;
    struct protocol_reason reason;
    char text[PROTOCOL_PAYLOAD_BYTES];
    bool read = protocol_command_read(payload, size, &command, &reason);
    struct protocol_reply reply = {.command = command.name, .id = command.id, .time_us = 1795367223337350, .steps = 3,
                                   .us_per_step = 1.0 / 3, .instructions_per_step = 861, .reason = read ? NULL : reason.text};
    protocol_reply_write(&reply, text, sizeof text);
    printf("%s\n", text);
}

/* `name\nvalue\n...` */
static void s_offer(char *payload)
{
    struct protocol_property properties[16];
    size_t count = 0;
    for (char *line = strtok(payload, "\x1f"); line != NULL && count < 16; line = strtok(NULL, "\x1f")) {
        properties[count].name = line;
        char *value = strtok(NULL, "\x1f");
        properties[count++].value = value == NULL ? "" : value;
    }
    struct protocol_guest_offer offer;
    struct protocol_reason reason;
    if (!protocol_guest_offer_read(properties, count, &offer, &reason)) {
        s_refused(&reason);
        return;
    }
    char text[PROTOCOL_PAYLOAD_BYTES];
    struct protocol_guest_state state = {.phase = PROTOCOL_TRYING, .name = offer.name, .sha256 = offer.sha256, .progress = 0.5 + 0.5 / 3};
    protocol_guest_state_write(&state, text, sizeof text);
    char signature[PROTOCOL_BASE64_BYTES(PROTOCOL_SIGNATURE_BYTES)];
    protocol_base64_encode(offer.signature, sizeof offer.signature, signature);
    printf("%s %s\n", signature, text);
}

static void s_presence(const char *name)
{
    static const uint8_t sha256[PROTOCOL_SHA256_BYTES] = {0xab};
    char text[PROTOCOL_PAYLOAD_BYTES];
    struct protocol_presence presence = {.online = true, .runtime = name, .firmware = name, .guest_name = name, .guest_sha256 = sha256};
    protocol_presence_write(&presence, text, sizeof text);
    printf("%s\n", text);
}

static void s_metrics(const char *payload)
{
    char text[PROTOCOL_PAYLOAD_BYTES];
    long long n = strtoll(payload, NULL, 10);
    struct protocol_metrics metrics = {.heap_free_bytes = n, .stack_free_bytes = -1, .step_us = n, .step_instructions = 0,
                                       .rssi_dbm = -55, .bytes_sent = n, .energy_mj = n};
    protocol_metrics_write(&metrics, text, sizeof text);
    printf("%s\n", text);
}

static void s_checked(bool good, const struct protocol_reason *reason)
{
    if (good) {
        printf("good\n");
    } else {
        s_refused(reason);
    }
}

int main(void)
{
    static char line[2 * MOST_PAYLOAD + 64];
    static char payload[MOST_PAYLOAD + 1];
    struct protocol_reason reason;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        char *hex = strchr(line, ' ');
        if (hex == NULL) {
            return 1;
        }
        *hex++ = 0;
        size_t size = strlen(hex) / 2;
        if (size > MOST_PAYLOAD || !protocol_hex_decode(hex, (uint8_t *)payload, size)) {
            return 1;
        }
        payload[size] = 0;
        if (strcmp(line, "config") == 0) {
            s_config(payload, size);
        } else if (strcmp(line, "command") == 0) {
            s_command(payload, size);
        } else if (strcmp(line, "offer") == 0) {
            s_offer(payload);
        } else if (strcmp(line, "presence") == 0) {
            s_presence(payload);
        } else if (strcmp(line, "metrics") == 0) {
            s_metrics(payload);
        } else if (strcmp(line, "node") == 0) {
            s_checked(protocol_check_node_id(payload, &reason), &reason);
        } else {
            s_checked(protocol_check_root(payload, &reason), &reason);
        }
    }
    return 0;
}
