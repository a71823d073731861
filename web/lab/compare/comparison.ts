/** All that compares modules, on the runtimes of this thread. */
import type { GuestLimits } from '../../guest/loaded-guest.ts';
import { BrowserRuntime } from '../runtimes/browser-runtime.ts';
import { NativeRuntime } from '../runtimes/native-runtime.ts';
import type { RuntimeId } from '../runtimes/runtime.ts';
import { TransformedRuntime } from '../runtimes/transformed-runtime.ts';
import type { WasmerPlace } from '../runtimes/wasmer-host.ts';
import { WasmerRuntime } from '../runtimes/wasmer-runtime.ts';
import { compareBehaviour } from './behaviour.ts';
import { measureColdStarts } from './cold-starts.ts';
import type {
  BehaviourOrder,
  BehaviourReport,
  ColdStartOrder,
  ColdStartReport,
  ComparedModule,
  Disassembly,
  Inspection,
  Portability,
  RunCost,
  TimesOrder,
  TimesReport,
  Work,
} from './compare-port.ts';
import { disassemble } from './disassemble.ts';
import { inspect } from './inspect.ts';
import { tryModule } from './portability.ts';
import { runCost } from './run-cost.ts';
import { measureTimes } from './times.ts';

export interface ComparisonSetup {
  limits: GuestLimits;
  /** Instructions of one call, and of `main` between two pauses. */
  budget: number;
  wasmer: WasmerPlace;
}

export class Comparison {
  readonly #setup: ComparisonSetup;
  readonly #runtimes;

  constructor(setup: ComparisonSetup) {
    const { limits, budget, wasmer } = setup;
    this.#setup = setup;
    this.#runtimes = {
      browser: new BrowserRuntime(limits),
      transformed: new TransformedRuntime(limits, budget),
      wasmer: new WasmerRuntime(wasmer),
      native: new NativeRuntime(limits),
    };
  }

  async inspect(bytes: Uint8Array): Promise<Inspection> {
    return inspect(bytes);
  }

  disassemble(bytes: Uint8Array): Promise<Disassembly> {
    return disassemble(bytes);
  }

  cost(module: ComparedModule, order: BehaviourOrder, work: Work): Promise<RunCost> {
    return runCost(this.#setup.limits, this.#setup.budget, module, order, work);
  }

  behaviour(a: ComparedModule, b: ComparedModule, order: BehaviourOrder, work: Work): Promise<BehaviourReport> {
    const { transformed, browser, wasmer } = this.#runtimes;
    // Metered first: there a module that never returns is stopped.
    return compareBehaviour([transformed, browser, wasmer], a, b, order, work);
  }

  times(modules: readonly ComparedModule[], order: TimesOrder, work: Work): Promise<TimesReport> {
    return measureTimes(order.runtimes.map((id) => this.#runtimes[id]), modules, order, work);
  }

  coldStarts(modules: readonly ComparedModule[], order: ColdStartOrder, work: Work): Promise<ColdStartReport> {
    return measureColdStarts(order.runtimes.map((id) => this.#runtimes[id]), modules, order, work);
  }

  tryModule(runtime: RuntimeId, name: string, bytes: Uint8Array): Promise<Portability> {
    return tryModule(this.#runtimes[runtime], name, bytes);
  }
}
