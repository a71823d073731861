#include "mqtt_tokens.h"

#include <stddef.h>

#include "freertos/FreeRTOS.h"

/* Held for some microseconds only: two tasks meet here. */
static portMUX_TYPE s_lock = portMUX_INITIALIZER_UNLOCKED;

static struct mqtt_token *s_find_locked(struct mqtt_tokens *tokens, int packet)
{
    for (size_t i = 0; i < MQTT_TOKENS; i++) {
        struct mqtt_token *entry = &tokens->entries[i];
        if (entry->state != MQTT_TOKEN_FREE && entry->packet == packet) {
            return entry;
        }
    }
    return NULL;
}

static struct mqtt_token *s_room_locked(struct mqtt_tokens *tokens)
{
    struct mqtt_token *oldest = &tokens->entries[0];
    for (size_t i = 0; i < MQTT_TOKENS; i++) {
        struct mqtt_token *entry = &tokens->entries[i];
        if (entry->state == MQTT_TOKEN_FREE) {
            return entry;
        }
        if ((int32_t)(entry->age - oldest->age) < 0) {
            oldest = entry;
        }
    }
    return oldest;
}

bool mqtt_tokens_sent(struct mqtt_tokens *tokens, int packet, int32_t token, uint8_t *reason_code)
{
    taskENTER_CRITICAL(&s_lock);
    struct mqtt_token *entry = s_find_locked(tokens, packet);
    bool early = entry != NULL && entry->state == MQTT_TOKEN_EARLY;
    if (early) {
        *reason_code = entry->reason_code;
        entry->state = MQTT_TOKEN_FREE;
    } else {
        entry = entry != NULL ? entry : s_room_locked(tokens);
        *entry = (struct mqtt_token) {
            .state = MQTT_TOKEN_SENT, .packet = packet, .token = token, .age = tokens->next_age++,
        };
    }
    taskEXIT_CRITICAL(&s_lock);
    return early;
}

bool mqtt_tokens_acknowledged(struct mqtt_tokens *tokens, int packet, uint8_t reason_code, int32_t *token)
{
    taskENTER_CRITICAL(&s_lock);
    struct mqtt_token *entry = s_find_locked(tokens, packet);
    bool known = entry != NULL && entry->state == MQTT_TOKEN_SENT;
    if (known) {
        *token = entry->token;
        entry->state = MQTT_TOKEN_FREE;
    } else {
        entry = entry != NULL ? entry : s_room_locked(tokens);
        *entry = (struct mqtt_token) {
            .state = MQTT_TOKEN_EARLY, .packet = packet, .reason_code = reason_code, .age = tokens->next_age++,
        };
    }
    taskEXIT_CRITICAL(&s_lock);
    return known;
}
