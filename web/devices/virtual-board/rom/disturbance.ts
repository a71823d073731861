/** What a line does to the bytes that go over it: nothing, as a rule; otherwise what the injected fault says. */
import type { RandomStream } from '../../../sim/random.ts';
import type { PortFault } from './faults.ts';

/** Beyond this difference a receiver samples the wrong bits. */
const MAX_BAUD_ERROR = 0.04;
/** Of the bytes that a bridge beyond its limit passes on. */
const OVERRUN_LOSS = 0.1;
const OVERRUN_GARBLED = 0.3;

export interface DisturbedBoard {
  cableCameOff(): void;
  supplyDropped(): void;
}

export class Disturbance {
  readonly #random: RandomStream;
  readonly #board: DisturbedBoard;
  #fault: PortFault | null = null;
  /** Until a counted fault strikes; null when none is armed. */
  #bytesLeft: number | null = null;
  #silent = false;

  constructor(random: RandomStream, board: DisturbedBoard) {
    this.#random = random;
    this.#board = board;
  }

  get fault(): PortFault | null {
    return this.#fault;
  }

  set fault(fault: PortFault | null) {
    this.#fault = fault;
    this.#silent = false;
    const counted = fault?.kind === 'pulled' || fault?.kind === 'silent' || fault?.kind === 'brownout';
    this.#bytesLeft = counted ? (fault.afterBytes ?? 0) : null;
    if (this.#bytesLeft === 0) this.#strike();
  }

  is(kind: PortFault['kind']): boolean {
    return this.#fault?.kind === kind;
  }

  /** One program page in flash is lost. */
  wearsPage(): boolean {
    return this.#fault?.kind === 'worn-flash' && this.#random.bernoulli(this.#fault.perPage);
  }

  /** What arrives of bytes that were sent at one baud rate and are heard at another. */
  pass(bytes: Uint8Array, sentBaud: number, heardBaud: number, hostBaud: number): Uint8Array {
    if (this.#silent) return new Uint8Array(0);
    const left = this.#bytesLeft;
    if (left === null) return this.#disturb(bytes, sentBaud, heardBaud, hostBaud);
    this.#bytesLeft = Math.max(0, left - bytes.length);
    const before = this.#disturb(bytes.subarray(0, left), sentBaud, heardBaud, hostBaud);
    if (this.#bytesLeft === 0) this.#strike();
    return before;
  }

  #strike(): void {
    const kind = this.#fault?.kind;
    this.#bytesLeft = null;
    if (kind === 'silent') this.#silent = true;
    else if (kind === 'pulled') this.#board.cableCameOff();
    else if (kind === 'brownout') this.#board.supplyDropped();
  }

  #disturb(bytes: Uint8Array, sentBaud: number, heardBaud: number, hostBaud: number): Uint8Array {
    if (Math.abs(sentBaud / heardBaud - 1) > MAX_BAUD_ERROR) return this.#garbage(Math.ceil((bytes.length * heardBaud) / sentBaud));
    const fault = this.#fault;
    switch (fault?.kind) {
      case 'noise':
        return bytes.map((byte) => (this.#random.bernoulli(fault.perByte) ? byte ^ (1 << this.#random.int(0, 7)) : byte));
      case 'loss':
        return bytes.filter(() => !this.#random.bernoulli(fault.perByte));
      case 'slow-bridge':
        if (hostBaud <= fault.maxBaud) return bytes;
        return bytes
          .filter(() => !this.#random.bernoulli(OVERRUN_LOSS))
          .map((byte) => (this.#random.bernoulli(OVERRUN_GARBLED) ? this.#random.int(0, 255) : byte));
      default:
        return bytes;
    }
  }

  #garbage(bytes: number): Uint8Array {
    return new Uint8Array(bytes).map(() => this.#random.int(0, 255));
  }
}
