/** One guest per stream, all on one processor: what the fog and the cloud run. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { createNativeStream } from '../guest/native.ts';
import { GuestFaultError, type StreamGuest } from '../guest/types.ts';
import type { NodeContext } from './node-context.ts';
import { cpuUs, type RuntimeProfile } from './runtime-profile.ts';

/** The calls of one visit, with what they retired. */
export interface Visit {
  filterValue(raw: number): number;
  detectAnomaly(raw: number): number;
}

export interface VisitResult<T> {
  value: T;
  /** When the processor is done with it: it may have had others in its queue. */
  doneUs: number;
  cpuUs: number;
  instructions: number;
}

export class StreamBank {
  readonly #context: NodeContext;
  readonly #profile: RuntimeProfile;
  readonly #guest: LoadedGuest | null;
  readonly #streams = new Map<string, StreamGuest>();
  /** Streams whose guest faulted wait until this time. */
  readonly #pausedUntilUs = new Map<string, number>();
  #freeUs = 0;

  /** @param guest null for the native twins */
  constructor(context: NodeContext, profile: RuntimeProfile, guest: LoadedGuest | null) {
    this.#context = context;
    this.#profile = profile;
    this.#guest = guest;
  }

  get size(): number {
    return this.#streams.size;
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    let declaredBytes = 0;
    let usedBytes = 0;
    for (const stream of this.#streams.values()) {
      const memory = stream.memory();
      declaredBytes += memory.declaredBytes;
      usedBytes += memory.usedBytes;
    }
    return { declaredBytes, usedBytes };
  }

  /**
   * Runs the calls in `use` on the stream's guest, now.
   * @returns null while the stream's guest waits to be restarted
   * Throws `GuestFaultError`; the stream then gets a fresh guest after the back-off.
   */
  visit<T>(stream: string, use: (visit: Visit) => T): VisitResult<T> | null {
    const { kernel, restart } = this.#context;
    if ((this.#pausedUntilUs.get(stream) ?? 0) > kernel.nowUs) return null;
    let instructions = 0;
    try {
      const guest = this.#streamGuest(stream);
      const value = use({
        filterValue: (raw) => {
          const filtered = guest.filterValue(raw);
          instructions += this.#retired(guest, 'cost.reference.filterInstructions');
          return filtered;
        },
        detectAnomaly: (raw) => {
          const code = guest.detectAnomaly(raw);
          instructions += this.#retired(guest, 'cost.reference.anomalyInstructions');
          return code;
        },
      });
      const usedUs = cpuUs(this.#profile, instructions, 0);
      this.#freeUs = Math.max(this.#freeUs, kernel.nowUs) + usedUs;
      return { value, doneUs: this.#freeUs, cpuUs: usedUs, instructions };
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      this.#streams.get(stream)?.stop();
      this.#streams.delete(stream);
      this.#pausedUntilUs.set(stream, kernel.nowUs + restart.initialUs);
      throw error;
    }
  }

  stop(): void {
    for (const stream of this.#streams.values()) stream.stop();
    this.#streams.clear();
  }

  /** A native twin retires nothing that could be counted: it is charged what the C guest retires for the same call. */
  #retired(guest: StreamGuest, reference: 'cost.reference.filterInstructions' | 'cost.reference.anomalyInstructions'): number {
    return this.#guest ? guest.retired() : this.#context.parameters.get(reference);
  }

  #streamGuest(stream: string): StreamGuest {
    let guest = this.#streams.get(stream);
    if (!guest) {
      guest = this.#guest ? this.#context.engine.stream(this.#guest, this.#context.budget) : createNativeStream();
      this.#streams.set(stream, guest);
    }
    return guest;
  }
}
