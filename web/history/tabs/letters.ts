/** What the history workers of several tabs write to each other over one `BroadcastChannel`. */
import type { History } from '../history.ts';
import type { Progress, ToHistory } from '../history-port.ts';

export const historyMethods = [
  'extent',
  'series',
  'envelope',
  'events',
  'export',
  'import',
  'cancel',
  'storage',
  'setLimit',
  'flush',
  'compact',
  'clear',
] as const satisfies (keyof History)[];
export type HistoryMethod = (typeof historyMethods)[number];

export type Letter =
  /** The sender keeps history from now on. */
  | { kind: 'keeper' }
  /** To the keeper. `anew` begins a numbering of series; `batch` counts what is to be acknowledged. */
  | { kind: 'intake'; from: string; port: number; batch: number; anew: boolean; message: ToHistory }
  /** Everything up to `batch` is written. */
  | { kind: 'written'; to: string; port: number; batch: number }
  /** To the keeper. A function at the end of the arguments is left out; `progress` takes its place. */
  | { kind: 'ask'; from: string; call: number; method: HistoryMethod; args: unknown[] }
  | { kind: 'progress'; to: string; call: number; progress: Progress }
  | { kind: 'answer'; to: string; call: number; answer: Answer };

export type Answer = { ok: true; value: unknown } | { ok: false; name: string; message: string };
