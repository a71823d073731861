/** What the lab runs modules on, seen alike: the browser's engine, the transformed module, Wasmer's WASI, native code. */
import type { LoopScript, LoopTrace } from './loop-script.ts';

export type RuntimeId = 'browser' | 'transformed' | 'wasmer' | 'native';

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

export const guestCalls = ['process', 'filter_value', 'detect_anomaly'] as const;
export type GuestCall = (typeof guestCalls)[number];

/** What a call is given: `raw`, and for `process` also `dry`, `wet` and `threshold`. */
export type CallInput = readonly number[];

export interface RuntimeGuest {
  readonly runtime: RuntimeId;
  readonly calls: readonly GuestCall[];
  /** Whether `main` can be run here. */
  readonly loops: boolean;
  /** Results of `filter_value` come with so many decimals; null where they are whole. */
  readonly filterDecimals: number | null;
  /**
   * Calls with each of the inputs in turn, state kept, and gives the results in order. Rejects with `GuestFaultError`.
   * One crossing into a runtime that is far away (a process) may carry many inputs.
   */
  call(call: GuestCall, inputs: readonly CallInput[]): Promise<number[]>;
  /** Instructions retired by the last single call; null where nobody counts them. */
  retired(): number | null;
  /** Runs `main` from its beginning in a fresh instance against scripted sensors. A fault is part of the trace. */
  runLoop(script: LoopScript): Promise<LoopTrace>;
  /** Frees what it holds. */
  stop(): void;
}

export interface LabRuntime {
  readonly id: RuntimeId;
  /** `The browser's own engine`, `@wasmer/sdk 0.16.0`, ... */
  readonly title: string;
  /** Loads what it needs, once. Resolves to null when it is ready, else to a sentence why it cannot be had here. */
  ready(): Promise<string | null>;
  /** Tries to bring the module in; never throws for what is in the bytes. */
  admit(name: string, bytes: Uint8Array): Promise<Admission>;
}
