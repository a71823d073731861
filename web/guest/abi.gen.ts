/** Generated from abi/guest-abi.json by scripts/abi.ts: edit that file, then run `npm run abi`. */

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64';
export interface GuestSignature {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
}

export const importModule = 'env';
/** Stands for the publishing node's own prefix, whatever its id. */
export const topicPrefix = 'ic/esp32/';

/** What a host gives a guest. */
export const hostImports = {
  /** (kind) Value of a sensor; blocks while it samples. Unknown kind or missing sensor: -1. */
  read_sensor: { params: ['i32'], results: ['i32'] },
  /** (pin, level) Drives a pin: 0 low, anything else high. Pins other than those listed are refused. */
  set_output: { params: ['i32', 'i32'], results: [] },
  /** (ms) Blocks the guest. */
  delay_ms: { params: ['i32'], results: [] },
  /** (text) Logs a NUL-terminated UTF-8 string. */
  wasm_log: { params: ['i32'], results: [] },
  /** (value) Logs a number. */
  log_int: { params: ['i32'], results: [] },
  /** (topic, payload) Publishes two NUL-terminated UTF-8 strings. 0, or negative on refusal. */
  mqtt_publish: { params: ['i32', 'i32'], results: ['i32'] },
  /** (key) Value in force of a configuration key. Unknown key: 0. */
  get_config: { params: ['i32'], results: ['i32'] },
} as const satisfies Record<string, GuestSignature>;

export type HostImportName = keyof typeof hostImports;

/** What a guest may export; any subset will do. */
export const guestExports = {
  /** () The edge loop. Never returns; blocks in delay_ms and read_sensor. */
  main: { params: [], results: ['i32'] },
  /** (raw, dry, wet, threshold) Verdict on one reading; no input traps. Percent is 0 when dry equals wet. */
  process: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  /** (raw) One step of an exponential moving average; the first sample initialises it. */
  filter_value: { params: ['i32'], results: ['f32'] },
  /** (raw) An anomaly code; remembers the samples before. */
  detect_anomaly: { params: ['i32'], results: ['i32'] },
} as const satisfies Record<string, GuestSignature>;

export type GuestExportName = keyof typeof guestExports;

/** Other shapes of the edge loop in modules of others. */
export const foreignExports = {
  /** (argc, argv) The edge loop of modules built with --export-all; call it with 0, 0. */
  main: { params: ['i32', 'i32'], results: ['i32'] },
  /** () The same loop under clang's name for a main without parameters. */
  __main_void: { params: [], results: ['i32'] },
} as const satisfies Record<string, GuestSignature>;

/** Kinds for `read_sensor`. */
export const Sensor = {
  soilMoisture: 0,
} as const;

/** The only pins a guest may drive. */
export const Pin = {
  red: 18,
  green: 19,
  blue: 21,
  pump: 23,
} as const;

/** Keys for `get_config`. */
export const ConfigKey = {
  dry: 0,
  wet: 1,
  threshold: 2,
  periodMs: 3,
  hysteresis: 4,
} as const;

export { configDefaults } from './config-defaults.gen.ts';

/** Codes of `detect_anomaly`. */
export const Anomaly = {
  none: 0,
  spike: 1,
  stuck: 2,
  outOfRange: 3,
} as const;

/** Bits of the result of `process`. */
export const Verdict = {
  percentMask: 255,
  irrigateBit: 256,
} as const;

/** Constants of `filter_value`. */
export const filterRules = {
  /** weight of the newest sample: a step is 90 % followed after 11 samples, 33 s at the default period */
  alpha: 0.2,
} as const;

/** Constants of `detect_anomaly`. */
export const anomalyRules = {
  /** ADC count; less is a shorted or unpowered probe: saturated soil reads about 1100 */
  plausibleMin: 200,
  /** ADC count; more is an open input or one at the supply: dry soil reads about 2600 */
  plausibleMax: 3900,
  /** ADC counts; over a fifth of the dry-to-wet span, which soil cannot cross in one period */
  spikeDelta: 350,
  /** consecutive spikes; the last becomes the new level, or a moved probe were a spike for ever */
  spikesToAccept: 3,
  /** identical samples in a row; noise of about 6 counts hardly lets a healthy probe do that */
  stuckSamples: 10,
} as const;

/** Bounds that hosts and guests keep. */
export const limits = {
  /** 12-bit ADC */
  adcMin: 0,
  /** 12-bit ADC */
  adcMax: 4095,
  /** UTF-8 bytes of a topic without its NUL */
  topicBytes: 128,
  /** UTF-8 bytes of a payload without its NUL */
  payloadBytes: 512,
  /** UTF-8 bytes of a log line without its NUL */
  logBytes: 256,
  /** a shorter sampling period is taken as this */
  minPeriodMs: 100,
} as const;
