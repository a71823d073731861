/**
 * Loop guests that block in a thread of their own: where the engine cannot suspend wasm, and modules that
 * cannot be metered. Slower (some 20 us a switch) and one thread a guest, but the same guests, unmodified.
 */
import { Call, faultOf, type CallRecord } from './blocking-channel.ts';
import type { GuestMemory } from './guest-instance.ts';
import type { GuestThread } from './guest-threads.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { GuestFaultError, type HostCalls, type LoopGuest, type Pause } from './types.ts';
import { PAGE_BYTES } from './wasm/module-types.ts';

export class BlockingLoop implements LoopGuest {
  readonly #thread: GuestThread;
  readonly #host: HostCalls;
  #retired: number;
  #memory: GuestMemory;

  /** @param thread one that serves this guest as a loop */
  constructor(thread: GuestThread, guest: LoadedGuest, host: HostCalls) {
    this.#thread = thread;
    this.#host = host;
    this.#retired = guest.metered ? 0 : NaN;
    const declaredBytes = guest.checked.memory.initialPages * PAGE_BYTES;
    this.#memory = { declaredBytes, usedBytes: declaredBytes };
  }

  start(): void {
    this.resume(0);
  }

  resume(value: number): void {
    this.#host.paused(this.#run(value));
  }

  retired(): number {
    return this.#retired;
  }

  stop(): void {
    this.#thread.terminate();
  }

  memory(): GuestMemory {
    return this.#memory;
  }

  #run(reply: number): Pause {
    try {
      let record = this.#thread.begin([reply]);
      for (;;) {
        const { retired, declaredBytes, usedBytes } = record;
        this.#retired = retired;
        this.#memory = { declaredBytes, usedBytes };
        const pause = pauseOf(record);
        if (pause) return pause;
        record = this.#thread.answer([this.#answer(record)]);
      }
    } catch (error) {
      // The host refused the call, or the thread is lost: the guest ends here, as it does on a stack of its own.
      if (!(error instanceof GuestFaultError)) throw error;
      this.#thread.terminate();
      return { kind: 'fault', fault: error.fault };
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

function pauseOf(record: CallRecord): Pause | null {
  const { call, first } = record;
  switch (call) {
    case Call.delay:
      return { kind: 'delay', ms: first };
    case Call.sensor:
      return { kind: 'sensor', sensor: first };
    case Call.returned:
      return { kind: 'returned' };
    case Call.fault:
      return { kind: 'fault', fault: faultOf(record) };
    default:
      return null;
  }
}
