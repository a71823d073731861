/** What the page and a cell, the worker in which hostile guests run, say to each other. */
import type { Observation } from './observation.ts';

export type CellRuntime = 'browser' | 'transformed' | 'node';

export type CellRequest =
  /** Makes ready; answered with `ready`. */
  | { kind: 'open' }
  | { kind: 'run'; runtime: CellRuntime; guest: string; variant: string }
  /** The cell holds an honest guest that works until `report`; answered with `ready`. */
  | { kind: 'neighbour' }
  | { kind: 'report' };

/** What an honest guest in a cell of its own has seen since `neighbour`. */
export interface NeighbourSeen {
  steps: number;
  /** The longest time from the end of one step to the end of the next, milliseconds. */
  longestGapMs: number;
  bytesChanged: number;
  bytesCompared: number;
  resultsChanged: number;
  resultsCompared: number;
}

export type CellReply =
  | { kind: 'ready' }
  | { kind: 'observed'; observation: Observation }
  | { kind: 'neighbour'; seen: NeighbourSeen }
  | { kind: 'failed'; reason: string };

/** Likewise of the worker in which hostile WASI programs run. */
export type WasmerRequest =
  /** Loads @wasmer/sdk from this absolute address; answered with `ready`. */
  | { kind: 'open'; address: string }
  | { kind: 'run'; bytes: Uint8Array; errors: boolean };

export type WasmerReply =
  | { kind: 'ready' }
  /** `spent`: nothing else can be run in this worker. */
  | { kind: 'observed'; observation: Observation; spent: boolean }
  | { kind: 'failed'; reason: string };
