//! Generated from abi/guest-abi.json by scripts/abi.ts: edit that file, then run `npm run abi`.

#![allow(dead_code, unused_imports, unused_macros)]

pub const SENSOR_SOIL_MOISTURE: i32 = 0;
pub const PIN_RED: i32 = 18;
pub const PIN_GREEN: i32 = 19;
pub const PIN_BLUE: i32 = 21;
pub const PIN_PUMP: i32 = 23;
/// ADC count in dry soil
pub const CONFIG_DRY: i32 = 0;
/// ADC count in wet soil
pub const CONFIG_WET: i32 = 1;
/// ADC count above which to irrigate
pub const CONFIG_THRESHOLD: i32 = 2;
/// pause between two samples, ms
pub const CONFIG_PERIOD_MS: i32 = 3;
/// ADC counts below the threshold at which irrigation ends
pub const CONFIG_HYSTERESIS: i32 = 4;
pub const DEFAULT_DRY: i32 = 2600;
pub const DEFAULT_WET: i32 = 1100;
pub const DEFAULT_THRESHOLD: i32 = 1700;
pub const DEFAULT_PERIOD_MS: i32 = 3000;
pub const DEFAULT_HYSTERESIS: i32 = 0;
pub const ANOMALY_NONE: i32 = 0;
pub const ANOMALY_SPIKE: i32 = 1;
pub const ANOMALY_STUCK: i32 = 2;
pub const ANOMALY_OUT_OF_RANGE: i32 = 3;
pub const VERDICT_PERCENT_MASK: i32 = 255;
pub const VERDICT_IRRIGATE_BIT: i32 = 256;
/// ADC count; less is a shorted or unpowered probe: saturated soil reads about 1100
pub const RULE_PLAUSIBLE_MIN: i32 = 200;
/// ADC count; more is an open input or one at the supply: dry soil reads about 2600
pub const RULE_PLAUSIBLE_MAX: i32 = 3900;
/// ADC counts; over a fifth of the dry-to-wet span, which soil cannot cross in one period
pub const RULE_SPIKE_DELTA: i32 = 350;
/// consecutive spikes; the last becomes the new level, or a moved probe were a spike for ever
pub const RULE_SPIKES_TO_ACCEPT: i32 = 3;
/// identical samples in a row; noise of about 6 counts hardly lets a healthy probe do that
pub const RULE_STUCK_SAMPLES: i32 = 10;
/// 12-bit ADC
pub const LIMIT_ADC_MIN: i32 = 0;
/// 12-bit ADC
pub const LIMIT_ADC_MAX: i32 = 4095;
/// UTF-8 bytes of a topic without its NUL
pub const LIMIT_TOPIC_BYTES: i32 = 128;
/// UTF-8 bytes of a payload without its NUL
pub const LIMIT_PAYLOAD_BYTES: i32 = 512;
/// UTF-8 bytes of a log line without its NUL
pub const LIMIT_LOG_BYTES: i32 = 256;
/// a shorter sampling period is taken as this
pub const LIMIT_MIN_PERIOD_MS: i32 = 100;
/// weight of the newest sample: a step is 90 % followed after 11 samples, 33 s at the default period
pub const FILTER_ALPHA: f32 = 0.2;

/// Stands for the publishing node's own prefix; a macro so that `concat!` can join it.
macro_rules! topic_prefix {
    () => {
        "ic/esp32/"
    };
}
pub(crate) use topic_prefix;

/// Declares the host's functions in the module that uses it, the only one with unsafe code.
macro_rules! host_functions {
    () => {
        #[link(wasm_import_module = "env")]
        extern "C" {
            /// Value of a sensor; blocks while it samples. Unknown kind or missing sensor: -1.
            pub fn read_sensor(kind: i32) -> i32;
            /// Drives a pin: 0 low, anything else high. Pins other than those listed are refused.
            pub fn set_output(pin: i32, level: i32);
            /// Blocks the guest.
            pub fn delay_ms(ms: i32);
            /// Logs a NUL-terminated UTF-8 string.
            pub fn wasm_log(text: *const u8);
            /// Logs a number.
            pub fn log_int(value: i32);
            /// Publishes two NUL-terminated UTF-8 strings. 0, or negative on refusal.
            pub fn mqtt_publish(topic: *const u8, payload: *const u8) -> i32;
            /// Value in force of a configuration key. Unknown key: 0.
            pub fn get_config(key: i32) -> i32;
        }
    };
}
pub(crate) use host_functions;
