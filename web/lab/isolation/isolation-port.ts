/** What the page of isolation asks of what runs hostile guests. */
import type { HostileGuest } from './hostile-guest.ts';
import type { Outcome } from './outcome.ts';

export type { Noticer, Outcome, OutcomeKind } from './outcome.ts';
export type { HostileForm, HostileGroup, HostileGuest } from './hostile-guest.ts';
export { groupTitles } from './hostile-guest.ts';
export { isContained, worstOf } from './outcome.ts';

export type IsolationRuntimeId =
  /** The browser's engine: the module as it is, in a memory and a worker of its own. */
  | 'browser'
  /** Rewritten, counted, in the memory that all guests share. */
  | 'transformed'
  /** On a whole simulated node among others. */
  | 'node'
  /** Its WASI build on @wasmer/sdk. */
  | 'wasmer'
  /** On the firmware's host; measured when the project was tested, not in this page. */
  | 'wamr'
  /** TypeScript in the page. */
  | 'native';

export interface IsolationRuntime {
  id: IsolationRuntimeId;
  /** With its version where it has one. */
  title: string;
  /** How it holds guests apart, and what its neighbours are; sentences. */
  about: string;
  /** `here`: run in this page on demand; `tests`: outcomes that the project's tests measured and kept; `stated`: known without a run. */
  basis: 'here' | 'tests' | 'stated';
  /** Of outcomes that tests kept: what they ran on, and when. */
  measuredOn?: string;
}

/** Over repeated runs. `count` 1: measured once, no spread. */
export interface Spread {
  medianMs: number;
  minMs: number;
  maxMs: number;
  count: number;
}

/** What honest guests beside it felt; null where that could not be looked at. */
export interface NeighbourReport {
  /** Who they were, a phrase: `two honest guests in the same memory`. */
  who: string;
  /** Bytes of their memory that differ from a run without the hostile guest. */
  bytesChanged: number | null;
  /** Bytes compared. */
  bytesCompared: number | null;
  /** Of the things they did, those that differ from a run without it. */
  resultsChanged: number;
  resultsCompared: number;
  /** The longest that one of them waited more than it does without the hostile guest, milliseconds; `virtual` on a simulated clock. */
  longestExtraWaitMs: number | null;
  clock: 'wall' | 'virtual';
  /** They did not survive it: the thread or process they shared was ended. */
  lost: boolean;
}

export interface VariantFinding {
  variant: string;
  outcome: Outcome;
  /** From the hostile act's beginning to its end, or from handing in the bytes to their refusal; null where nobody can tell. */
  noticed: Spread | null;
  neighbours: NeighbourReport | null;
}

/** One hostile guest on one runtime. */
export interface Finding {
  guest: string;
  runtime: IsolationRuntimeId;
  /** The worst of its variants. */
  outcome: Outcome;
  variants: readonly VariantFinding[];
}

export type IsolationState =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number; guest: string; runtime: IsolationRuntimeId; elapsedS: number }
  | { kind: 'done'; elapsedS: number }
  | { kind: 'cancelled'; done: number; total: number }
  | { kind: 'failed'; reason: string };

export interface IsolationOrder {
  /** Of those with basis `here`. */
  runtimes: readonly IsolationRuntimeId[];
  /** Guest ids; null for all. */
  guests: readonly string[] | null;
  /** Runs of each variant where a run is short, for the spread; at least 1. */
  repeats: number;
}

export interface IsolationPort {
  readonly guests: readonly HostileGuest[];
  readonly runtimes: readonly IsolationRuntime[];
  /** Null when it can run here, else a sentence why not. Loads what it needs. */
  ready(runtime: IsolationRuntimeId): Promise<string | null>;
  /** Findings that need no run: those of the tests, and what is stated. */
  known(): Promise<readonly Finding[]>;
  /**
   * Begins; one order at a time (a second throws with a sentence).
   * @param told at every step, and at the end
   * @param found with each finding as it comes
   * @returns what cancels it
   */
  run(order: IsolationOrder, told: (state: IsolationState) => void, found: (finding: Finding) => void): () => void;
}
