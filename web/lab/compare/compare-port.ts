/** What the page of guests asks of what compares them. Long work is told of as it goes, and ends when its signal is aborted. */
import type { ExternalType } from '../../guest/wasm/module-types.ts';
import type { Producer } from '../../guest/wasm/custom-sections.ts';
import type { Interval } from '../report/report-port.ts';
import type { ColdStart, GuestCall, RuntimeId } from '../runtimes/runtime.ts';
import type { HostCall, LoopEnd } from '../runtimes/loop-script.ts';

/** A module to be compared. */
export interface ComparedModule {
  /** Of this list alone. */
  id: string;
  /** For people; file name without its path. */
  name: string;
  bytes: Uint8Array;
  /** Where the same bytes can be fetched again, for the cold start; null for a module that was dropped in. */
  url: string | null;
  /** The same logic as a WASI program, for runtimes that take no other; null when there is none. */
  wasi: { name: string; bytes: Uint8Array; url: string | null } | null;
}

export interface Progress {
  /** 0..1. */
  share: number;
  /** What is being done now, a phrase: `process of irrigation-c in the browser's engine`. */
  what: string;
}

export interface Work {
  signal?: AbortSignal;
  told?: (progress: Progress) => void;
}

// ---- What a module is made of ------------------------------------------------------------------------------------

export interface SectionSize {
  /** A custom section's own name. */
  name: string;
  custom: boolean;
  /** Of the file, id and length included. */
  offset: number;
  sizeBytes: number;
}

export interface FunctionSize {
  /** In the index space of functions. */
  index: number;
  /** From the name section, else the export, else null. */
  name: string | null;
  exportedAs: readonly string[];
  /** `(i32, i32) -> i32` */
  signature: string;
  /** Its body with its length. */
  sizeBytes: number;
}

export interface StackRegion {
  /** Lowest address and the first above the highest. */
  lowest: number;
  top: number;
}

export interface Inspection {
  sizeBytes: number;
  sha256: string;
  language: string;
  producers: readonly Producer[];
  sections: readonly SectionSize[];
  /** Largest first. */
  functions: readonly FunctionSize[];
  imports: readonly { module: string; name: string; type: ExternalType; text: string }[];
  exports: readonly { name: string; type: ExternalType; text: string }[];
  /** Null when it declares none. Bytes. */
  memory: { initialBytes: number; maxBytes: number | null; imported: boolean; dataEnd: number | null; heapBase: number | null; dataBytes: number } | null;
  /** Where its shadow stack lies; null with the reason in `stackNote`. */
  stack: StackRegion | null;
  stackNote: string;
}

/** What running it in a memory of its own shows. */
export interface RunCost {
  /** Bytes of the shadow stack that were touched or reserved at a host call, the deepest of all runs; null with a reason. */
  stackReachedBytes: number | null;
  stackReachedIn: string | null;
  stackNote: string;
  /** Memory that it had at the end, bytes; null where it could not be run. */
  memoryBytes: number | null;
  /** One for each export that could be called, and `step` for one round of `main`. */
  instructions: readonly InstructionCounts[];
  /** Why nothing was counted, a sentence; empty when it was. */
  instructionsNote: string;
}

export interface InstructionCounts {
  of: GuestCall | 'step';
  /** Retired instructions of each call, by the input's place. */
  counts: readonly number[];
  summary: Summary;
}

// ---- Its code ----------------------------------------------------------------------------------------------------

export interface Disassembly {
  lines: readonly string[];
  /** Where each function's lines are, in the order of the file. */
  functions: readonly { index: number; name: string; firstLine: number; lineCount: number; sizeBytes: number }[];
}

// ---- What it does ------------------------------------------------------------------------------------------------

export interface BehaviourOrder {
  /** Inputs of each call, corner cases first; at least 1. */
  inputs: number;
  /** Steps of `main`. */
  steps: number;
  seed: number;
}

export type CallOutcome = { value: number } | { fault: string };

export type CallComparison =
  | { of: GuestCall; kind: 'equal'; inputs: number; /** Some inputs faulted, in both alike. */ faults: number; note: string }
  /** `before`: inputs that it had before, in one sequence, since state is kept. */
  | { of: GuestCall; kind: 'different'; index: number; input: readonly number[]; a: CallOutcome; b: CallOutcome; before: readonly (readonly number[])[]; note: string }
  | { of: GuestCall; kind: 'not-compared'; reason: string };

export type LoopComparison =
  | { kind: 'equal'; steps: number; hostCalls: number; end: LoopEnd }
  | {
      kind: 'different';
      /** Readings before it, less one. */
      step: number;
      /** Place among the host calls. */
      index: number;
      /** Null where the other had ended already; `end` tells how. */
      a: HostCall | null;
      b: HostCall | null;
      aEnd: LoopEnd;
      bEnd: LoopEnd;
      /** Sensor value of that step; null before the first. */
      sensor: number | null;
      /** The last calls that were alike. */
      before: readonly HostCall[];
    }
  | { kind: 'not-compared'; reason: string };

export interface BehaviourReport {
  order: BehaviourOrder;
  /** On which runtime each ran. */
  runtimes: { a: RuntimeId; b: RuntimeId } | null;
  calls: readonly CallComparison[];
  loop: LoopComparison;
}

// ---- How long it takes -------------------------------------------------------------------------------------------

/** Of a sample; outliers are in all of it. */
export interface Summary {
  n: number;
  mean: number;
  /** Student's t, 95 %; null for n < 2. */
  meanInterval: Interval | null;
  min: number;
  q1: number;
  median: number;
  /** By order statistics, at least 95 %, whatever the distribution; null for n < 6. */
  medianInterval: Interval | null;
  q3: number;
  max: number;
  /** Beyond Tukey's fences, by their place in the sample. */
  outliers: readonly { index: number; value: number }[];
}

/**
 * `step`: one round of `main` with all its host calls. `host-call`: a call of the host alone, from a module made for that.
 * `line`: one line of the WASI build, its text read and written, all three functions called.
 */
export type Quantity = GuestCall | 'step' | 'host-call' | 'line';

export interface TimeSeries {
  quantity: Quantity;
  runtime: RuntimeId | 'board';
  /** Of the module; null for what depends on the runtime alone: host calls, and native code. */
  module: string | null;
  /** Mean microseconds of one call in each batch, in the order measured. */
  batchUs: readonly number[];
  /** Calls of one batch. */
  callsPerBatch: number;
  /** Batches thrown away before, until their running median had settled. */
  warmUpBatches: number;
  /** False when it had not settled after the most that are tried. */
  settled: boolean;
  summary: Summary;
}

/** A over B, by their batches in pairs, which were timed in the same round; each round begins with another series. */
export interface TimeRatio {
  quantity: Quantity;
  runtime: RuntimeId;
  a: string;
  b: string;
  /** Median of the ratios of the pairs, with its interval as in `Summary`: a few disturbed batches hardly move it. */
  ratio: number;
  interval: Interval | null;
  /** Mean of A over mean of B, with its 95 % interval by Fieller's theorem; null where that has no bounds. */
  ofMeans: number;
  ofMeansInterval: Interval | null;
}

export interface TimesOrder {
  runtimes: readonly RuntimeId[];
  /** Kept batches of each series, at least 2. */
  batches: number;
  /** Length of one batch, milliseconds; the timer's resolution divided by this is the error of one. */
  batchMs: number;
  seed: number;
}

/**
 * Two milliseconds are short beside what a scheduler gives at a time, and long beside the clock's step of 5 us in an
 * isolated page; a board's own bench takes as much.
 */
export const usualTimes = { batches: 100, batchMs: 2 } as const;

export interface TimesReport {
  order: TimesOrder;
  /** Smallest step that the clock was seen to take, microseconds. */
  timerUs: number;
  series: readonly TimeSeries[];
  ratios: readonly TimeRatio[];
  /** What was not measured, and why. */
  gaps: readonly { runtime: RuntimeId; module: string | null; reason: string }[];
}

/** A board's answer to `bench`, beside what the page measured. Microseconds; the board tells no spread. */
export interface BoardTimes {
  board: string;
  model: boolean;
  rows: readonly { quantity: Quantity; wasmUs: number | null; nativeUs: number | null }[];
}

// ---- How it begins -----------------------------------------------------------------------------------------------

export interface ColdStartOrder {
  runtimes: readonly RuntimeId[];
  repeats: number;
}

export interface ColdStartSeries {
  runtime: RuntimeId;
  /** Null for native code, which is one whatever the module. */
  module: string | null;
  samples: readonly ColdStart[];
  /** Null for a part that this runtime does not have. */
  parts: Readonly<Record<keyof ColdStart | 'totalMs', Summary | null>>;
  /** What the parts are here, a sentence. */
  note: string;
}

export interface ColdStartReport {
  series: readonly ColdStartSeries[];
  gaps: readonly { runtime: RuntimeId; module: string; reason: string }[];
}

// ---- Where it runs -----------------------------------------------------------------------------------------------

/** Found by trying: `ran` names what was called. */
export type Portability = { kind: 'runs'; ran: string; note: string } | { kind: 'refused'; reason: string } | { kind: 'faulted'; reason: string } | { kind: 'no-runtime'; reason: string };

export interface PortabilityRow {
  module: string;
  name: string;
  cells: readonly { runtime: RuntimeId; found: Portability }[];
}

export interface RuntimeFacts {
  id: RuntimeId;
  title: string;
  about: string;
  /** Bytes that are loaded when it is first used; 0 for those that are here. */
  loadsBytes: number;
}

// ---- All of it ---------------------------------------------------------------------------------------------------

/**
 * Every method rejects with a sentence, and with the signal's reason when it is aborted. What measures is done one order
 * after the other, in a thread of its own; `inspect` and `disassemble` do not wait for it. A module that hangs ends that
 * thread and its order, and the next order begins a new one.
 */
export interface ComparePort {
  runtimes(): readonly RuntimeFacts[];
  inspect(module: ComparedModule): Promise<Inspection>;
  disassemble(module: ComparedModule): Promise<Disassembly>;
  cost(module: ComparedModule, order: BehaviourOrder, work?: Work): Promise<RunCost>;
  behaviour(a: ComparedModule, b: ComparedModule, order: BehaviourOrder, work?: Work): Promise<BehaviourReport>;
  times(modules: readonly ComparedModule[], order: TimesOrder, work?: Work): Promise<TimesReport>;
  coldStarts(modules: readonly ComparedModule[], order: ColdStartOrder, work?: Work): Promise<ColdStartReport>;
  /** Each module as it is, its WASI build as a row of its own. */
  portability(modules: readonly ComparedModule[], work?: Work): Promise<readonly PortabilityRow[]>;
  /** Ends its threads. */
  close(): void;
}
