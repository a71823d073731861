/** Wasmer's runtime in the browser: it takes WASI programs, so it runs the WASI build of the same logic. */
import { GuestFaultError } from '../../guest/types.ts';
import { neverSeen, type ColdRuntime, type ColdStart } from './cold-start.ts';
import { guestCalls, type Admission, type CallInput, type GuestCall, type LabRuntime, type RuntimeGuest } from './runtime.ts';
import { runtimeFacts } from './runtime-facts.ts';
import { READINGS, type Readings, type TimedModule, type TimedRuntime } from './timed.ts';
import { FILTER_DECIMALS, lineOf, resultOf } from './wasi-lines.ts';
import { wasiRefusal } from './wasi-imports.ts';
import type { WasiProcess } from './wasi-process.ts';
import { WasmerHost, type WasiRun, type WasmerPlace } from './wasmer-host.ts';

/** A usual reading. */
const TRIAL = '1830\n';
const TRIAL_MS = 2000;

export class WasmerRuntime implements LabRuntime, ColdRuntime, TimedRuntime {
  readonly id = 'wasmer';
  readonly title: string;
  readonly coldNote = 'Compile: Wasmer reads and compiles the program. Instantiate: a sandbox and a process. First call: the first line answered, in which a worker of its own may have to start.';
  readonly host: WasmerHost;

  constructor(place: WasmerPlace) {
    this.title = `${runtimeFacts.wasmer.title} ${place.version}`;
    this.host = new WasmerHost(place);
  }

  ready(): Promise<string | null> {
    return this.host.ready();
  }

  async admit(_name: string, bytes: Uint8Array): Promise<Admission> {
    const refusal = wasiRefusal(bytes);
    if (refusal !== null) return { ok: false, reason: refusal };
    try {
      const run = await this.host.run(bytes, TRIAL, { timeoutMs: TRIAL_MS });
      const answers = answersLines(run.stdout);
      if (answers) return { ok: true, guest: new WasmerGuest(this.host, bytes) };
      const end = endOf(run);
      return { ok: false, reason: `It is a WASI program and was started, but it does not answer a line with a reading, as the irrigation guest's WASI build does: it ${end}${said(run.stderr)}.` };
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async coldStart(bytes: Uint8Array): Promise<ColdStart | string> {
    const refusal = wasiRefusal(bytes);
    return refusal ?? this.host.coldStart(neverSeen(bytes), TRIAL);
  }

  async timed(_name: string, bytes: Uint8Array, readings: Readings): Promise<TimedModule | string> {
    const refusal = wasiRefusal(bytes);
    if (refusal !== null) return refusal;
    const process = await this.host.open(bytes);
    return {
      quantities: ['line'],
      async run(_quantity, count) {
        const text = Array.from({ length: count }, (_, at) => `${readings[at & (READINGS - 1)]}\n`).join('');
        const from = performance.now();
        await process.exchangeBytes(text, count);
        return performance.now() - from;
      },
      stop: () => process.stop(),
    };
  }

  async timedHostCall(): Promise<string> {
    return 'Wasmer in the browser takes no functions of the page, so a program there can call none of them.';
  }
}

function answersLines(stdout: string): boolean {
  try {
    resultOf('process', stdout.split('\n')[0] ?? '');
    return true;
  } catch (error) {
    if (error instanceof GuestFaultError) return false;
    throw error;
  }
}

function endOf({ reason, exitCode }: WasiRun): string {
  switch (reason) {
    case 'trapped':
      return 'trapped';
    case 'timeout':
    case 'terminated':
      return `was still running after ${TRIAL_MS / 1000} s and was ended`;
    case 'stuck':
      return 'could not be instantiated, and Wasmer was begun anew';
    case 'exited':
      return `ended with exit code ${exitCode}`;
  }
}

function said(stderr: string): string {
  const line = stderr.trim().split('\n')[0] ?? '';
  return line ? ` and said: ${line.slice(0, 200)}` : '';
}

class WasmerGuest implements RuntimeGuest {
  readonly runtime = 'wasmer';
  readonly calls = guestCalls;
  readonly loops = false;
  readonly filterDecimals = FILTER_DECIMALS;
  readonly #host: WasmerHost;
  readonly #bytes: Uint8Array;
  /** One for each function: a line calls all three, and each keeps state. */
  readonly #processes = new Map<GuestCall, WasiProcess>();

  constructor(host: WasmerHost, bytes: Uint8Array) {
    this.#host = host;
    this.#bytes = bytes;
  }

  async call(call: GuestCall, inputs: readonly CallInput[]): Promise<number[]> {
    let process = this.#processes.get(call);
    if (!process) this.#processes.set(call, (process = await this.#host.open(this.#bytes)));
    const lines = await process.exchange(inputs.map(lineOf).join(''), inputs.length);
    return lines.map((line) => resultOf(call, line));
  }

  retired(): null {
    return null;
  }

  async runLoop(): Promise<never> {
    throw new Error('A WASI program has no `main` loop of the guest ABI.');
  }

  stop(): void {
    for (const process of this.#processes.values()) process.stop();
    this.#processes.clear();
  }
}
