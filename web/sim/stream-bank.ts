/** One guest per stream, all on one processor: what the fog and the cloud run. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { createNativeStream } from '../guest/native.ts';
import { GuestFaultError, type StreamGuest } from '../guest/types.ts';
import type { AnomalyCode } from '../protocol/payloads.ts';
import type { NodeContext } from './node-context.ts';
import { cpuUs, type RuntimeProfile } from './runtime-profile.ts';

/** The calls of one visit, with what they retired. */
export interface Visit {
  filterValue(raw: number): number;
  detectAnomaly(raw: number): AnomalyCode;
}

export interface VisitResult<T> {
  value: T;
  /** When the processor is done with it, whole microseconds: it may have had others in its queue. */
  doneUs: number;
  /** With its fraction. */
  cpuUs: number;
  instructions: number;
}

export class StreamBank {
  readonly #context: NodeContext;
  readonly #profile: RuntimeProfile;
  readonly #guest: LoadedGuest | null;
  readonly #streams = new Map<string, StreamGuest>();
  /** Streams whose guest faulted wait; each fault in a row doubles the wait. */
  readonly #paused = new Map<string, { untilUs: number; backOffUs: number }>();
  /** When the processor has worked off its queue; with its fraction of a microsecond. */
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
    const { kernel } = this.#context;
    if ((this.#paused.get(stream)?.untilUs ?? 0) > kernel.nowUs) return null;
    let instructions = 0;
    let calls = 0;
    try {
      const guest = this.#streamGuest(stream);
      const value = use({
        filterValue: (raw) => {
          calls += 1;
          const filtered = guest.filterValue(raw);
          if (!Number.isFinite(filtered)) throw wrongResult('filter_value', filtered);
          instructions += this.#retired(guest, 'cost.reference.filterInstructions');
          return filtered;
        },
        detectAnomaly: (raw) => {
          calls += 1;
          const code = guest.detectAnomaly(raw);
          if (code !== 0 && code !== 1 && code !== 2 && code !== 3) throw wrongResult('detect_anomaly', code);
          instructions += this.#retired(guest, 'cost.reference.anomalyInstructions');
          return code;
        },
      });
      this.#paused.delete(stream);
      const usedUs = this.#work(instructions, calls);
      return { value, doneUs: Math.ceil(this.#freeUs), cpuUs: usedUs, instructions };
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      const guest = this.#streams.get(stream);
      this.#work(instructions + (guest?.retired() ?? 0), calls);
      guest?.stop();
      this.#streams.delete(stream);
      this.#pause(stream);
      throw error;
    }
  }

  /** Whether a stream's guest waits to be restarted. */
  get anyPaused(): boolean {
    return this.#paused.size > 0;
  }

  #work(instructions: number, calls: number): number {
    const usedUs = cpuUs(this.#profile, instructions, calls);
    this.#freeUs = Math.max(this.#freeUs, this.#context.kernel.nowUs) + usedUs;
    return usedUs;
  }

  #pause(stream: string): void {
    const { kernel, restart } = this.#context;
    const before = this.#paused.get(stream)?.backOffUs;
    const backOffUs = before === undefined ? restart.initialUs : Math.min(restart.maxUs, before * 2);
    this.#paused.set(stream, { untilUs: kernel.nowUs + backOffUs, backOffUs });
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

function wrongResult(call: string, value: number): GuestFaultError {
  return new GuestFaultError({ kind: 'rule', reason: `${call} returned ${value}, which is no result it may give.` });
}
