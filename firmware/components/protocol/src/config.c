#include "protocol_json.h"
#include "protocol_payloads.h"

enum presence_of { NEEDED, MAY_LACK };

/* A number that may be none of ours yet: the rules look at it afterwards. */
struct wire_number {
    bool given;
    double value;
};

static bool s_number(const cJSON *object, const char *name, enum presence_of needed, struct wire_number *number,
                     struct protocol_reason *reason)
{
    const cJSON *field = protocol_json_field(object, name);
    if (field == NULL) {
        number->given = false;
        return needed == MAY_LACK || protocol_refuse(reason, "The field \"%s\" is missing.", name);
    }
    if (!cJSON_IsNumber(field)) {
        return protocol_refuse(reason, "The field \"%s\" must be a number.", name);
    }
    *number = (struct wire_number){.given = true, .value = field->valuedouble};
    return true;
}

static bool s_within(const char *name, const struct wire_number *number, int32_t min, int32_t max, int32_t *into,
                     struct protocol_reason *reason)
{
    if (!number->given) {
        return true;
    }
    /* Compared before it is converted: a number beyond the integers has no conversion. */
    if (!(number->value >= min && number->value <= max) || number->value != (int32_t)number->value) {
        return protocol_refuse(reason, "The %s must be a whole number from %d to %d, not %.17g.", name, (int)min, (int)max,
                               number->value);
    }
    *into = (int32_t)number->value;
    return true;
}

static bool s_in_order(const struct protocol_config *config, struct protocol_reason *reason)
{
    int dry = config->dry;
    int wet = config->wet;
    int threshold = config->threshold;
    if (wet >= dry) {
        return protocol_refuse(reason, "The wet value (molhado, %d) must be below the dry value (seco, %d).", wet, dry);
    }
    return (wet < threshold && threshold < dry) ||
           protocol_refuse(reason, "The threshold (limiar, %d) must be between wet (molhado, %d) and dry (seco, %d).",
                           threshold, wet, dry);
}

bool protocol_config_read(const void *payload, size_t size, struct protocol_config *config,
                          struct protocol_reason *reason)
{
    cJSON *object = protocol_json_read(payload, size, reason);
    if (object == NULL) {
        return false;
    }
    struct protocol_config next = *config;
    struct wire_number dry, wet, threshold, period, hysteresis;
    bool good = s_number(object, "seco", NEEDED, &dry, reason) && s_number(object, "molhado", NEEDED, &wet, reason) &&
                s_number(object, "limiar", NEEDED, &threshold, reason) &&
                s_number(object, "periodo_ms", MAY_LACK, &period, reason) &&
                s_number(object, "histerese", MAY_LACK, &hysteresis, reason) &&
                s_within("dry value (seco)", &dry, 0, PROTOCOL_MAX_ADC, &next.dry, reason) &&
                s_within("wet value (molhado)", &wet, 0, PROTOCOL_MAX_ADC, &next.wet, reason) &&
                s_within("threshold (limiar)", &threshold, 0, PROTOCOL_MAX_ADC, &next.threshold, reason) &&
                s_in_order(&next, reason) &&
                s_within("period (periodo_ms)", &period, PROTOCOL_MIN_PERIOD_MS, PROTOCOL_MAX_PERIOD_MS,
                         &next.period_ms, reason) &&
                s_within("hysteresis (histerese)", &hysteresis, 0, PROTOCOL_MAX_ADC, &next.hysteresis, reason);
    cJSON_Delete(object);
    if (good) {
        *config = next;
    }
    return good;
}

size_t protocol_config_ack_write(const struct protocol_config *in_force, const char *reason, char *text, size_t capacity)
{
    struct protocol_json_writer writer;
    protocol_json_begin(&writer, text, capacity);
    protocol_json_add_integer(&writer, "ok", reason == NULL);
    protocol_json_add_integer(&writer, "seco", in_force->dry);
    protocol_json_add_integer(&writer, "molhado", in_force->wet);
    protocol_json_add_integer(&writer, "limiar", in_force->threshold);
    protocol_json_add_integer(&writer, "periodo_ms", in_force->period_ms);
    protocol_json_add_integer(&writer, "histerese", in_force->hysteresis);
    if (reason != NULL) {
        protocol_json_add_text(&writer, "reason", reason);
    }
    return protocol_json_end(&writer);
}
