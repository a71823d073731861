/**
 * The shared memory over which a loop guest in a worker of its own and the simulation take turns.
 * Exactly one side runs at a time; the other stands in `Atomics.wait`.
 */

export const Call = {
  setOutput: 1,
  log: 2,
  logInt: 3,
  publish: 4,
  config: 5,
  delay: 6,
  sensor: 7,
  returned: 8,
  fault: 9,
} as const;

export interface CallRecord {
  call: number;
  first: number;
  second: number;
  retired: number;
  /** Strings of the call: text, topic and payload, or the fault as JSON. */
  texts: [string, string];
}

const Slot = { turn: 0, call: 1, first: 2, second: 3, retired: 4, reply: 5, firstLength: 6, secondLength: 7 };
const SLOTS = 16;
const TEXT_BYTES = 4096;
const Turn = { simulation: 0, guest: 1 };

export class BlockingChannel {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: Int32Array;
  readonly #text: Uint8Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(buffer = new SharedArrayBuffer(SLOTS * 4 + TEXT_BYTES)) {
    this.buffer = buffer;
    this.#slots = new Int32Array(buffer, 0, SLOTS);
    this.#text = new Uint8Array(buffer, SLOTS * 4);
  }

  /** Simulation's side: hands `reply` to the guest and blocks until its next call. */
  letGuestRun(reply: number): CallRecord {
    this.#slots[Slot.reply] = reply;
    this.#pass(Turn.guest);
    this.#await(Turn.simulation);
    const [, call, first, second, retired] = this.#slots;
    const cut = this.#slots[Slot.firstLength];
    // A view on shared memory cannot be decoded: slice copies it.
    const bytes = this.#text.slice(0, cut + this.#slots[Slot.secondLength]);
    const texts: [string, string] = [
      this.#decoder.decode(bytes.subarray(0, cut)),
      this.#decoder.decode(bytes.subarray(cut)),
    ];
    return { call, first, second, retired, texts };
  }

  /** Guest's side: blocks until the simulation lets it run the first time. */
  awaitStart(): void {
    this.#await(Turn.guest);
  }

  /** Guest's side: makes a call and blocks until its answer. */
  callSimulation(record: CallRecord): number {
    const texts = record.texts.map((text) => this.#encoder.encode(text));
    this.#slots.set([record.call, record.first, record.second, record.retired], Slot.call);
    this.#slots[Slot.firstLength] = texts[0].length;
    this.#slots[Slot.secondLength] = texts[1].length;
    this.#text.set(texts[0], 0);
    this.#text.set(texts[1], texts[0].length);
    this.#pass(Turn.simulation);
    this.#await(Turn.guest);
    return this.#slots[Slot.reply];
  }

  #pass(to: number): void {
    Atomics.store(this.#slots, Slot.turn, to);
    Atomics.notify(this.#slots, Slot.turn);
  }

  #await(own: number): void {
    for (;;) {
      const turn = Atomics.load(this.#slots, Slot.turn);
      if (turn === own) return;
      Atomics.wait(this.#slots, Slot.turn, turn);
    }
  }
}
