/** One guest per stream, all on one processor: what the fog and the cloud run. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { createNativeStream } from '../guest/native.ts';
import { GuestFaultError, type StreamGuest } from '../guest/types.ts';
import { roundedMs } from '../protocol/content.ts';
import type { AnomalyCode } from '../protocol/payloads.ts';
import type { NodeContext } from './node-context.ts';
import { cpuUs, type RuntimeProfile } from './runtime-profile.ts';

/** A stream of readings and the guest that filters it. */
export interface BankStream {
  readonly name: string;
  readonly bank: StreamBank;
  guest: StreamGuest | null;
  /** Until then the stream waits, since its guest faulted; each fault in a row doubles the wait. */
  pausedUntilUs: number;
  backOffUs: number;
}

/** What a guest made of one reading. Good until the bank's next. */
export interface Filtered {
  ema: number;
  /** 0 when it was not asked for. */
  anomaly: AnomalyCode;
  /** When the processor is done with it, whole microseconds: it may have had others in its queue. */
  doneUs: number;
  /** With its fraction; of a guest that cannot be metered only the crossings are in it. */
  cpuUs: number;
  /** `cpuUs` in the milliseconds that are published; null from a guest that cannot be metered. */
  cpuMs: number | null;
  /** NaN from a guest that cannot be metered. */
  instructions: number;
}

export class StreamBank {
  readonly #context: NodeContext;
  readonly #profile: RuntimeProfile;
  readonly #guest: LoadedGuest | null;
  readonly #home: string;
  readonly #streams = new Set<BankStream>();
  readonly #filtered: Filtered = { ema: 0, anomaly: 0, doneUs: 0, cpuUs: 0, cpuMs: 0, instructions: 0 };
  /** What a native twin is charged: it retires nothing that could be counted, the C guest does for the same calls. */
  readonly #filterInstructions: number;
  readonly #anomalyInstructions: number;
  #paused = 0;
  /** When the processor has worked off its queue; with its fraction of a microsecond. */
  #freeUs = 0;
  /** CPU time of all its guests so far. */
  busyUs = 0;

  /**
   * @param home id of the node that this bank belongs to
   * @param guest null for the native twins
   */
  constructor(context: NodeContext, home: string, profile: RuntimeProfile, guest: LoadedGuest | null) {
    this.#context = context;
    this.#home = home;
    this.#profile = profile;
    this.#guest = guest;
    this.#filterInstructions = context.parameters.get('cost.reference.filterInstructions');
    this.#anomalyInstructions = context.parameters.get('cost.reference.anomalyInstructions');
  }

  /** Guests that run. */
  get size(): number {
    let size = 0;
    for (const { guest } of this.#streams) if (guest) size += 1;
    return size;
  }

  /** Whether a stream's guest waits to be restarted. */
  get anyPaused(): boolean {
    return this.#paused > 0;
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    let declaredBytes = 0;
    let usedBytes = 0;
    for (const { guest } of this.#streams) {
      const memory = guest?.memory();
      declaredBytes += memory?.declaredBytes ?? 0;
      usedBytes += memory?.usedBytes ?? 0;
    }
    return { declaredBytes, usedBytes };
  }

  /** A new stream; its guest is made for the first reading. */
  open(name: string): BankStream {
    const stream: BankStream = { name, bank: this, guest: null, pausedUntilUs: 0, backOffUs: 0 };
    this.#streams.add(stream);
    return stream;
  }

  /**
   * Has the stream's guest filter a reading, now, and look for an anomaly before that if so wanted.
   * @returns null while the guest waits to be restarted
   * Throws `GuestFaultError`; the stream then gets a fresh guest after the back-off.
   */
  filter(stream: BankStream, raw: number, withAnomaly: boolean): Filtered | null {
    if (stream.pausedUntilUs > this.#context.kernel.nowUs) return null;
    const filtered = this.#filtered;
    filtered.anomaly = 0;
    let instructions = 0;
    let calls = 0;
    try {
      const guest = (stream.guest ??= this.#create());
      if (withAnomaly) {
        calls += 1;
        filtered.anomaly = anomalyCode(guest.detectAnomaly(raw));
        instructions += this.#guest ? guest.retired() : this.#anomalyInstructions;
      }
      calls += 1;
      filtered.ema = count(guest.filterValue(raw));
      instructions += this.#guest ? guest.retired() : this.#filterInstructions;
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      this.#work(instructions + (stream.guest?.retired() ?? 0), calls);
      stream.guest?.stop();
      stream.guest = null;
      this.#pause(stream);
      throw error;
    }
    if (stream.backOffUs > 0) this.#trust(stream);
    filtered.instructions = instructions;
    filtered.cpuUs = this.#work(instructions, calls);
    filtered.cpuMs = Number.isNaN(instructions) ? null : roundedMs(filtered.cpuUs / 1000);
    filtered.doneUs = Math.ceil(this.#freeUs);
    return filtered;
  }

  stop(): void {
    for (const stream of this.#streams) stream.guest?.stop();
    this.#streams.clear();
  }

  #create(): StreamGuest {
    if (!this.#guest) return createNativeStream();
    return this.#context.engine.stream(this.#guest, this.#context.budget, this.#home);
  }

  #work(instructions: number, calls: number): number {
    const usedUs = cpuUs(this.#profile, Number.isNaN(instructions) ? 0 : instructions, calls);
    this.#freeUs = Math.max(this.#freeUs, this.#context.kernel.nowUs) + usedUs;
    this.busyUs += usedUs;
    return usedUs;
  }

  #pause(stream: BankStream): void {
    const { kernel, restart } = this.#context;
    if (stream.backOffUs === 0) this.#paused += 1;
    stream.backOffUs = stream.backOffUs === 0 ? restart.initialUs : Math.min(restart.maxUs, stream.backOffUs * 2);
    stream.pausedUntilUs = kernel.nowUs + stream.backOffUs;
  }

  /** It has filtered a reading since its fault. */
  #trust(stream: BankStream): void {
    this.#paused -= 1;
    stream.backOffUs = 0;
    stream.pausedUntilUs = 0;
  }
}

function anomalyCode(code: number): AnomalyCode {
  if (code === 0 || code === 1 || code === 2 || code === 3) return code;
  throw wrongResult('detect_anomaly', code);
}

/** A filter of ADC counts has no business outside the integers that it is given; a payload with such a value is refused. */
function count(value: number): number {
  if (value >= -0x8000_0000 && value <= 0x7fff_ffff) return value;
  throw wrongResult('filter_value', value);
}

function wrongResult(call: string, value: number): GuestFaultError {
  return new GuestFaultError({ kind: 'rule', reason: `${call} returned ${value}, which is no result it may give.` });
}
