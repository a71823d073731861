/* What the modules of the field that tests build have in common: the host's functions, and text put together by hand. */
#pragma once

#define ENV(name) __attribute__((import_module("env"), import_name(#name)))

ENV(read_sensor) int read_sensor(int kind);
ENV(set_output) void set_output(int pin, int level);
ENV(delay_ms) void delay_ms(int ms);
ENV(wasm_log) void wasm_log(const char *text);
ENV(mqtt_publish) int mqtt_publish(const char *topic, const char *payload);
ENV(get_config) int get_config(int key);

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
    if (value < 0) {
        *at++ = '-';
        value = -value;
    }
    while (value / power >= 10) {
        power *= 10;
    }
    for (; power > 0; power /= 10) {
        *at++ = (char)('0' + value / power % 10);
    }
    return at;
}
