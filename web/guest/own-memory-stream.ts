/** Stream guests that cannot be metered: those of one node share a thread, and each has a memory of its own. */
import { Call, faultOf, type CallRecord } from './blocking-channel.ts';
import type { GuestMemory } from './guest-instance.ts';
import type { GuestThread } from './guest-threads.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { StreamRequest, streamFunctions } from './stream-server.ts';
import { GuestFaultError, type GuestFault, type StreamGuest } from './types.ts';

/** The thread of a node's streams. */
export class StreamThread {
  readonly guest: LoadedGuest;
  readonly #thread: GuestThread;
  #opened = 0;
  /** Why the thread is gone, for the streams that were not called then. */
  #lost: GuestFault | null = null;
  #streams = 0;

  /** @param thread one that serves this guest's streams */
  constructor(thread: GuestThread, guest: LoadedGuest) {
    this.#thread = thread;
    this.guest = guest;
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  /** Throws `GuestFaultError` when the module cannot start. */
  open(): OwnMemoryStream {
    const id = this.#opened;
    this.#opened += 1;
    this.#streams += 1;
    try {
      return new OwnMemoryStream(this, id, this.ask([StreamRequest.open, id]));
    } catch (error) {
      this.close(id);
      throw error;
    }
  }

  /** Throws `GuestFaultError` for a fault of the guest, and when the thread is lost. */
  ask(request: readonly number[]): CallRecord {
    if (this.#lost) throw new GuestFaultError(this.#lost);
    let record: CallRecord;
    try {
      record = this.#thread.begin(request);
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      const { kind, reason } = error.fault;
      this.#lost = { kind, reason: `Another stream of this node ended the thread that they share. ${reason}` };
      throw error;
    }
    if (record.call === Call.fault) throw new GuestFaultError(faultOf(record));
    return record;
  }

  /** The last one ends the thread. */
  close(id: number): void {
    this.#streams -= 1;
    if (this.#streams === 0) {
      this.#lost = { kind: 'trap', reason: 'The thread of this stream was ended.' };
      this.#thread.terminate();
    } else if (!this.#lost) this.#closeInstance(id);
  }

  #closeInstance(id: number): void {
    try {
      this.ask([StreamRequest.close, id]);
    } catch (error) {
      // The thread was lost just now: its other streams will hear of it, and this one is closed by that.
      if (!(error instanceof GuestFaultError)) throw error;
    }
  }
}

export class OwnMemoryStream implements StreamGuest {
  readonly exports: StreamGuest['exports'];
  readonly #thread: StreamThread;
  readonly #id: number;
  #memory: GuestMemory;

  constructor(thread: StreamThread, id: number, memory: GuestMemory) {
    const { process, filterValue, detectAnomaly } = thread.guest.checked;
    this.exports = { process, filterValue, detectAnomaly };
    this.#thread = thread;
    this.#id = id;
    this.#memory = memory;
  }

  process(raw: number, dry: number, wet: number, threshold: number): number {
    return this.#call('process', raw, dry, wet, threshold);
  }

  filterValue(raw: number): number {
    return this.#call('filter_value', raw);
  }

  detectAnomaly(raw: number): number {
    return this.#call('detect_anomaly', raw);
  }

  retired(): number {
    return NaN;
  }

  stop(): void {
    this.#thread.close(this.#id);
  }

  memory(): GuestMemory {
    return this.#memory;
  }

  #call(name: (typeof streamFunctions)[number], ...values: number[]): number {
    const { result, declaredBytes, usedBytes } = this.#thread.ask([
      ...[StreamRequest.call, this.#id, streamFunctions.indexOf(name)],
      ...values,
    ]);
    this.#memory = { declaredBytes, usedBytes };
    return result;
  }
}
