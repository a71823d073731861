/** The irrigation guest's logic in TypeScript, as the native tiers of strategies D and E run it. */
import { configDefaults } from '../../guest/abi.gen.ts';
import { checkGuest } from '../../guest/check.ts';
import type { GuestLimits } from '../../guest/loaded-guest.ts';
import { createNativeLoop } from '../../guest/native-loop.ts';
import { createNativeStream } from '../../guest/native.ts';
import type { StreamGuest } from '../../guest/types.ts';
import type { ColdRuntime, ColdStart } from './cold-start.ts';
import { guestCalls, type Admission, type CallInput, type GuestCall, type LabRuntime, type RuntimeGuest } from './runtime.ts';
import { runResumed } from './scripted-host.ts';
import { runtimeFacts } from './runtime-facts.ts';
import { configured, timeCalls, timeProcess, type Readings, type TimedModule, type TimedRuntime } from './timed.ts';

/** A usual reading. */
const RAW = 1830;

/** What tells the irrigation guest: these exports and no other function. */
const irrigation = ['detect_anomaly', 'filter_value', 'main', 'process'];

export class NativeRuntime implements LabRuntime, ColdRuntime, TimedRuntime {
  readonly id = 'native';
  readonly title = runtimeFacts.native.title;
  readonly coldNote = 'Nothing is compiled or transformed: its script came with the page.';
  readonly #limits: GuestLimits;

  constructor(limits: GuestLimits) {
    this.#limits = limits;
  }

  async ready(): Promise<null> {
    return null;
  }

  async admit(_name: string, bytes: Uint8Array): Promise<Admission> {
    const reason = this.#refusal(bytes);
    return reason === null ? { ok: true, guest: new NativeGuest() } : { ok: false, reason };
  }

  async coldStart(bytes: Uint8Array): Promise<ColdStart | string> {
    const reason = this.#refusal(bytes);
    if (reason !== null) return reason;
    const from = performance.now();
    const stream = createNativeStream();
    const made = performance.now();
    const { dry, wet, threshold } = configDefaults;
    stream.process(RAW, dry, wet, threshold);
    return { fetchMs: null, compileMs: null, transformMs: null, instantiateMs: made - from, firstCallMs: performance.now() - made };
  }

  async timed(_name: string, bytes: Uint8Array, readings: Readings): Promise<TimedModule | string> {
    const reason = this.#refusal(bytes);
    if (reason !== null) return reason;
    const stream = createNativeStream();
    return {
      quantities: [...guestCalls, 'step'],
      run(quantity, count) {
        if (quantity === 'step') return timeNativeSteps(readings, count);
        if (quantity === 'process') return timeProcess(stream.process, readings, count);
        return timeCalls(quantity === 'filter_value' ? stream.filterValue : stream.detectAnomaly, readings, count);
      },
      stop: () => undefined,
    };
  }

  async timedHostCall(): Promise<string> {
    return 'Native code calls its host like any function of its own: there is no border whose crossing could be timed.';
  }

  #refusal(bytes: Uint8Array): string | null {
    const check = checkGuest(bytes, this.#limits);
    if (!check.ok) return check.reason;
    const functions = check.guest.exports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    const missing = irrigation.filter((name) => !functions.includes(name));
    const other = functions.filter((name) => !irrigation.includes(name));
    if (missing.length === 0 && other.length === 0) return null;
    const what = missing.length > 0 ? `exports no ${missing.map((name) => `\`${name}\``).join(', ')}` : `exports ${other.slice(0, 3).map((name) => `\`${name}\``).join(', ')} besides`;
    return `There is native code for the irrigation guest alone, and this module ${what}: it is another program.`;
  }
}

type NativeCall = (...values: number[]) => number;

function callOf(stream: StreamGuest, call: GuestCall): NativeCall {
  const calls: Record<GuestCall, (...values: never[]) => number> = { process: stream.process, filter_value: stream.filterValue, detect_anomaly: stream.detectAnomaly };
  return calls[call] as NativeCall;
}

class NativeGuest implements RuntimeGuest {
  readonly runtime = 'native';
  readonly calls = guestCalls;
  readonly loops = true;
  readonly filterDecimals = null;
  readonly #stream = createNativeStream();

  async call(call: GuestCall, inputs: readonly CallInput[]): Promise<number[]> {
    const native = callOf(this.#stream, call);
    return inputs.map((input) => native(...input));
  }

  retired(): null {
    return null;
  }

  runLoop: RuntimeGuest['runLoop'] = async (script) => runResumed(script, (host) => createNativeLoop(host));

  stop(): void {}
}

/** As for a module: from the first reading to the one after the last step. */
function timeNativeSteps(readings: Readings, count: number): number {
  const loop = createNativeLoop({
    setOutput: () => undefined,
    log: () => undefined,
    logInt: () => undefined,
    publish: () => 0,
    config: (key) => configured[key] ?? 0,
    paused: () => undefined,
  });
  // It has run to its pause when these return, so nothing is awaited.
  void loop.start();
  const from = performance.now();
  for (let step = 0; step < count; step++) {
    void loop.resume(readings[step & (readings.length - 1)]!);
    void loop.resume(0);
  }
  const ms = performance.now() - from;
  loop.stop();
  return ms;
}
