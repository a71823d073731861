/*
 * Which of our tokens a packet identifier of the client stands for. An acknowledgement may come on the client's task
 * before `esp_mqtt_client_publish` has told the identifier to its caller; then it is kept until that is known.
 */
#ifndef MQTT_TOKENS_H
#define MQTT_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

/* More messages than may be under way at once. */
#define MQTT_TOKENS 32

/* All zero at first. */
struct mqtt_tokens {
    struct mqtt_token {
        enum { MQTT_TOKEN_FREE, MQTT_TOKEN_SENT, MQTT_TOKEN_EARLY } state;
        int packet;
        int32_t token;
        uint8_t reason_code;
        /* Of two early ones the older gives way. */
        uint32_t age;
    } entries[MQTT_TOKENS];
    uint32_t next_age;
};

/* The message with `token` went out as `packet`. True: it was acknowledged already, with `reason_code`. */
bool mqtt_tokens_sent(struct mqtt_tokens *tokens, int packet, int32_t token, uint8_t *reason_code);

/* `packet` was acknowledged. True: it is the message with `token`. */
bool mqtt_tokens_acknowledged(struct mqtt_tokens *tokens, int packet, uint8_t reason_code, int32_t *token);

#endif
