/* Generated from abi/guest-abi.json by scripts/abi.ts: edit that file, then run `npm run abi`. */
#ifndef GUEST_ABI_GEN_H
#define GUEST_ABI_GEN_H

#include <stdint.h>

/* Compiled natively, the host's functions are plain symbols. */
#ifdef __wasm__
#define GUEST_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define GUEST_EXPORT(name) __attribute__((export_name(name)))
#else
#define GUEST_IMPORT(name)
#define GUEST_EXPORT(name)
#endif

#define ABI_TOPIC_PREFIX "ic/esp32/"
#define ABI_SENSOR_SOIL_MOISTURE 0
#define ABI_PIN_RED 18
#define ABI_PIN_GREEN 19
#define ABI_PIN_BLUE 21
#define ABI_PIN_PUMP 23
/* ADC count in dry soil */
#define ABI_CONFIG_DRY 0
/* ADC count in wet soil */
#define ABI_CONFIG_WET 1
/* ADC count above which to irrigate */
#define ABI_CONFIG_THRESHOLD 2
/* pause between two samples, ms */
#define ABI_CONFIG_PERIOD_MS 3
/* ADC counts below the threshold at which irrigation ends */
#define ABI_CONFIG_HYSTERESIS 4
#define ABI_DEFAULT_DRY 2600
#define ABI_DEFAULT_WET 1100
#define ABI_DEFAULT_THRESHOLD 1700
#define ABI_DEFAULT_PERIOD_MS 3000
#define ABI_DEFAULT_HYSTERESIS 0
#define ABI_ANOMALY_NONE 0
#define ABI_ANOMALY_SPIKE 1
#define ABI_ANOMALY_STUCK 2
#define ABI_ANOMALY_OUT_OF_RANGE 3
#define ABI_VERDICT_PERCENT_MASK 255
#define ABI_VERDICT_IRRIGATE_BIT 256
/* ADC count; less is a shorted or unpowered probe: saturated soil reads about 1100 */
#define ABI_RULE_PLAUSIBLE_MIN 200
/* ADC count; more is an open input or one at the supply: dry soil reads about 2600 */
#define ABI_RULE_PLAUSIBLE_MAX 3900
/* ADC counts; over a fifth of the dry-to-wet span, which soil cannot cross in one period */
#define ABI_RULE_SPIKE_DELTA 350
/* consecutive spikes; the last becomes the new level, or a moved probe were a spike for ever */
#define ABI_RULE_SPIKES_TO_ACCEPT 3
/* identical samples in a row; noise of about 6 counts hardly lets a healthy probe do that */
#define ABI_RULE_STUCK_SAMPLES 10
/* 12-bit ADC */
#define ABI_LIMIT_ADC_MIN 0
/* 12-bit ADC */
#define ABI_LIMIT_ADC_MAX 4095
/* UTF-8 bytes of a topic without its NUL */
#define ABI_LIMIT_TOPIC_BYTES 128
/* UTF-8 bytes of a payload without its NUL */
#define ABI_LIMIT_PAYLOAD_BYTES 512
/* UTF-8 bytes of a log line without its NUL */
#define ABI_LIMIT_LOG_BYTES 256
/* a shorter sampling period is taken as this */
#define ABI_LIMIT_MIN_PERIOD_MS 100
/* weight of the newest sample: a step is 90 % followed after 11 samples, 33 s at the default period */
#define ABI_FILTER_ALPHA 0.2f

/* Value of a sensor; blocks while it samples. Unknown kind or missing sensor: -1. */
GUEST_IMPORT(read_sensor)
int32_t read_sensor(int32_t kind);

/* Drives a pin: 0 low, anything else high. Pins other than those listed are refused. */
GUEST_IMPORT(set_output)
void set_output(int32_t pin, int32_t level);

/* Blocks the guest. */
GUEST_IMPORT(delay_ms)
void delay_ms(int32_t ms);

/* Logs a NUL-terminated UTF-8 string. */
GUEST_IMPORT(wasm_log)
void wasm_log(const char *text);

/* Logs a number. */
GUEST_IMPORT(log_int)
void log_int(int32_t value);

/* Publishes two NUL-terminated UTF-8 strings. 0, or negative on refusal. */
GUEST_IMPORT(mqtt_publish)
int32_t mqtt_publish(const char *topic, const char *payload);

/* Value in force of a configuration key. Unknown key: 0. */
GUEST_IMPORT(get_config)
int32_t get_config(int32_t key);

#endif
