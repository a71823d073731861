/* Binds the irrigation logic to the host: the edge loop and the three per-value exports. */
#include "guest_abi.gen.h"
#include "irrigation.h"
#include "text.h"

enum condition {
    CONDITION_UNKNOWN,
    CONDITION_MISSING,
    CONDITION_MOIST,
    CONDITION_IRRIGATING,
};

static const char *condition_words(enum condition condition)
{
    switch (condition) {
    case CONDITION_IRRIGATING:
        return "irrigating";
    case CONDITION_MOIST:
        return "moist enough";
    default:
        return "sensor missing";
    }
}

struct edge {
    enum condition condition;
    int32_t heartbeat;
    /* Telemetry attempts, so that a gap downstream shows a loss; wraps. */
    uint32_t sequence;
    int32_t refused;
};

static void publish(struct edge *edge, const char *topic, const char *payload)
{
    if (mqtt_publish(topic, payload) < 0) {
        edge->refused++;
        wasm_log("publish refused, so far:");
        log_int(edge->refused);
    }
}

static void publish_telemetry(struct edge *edge, int32_t raw, int32_t verdict, enum condition condition)
{
    /* Longest: ten digits each for raw and seq, three for pct: 61 bytes with the NUL. */
    char buffer[72];
    struct text text = {buffer, sizeof buffer, 0};
    text_string(&text, "{\"raw\":");
    text_signed(&text, raw);
    text_string(&text, ",\"pct\":");
    text_signed(&text, verdict & ABI_VERDICT_PERCENT_MASK);
    text_string(&text, ",\"irrigar\":");
    text_unsigned(&text, condition == CONDITION_IRRIGATING);
    text_string(&text, ",\"seq\":");
    text_unsigned(&text, edge->sequence++);
    text_string(&text, "}");
    publish(edge, ABI_TOPIC_PREFIX "data", text_end(&text));
}

/* Without a verdict both the red and the green LED stay dark. */
static void show(struct edge *edge, enum condition condition)
{
    edge->heartbeat ^= 1;
    set_output(ABI_PIN_PUMP, condition == CONDITION_IRRIGATING);
    set_output(ABI_PIN_RED, condition == CONDITION_IRRIGATING);
    set_output(ABI_PIN_GREEN, condition == CONDITION_MOIST);
    set_output(ABI_PIN_BLUE, edge->heartbeat);
}

static void sample(struct edge *edge)
{
    int32_t raw = read_sensor(ABI_SENSOR_SOIL_MOISTURE);
    int32_t dry = get_config(ABI_CONFIG_DRY);
    int32_t wet = get_config(ABI_CONFIG_WET);
    int32_t threshold = get_config(ABI_CONFIG_THRESHOLD);
    int32_t period_ms = get_config(ABI_CONFIG_PERIOD_MS);
    int32_t hysteresis = get_config(ABI_CONFIG_HYSTERESIS);

    enum condition condition = CONDITION_MISSING;
    int32_t verdict = 0;
    if (raw >= 0) {
        bool watering = edge->condition == CONDITION_IRRIGATING;
        verdict = irrigation_process(raw, dry, wet, threshold);
        watering = irrigation_wanted(watering, verdict, raw, threshold, hysteresis);
        condition = watering ? CONDITION_IRRIGATING : CONDITION_MOIST;
    }

    show(edge, condition);
    if (raw >= 0) {
        publish_telemetry(edge, raw, verdict, condition);
    }
    if (condition != edge->condition) {
        edge->condition = condition;
        wasm_log(condition_words(condition));
        log_int(raw);
        publish(edge, ABI_TOPIC_PREFIX "status", condition_words(condition));
    }
    delay_ms(period_ms < ABI_LIMIT_MIN_PERIOD_MS ? ABI_LIMIT_MIN_PERIOD_MS : period_ms);
}

GUEST_EXPORT("main")
int32_t guest_main(void)
{
    struct edge edge = {CONDITION_UNKNOWN, 0, 0, 0};
    wasm_log("irrigation guest started");
    for (;;) {
        sample(&edge);
    }
}

GUEST_EXPORT("process")
int32_t process(int32_t raw, int32_t dry, int32_t wet, int32_t threshold)
{
    return irrigation_process(raw, dry, wet, threshold);
}

GUEST_EXPORT("filter_value")
float filter_value(int32_t raw)
{
    static struct irrigation_filter filter;
    return irrigation_filter_step(&filter, raw);
}

GUEST_EXPORT("detect_anomaly")
int32_t detect_anomaly(int32_t raw)
{
    static struct irrigation_detector detector;
    return irrigation_detect(&detector, raw);
}
