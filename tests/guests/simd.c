/*
 * A guest that its compiler built with SIMD, as `-msimd128` does: the mean of the last four readings is taken
 * in a vector. It serves every tier; its filter is that mean, so it differs from the built-in guests' one.
 */
#define ENV(name) __attribute__((import_module("env"), import_name(#name)))

ENV(read_sensor) int read_sensor(int kind);
ENV(set_output) void set_output(int pin, int level);
ENV(delay_ms) void delay_ms(int ms);
ENV(wasm_log) void wasm_log(const char *text);
ENV(mqtt_publish) int mqtt_publish(const char *topic, const char *payload);
ENV(get_config) int get_config(int key);

typedef int lanes __attribute__((vector_size(16)));

struct window {
    lanes readings;
    int seen;
};

static struct window of_loop, of_filter;

static int mean(struct window *window, int raw)
{
    const lanes fill = {raw, raw, raw, raw};
    lanes halves;
    window->readings = window->seen == 0
        ? fill
        : __builtin_shufflevector(window->readings, fill, 1, 2, 3, 4);
    window->seen = 1;
    halves = window->readings + __builtin_shufflevector(window->readings, window->readings, 2, 3, 0, 1);
    return (halves[0] + halves[1]) / 4;
}

static char *put_text(char *at, const char *text)
{
    while (*text) {
        *at++ = *text++;
    }
    return at;
}

static char *put_number(char *at, int value)
{
    int power = 1;
    while (value / power >= 10) {
        power *= 10;
    }
    for (; power > 0; power /= 10) {
        *at++ = (char)('0' + value / power % 10);
    }
    return at;
}

int main(void)
{
    static char payload[96];
    wasm_log("vector guest up");
    while (1) {
        int raw = read_sensor(0);
        int dry = get_config(0);
        int wet = get_config(1);
        int average = mean(&of_loop, raw < 0 ? 0 : raw);
        int irrigate = average > get_config(2);
        int percent = dry == wet ? 0 : 100 - (average - wet) * 100 / (dry - wet);
        char *at = put_text(payload, "{\"raw\":");
        percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
        set_output(23, irrigate);
        at = put_number(at, average);
        at = put_text(at, ",\"pct\":");
        at = put_number(at, percent);
        at = put_text(at, ",\"irrigar\":");
        at = put_number(at, irrigate);
        *put_text(at, "}") = 0;
        mqtt_publish("data", payload);
        delay_ms(3000);
    }
}

float filter_value(int raw)
{
    return (float)mean(&of_filter, raw);
}

int detect_anomaly(int raw)
{
    return raw < 200 || raw > 3900 ? 3 : 0;
}
