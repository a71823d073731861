/** What the rest of the lab knows of a guest, whichever engine runs it. */

/** Why a guest stopped, in words for people. */
export interface GuestFault {
  kind: 'trap' | 'budget' | 'pointer' | 'rule';
  reason: string;
}

/** Where a loop guest stands after a slice of running. */
export type Pause =
  | { kind: 'delay'; ms: number }
  | { kind: 'sensor'; sensor: number }
  | { kind: 'returned' }
  | { kind: 'fault'; fault: GuestFault };

/**
 * Host functions that answer at once. The host reads `retired()` of the guest that called
 * to know how far into its slice the call was made.
 */
export interface HostCalls {
  setOutput(pin: number, level: number): void;
  log(text: string): void;
  logInt(value: number): void;
  /** 0, or negative on refusal. */
  publish(topic: string, payload: string): number;
  config(key: number): number;
  /** The slice has come to its end. It must not throw: the guest may still be on the stack. */
  paused(pause: Pause): void;
}

/** A guest whose `main` loops for ever and blocks in `delay_ms` and `read_sensor`. Where a call gives no promise, it has run to its pause. */
export interface LoopGuest {
  /** Runs from the beginning to the first pause, which the host is told of before it ends. */
  start(): void | Promise<void>;
  /** Runs on from the last pause to the next; `value` is what `read_sensor` returns (ignored after a delay). */
  resume(value: number): void | Promise<void>;
  /** Instructions retired in the running or last slice. */
  retired(): number;
  /** Frees what it holds. A stopped guest is never resumed. */
  stop(): void;
  memory(): { declaredBytes: number; usedBytes: number };
}

/** A guest called once per value, its state kept between the calls. */
export interface StreamGuest {
  readonly exports: { process: boolean; filterValue: boolean; detectAnomaly: boolean };
  /** Bits 0-7 moisture percent, bit 8 irrigate. Throws `GuestFaultError`. */
  process(raw: number, dry: number, wet: number, threshold: number): number;
  filterValue(raw: number): number;
  detectAnomaly(raw: number): number;
  /** Instructions retired by the last call. */
  retired(): number;
  stop(): void;
  memory(): { declaredBytes: number; usedBytes: number };
}

export class GuestFaultError extends Error {
  readonly fault: GuestFault;

  constructor(fault: GuestFault) {
    super(fault.reason);
    this.fault = fault;
  }
}
