/**
 * The shared memory over which a guest's thread and the simulation take turns.
 * Exactly one side runs at a time; the other stands in `Atomics.wait`.
 */
import type { GuestFault } from './types.ts';

/** What the thread tells. */
export const Call = {
  setOutput: 1,
  log: 2,
  logInt: 3,
  publish: 4,
  config: 5,
  delay: 6,
  sensor: 7,
  returned: 8,
  /** `faultOf` tells which. */
  fault: 9,
  /** The thread is there; it has run nothing of the guest yet. */
  ready: 10,
  /** What a call of a stream guest gave. */
  result: 11,
} as const;

export interface CallRecord {
  call: number;
  first: number;
  second: number;
  /** NaN where nothing is counted. */
  retired: number;
  result: number;
  /** Of the guest's memory, as it is now. */
  declaredBytes: number;
  usedBytes: number;
  texts: readonly [string, string];
}

/** A record of nothing, to be filled in. */
export const noRecord: CallRecord = {
  ...{ call: 0, first: 0, second: 0, retired: 0, result: 0, declaredBytes: 0, usedBytes: 0 },
  texts: ['', ''],
};

/** An engine puts names of the module's into its messages, as long as they may be. */
const MAX_REASON = 500;

export function faultRecord({ kind, reason }: GuestFault): CallRecord {
  return { ...noRecord, call: Call.fault, texts: [JSON.stringify({ kind, reason: reason.slice(0, MAX_REASON) }), ''] };
}

export function faultOf({ texts }: CallRecord): GuestFault {
  return JSON.parse(texts[0]) as GuestFault;
}

/** Why there is no record: the limit has passed, or the thread is gone. */
export type Silence = 'late' | 'died';

/** 32-bit slots. */
const Slot = { turn: 0, call: 1, first: 2, second: 3, firstLength: 4, secondLength: 5, request: 6 };
const SLOTS = 16;
/** Numbers of a request: an operation, an instance, a function and its four arguments. */
const REQUEST_SLOTS = 7;
/** 64-bit slots after them: what was retired, the result, and both sizes of the memory. */
const WIDE_SLOTS = 4;
const WIDE_START = SLOTS * 4;
const TEXT_START = WIDE_START + WIDE_SLOTS * 8;
const TEXT_BYTES = 4096;
const Turn = { simulation: 0, guest: 1, died: 2 };

export class BlockingChannel {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: Int32Array;
  readonly #wide: Float64Array;
  readonly #text: Uint8Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(buffer = new SharedArrayBuffer(TEXT_START + TEXT_BYTES)) {
    this.buffer = buffer;
    this.#slots = new Int32Array(buffer, 0, SLOTS);
    this.#wide = new Float64Array(buffer, WIDE_START, WIDE_SLOTS);
    this.#text = new Uint8Array(buffer, TEXT_START, TEXT_BYTES);
  }

  /** Simulation's side, before the thread is made: its first record is then awaited, and nothing answered. */
  giveFirstTurn(): void {
    Atomics.store(this.#slots, Slot.turn, Turn.guest);
  }

  /** Simulation's side: hands `request` to the thread. */
  answer(request: readonly number[]): void {
    this.#slots.set(request, Slot.request);
    this.#pass(Turn.guest);
  }

  /** Simulation's side: blocks until the thread's next record, at most `limitMs`. */
  await(limitMs: number): CallRecord | Silence {
    const turn = this.#awaitTurn(Turn.simulation, limitMs);
    if (turn !== Turn.simulation) return turn === Turn.died ? 'died' : 'late';
    const [, call, first, second, firstLength, secondLength] = this.#slots;
    const [retired, result, declaredBytes, usedBytes] = this.#wide;
    // A view on shared memory cannot be decoded: slice copies it.
    const bytes = this.#text.slice(0, firstLength + secondLength);
    const texts = [
      this.#decoder.decode(bytes.subarray(0, firstLength)),
      this.#decoder.decode(bytes.subarray(firstLength)),
    ] as const;
    return { call, first, second, retired, result, declaredBytes, usedBytes, texts };
  }

  /** Thread's side: makes a call and blocks until it is answered; returns the request. */
  call({ texts, ...record }: CallRecord): number[] {
    const [first, second] = texts.map((text) => this.#encoder.encode(text));
    this.#slots.set([record.call, record.first, record.second, first.length, second.length], Slot.call);
    this.#wide.set([record.retired, record.result, record.declaredBytes, record.usedBytes]);
    this.#text.set(first, 0);
    this.#text.set(second, first.length);
    this.#pass(Turn.simulation);
    this.#awaitTurn(Turn.guest, Infinity);
    return Array.from(this.#slots.subarray(Slot.request, Slot.request + REQUEST_SLOTS));
  }

  /** Says in the thread's place that it is gone. */
  sayDied(): void {
    this.#pass(Turn.died);
  }

  #pass(to: number): void {
    Atomics.store(this.#slots, Slot.turn, to);
    Atomics.notify(this.#slots, Slot.turn);
  }

  /** Returns whose turn it is: another than `own` when the limit has passed or the thread is gone. */
  #awaitTurn(own: number, limitMs: number): number {
    for (;;) {
      const turn = Atomics.load(this.#slots, Slot.turn);
      if (turn === own || turn === Turn.died) return turn;
      if (Atomics.wait(this.#slots, Slot.turn, turn, limitMs) === 'timed-out') return turn;
    }
  }
}
