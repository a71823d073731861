/**
 * Loop guests where the engine cannot suspend wasm: each runs in a worker of its own and blocks there.
 * Slower (some 20 us a switch) and one thread a guest, but the same guests, unmodified.
 */
import { BlockingChannel, Call, type CallRecord } from './blocking-channel.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import type { GuestFault, HostCalls, LoopGuest, Pause } from './types.ts';

/** What the worker is told at its start. */
export interface BlockingStart {
  buffer: SharedArrayBuffer;
  guest: LoadedGuest;
  budget: number;
}

/** A worker that runs `serveBlockingGuest`; how it is made differs between browser and Node. */
export interface BlockingWorker {
  /** Resolves when the worker has the guest ready; rejects with a sentence. */
  ready(start: BlockingStart): Promise<void>;
  terminate(): void;
}

export class BlockingLoop implements LoopGuest {
  readonly #channel = new BlockingChannel();
  readonly #worker: BlockingWorker;
  readonly #guest: LoadedGuest;
  readonly #budget: number;
  readonly #host: HostCalls;
  #retired = 0;

  constructor(guest: LoadedGuest, budget: number, host: HostCalls, worker: BlockingWorker) {
    this.#guest = guest;
    this.#budget = budget;
    this.#host = host;
    this.#worker = worker;
  }

  async start(): Promise<Pause> {
    try {
      await this.#worker.ready({ buffer: this.#channel.buffer, guest: this.#guest, budget: this.#budget });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'fault', fault: { kind: 'trap', reason } };
    }
    return this.#run(0);
  }

  resume(value: number): Promise<Pause> {
    return Promise.resolve(this.#run(value));
  }

  retired(): number {
    return this.#retired;
  }

  stop(): void {
    this.#worker.terminate();
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    const { memory, heapBase } = this.#guest.checked;
    const declaredBytes = memory.initialPages * 65_536;
    return { declaredBytes, usedBytes: Math.min(heapBase ?? declaredBytes, declaredBytes) };
  }

  #run(reply: number): Pause {
    let answer = reply;
    for (;;) {
      const record = this.#channel.letGuestRun(answer);
      this.#retired = record.retired;
      const pause = pauseOf(record);
      if (pause) return pause;
      try {
        answer = this.#answer(record);
      } catch (error) {
        // The host refused the call: the guest ends here, as it does on a stack of its own.
        this.#worker.terminate();
        const fault = (error as { fault?: GuestFault }).fault;
        if (!fault) throw error;
        return { kind: 'fault', fault };
      }
    }
  }

  #answer({ call, first, second, texts }: CallRecord): number {
    switch (call) {
      case Call.setOutput:
        this.#host.setOutput(first, second);
        return 0;
      case Call.log:
        this.#host.log(texts[0]);
        return 0;
      case Call.logInt:
        this.#host.logInt(first);
        return 0;
      case Call.publish:
        return this.#host.publish(texts[0], texts[1]);
      default:
        return this.#host.config(first);
    }
  }
}

function pauseOf({ call, first, texts }: CallRecord): Pause | null {
  switch (call) {
    case Call.delay:
      return { kind: 'delay', ms: first };
    case Call.sensor:
      return { kind: 'sensor', sensor: first };
    case Call.returned:
      return { kind: 'returned' };
    case Call.fault:
      return { kind: 'fault', fault: JSON.parse(texts[0]) as GuestFault };
    default:
      return null;
  }
}
