/** What the lab runs modules on, seen alike: the browser's engine, the transformed module, Wasmer's WASI, native code, a board. */

export type RuntimeId = 'browser' | 'transformed' | 'wasmer' | 'native' | 'board';

/** One module brought to one runtime. `reason` is a sentence that says what does not fit. */
export type Admission = { ok: true; guest: RuntimeGuest } | { ok: false; reason: string };

/** Milliseconds of each part of a cold start; null for a part that this runtime does not have. */
export interface ColdStart {
  fetchMs: number | null;
  compileMs: number | null;
  transformMs: number | null;
  instantiateMs: number | null;
  firstCallMs: number | null;
}

export interface RuntimeGuest {
  readonly runtime: RuntimeId;
  /** What can be called of `process`, `filter_value`, `detect_anomaly`. */
  readonly calls: readonly GuestCall[];
  /**
   * Calls with each of the inputs in turn, state kept, and gives the results in order. Throws `GuestFaultError`.
   * One crossing into a runtime that is far away (a process, a board) may carry many inputs.
   */
  call(call: GuestCall, inputs: readonly number[]): Promise<number[]>;
  /** Instructions retired by the last call; null where nobody counts them. */
  retired(): number | null;
  coldStart: ColdStart;
  stop(): void;
}

export type GuestCall = 'process' | 'filter_value' | 'detect_anomaly';

export interface LabRuntime {
  readonly id: RuntimeId;
  /** `Chromium's V8`, `@wasmer/sdk 0.16.0`, ... */
  readonly title: string;
  /** Loads what it needs, once. Resolves to null when it is ready, else to a sentence why it cannot be had here. */
  ready(): Promise<string | null>;
  /** Tries to bring the module in; never throws for what is in the bytes. */
  admit(name: string, bytes: Uint8Array): Promise<Admission>;
}
