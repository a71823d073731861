/** A module of the guest ABI on an instance in this thread, metered or not. */
import { openStream } from '../../guest/stream-guest.ts';
import type { GuestInstance } from '../../guest/guest-instance.ts';
import type { CheckedGuest } from '../../guest/check.ts';
import type { OwnMemoryInstance } from '../../guest/own-memory-instance.ts';
import { GuestFaultError } from '../../guest/types.ts';
import type { LoopScript, LoopTrace } from './loop-script.ts';
import { guestCalls, type CallInput, type GuestCall, type RuntimeGuest, type RuntimeId } from './runtime.ts';
import { runScripted } from './scripted-host.ts';

export type Instance = GuestInstance | OwnMemoryInstance;

/** Instances that have the imports they are given; throws `GuestFaultError` when the module cannot start. */
export type OpenInstance = (imports: WebAssembly.ModuleImports) => Instance;

export class InstanceGuest implements RuntimeGuest {
  readonly runtime: RuntimeId;
  readonly calls: readonly GuestCall[];
  readonly loops: boolean;
  readonly filterDecimals = null;
  readonly #entry: CheckedGuest['entry'];
  readonly #open: OpenInstance;
  readonly #release: (instance: Instance) => void;
  #stream: Instance | null = null;

  /** @param release gives back what an instance holds */
  constructor(runtime: RuntimeId, checked: CheckedGuest, open: OpenInstance, release: (instance: Instance) => void) {
    this.runtime = runtime;
    const has = { process: checked.process, filter_value: checked.filterValue, detect_anomaly: checked.detectAnomaly };
    this.calls = guestCalls.filter((call) => has[call]);
    this.loops = checked.entry !== null;
    this.#entry = checked.entry;
    this.#open = open;
    this.#release = release;
  }

  async call(call: GuestCall, inputs: readonly CallInput[]): Promise<number[]> {
    const instance = (this.#stream ??= openStream(this.#open));
    const exported = instance.function(call);
    return inputs.map((input) => {
      instance.refuel();
      try {
        return exported(...input);
      } catch (error) {
        throw new GuestFaultError(instance.fault(error));
      }
    });
  }

  retired(): number | null {
    const retired = this.#stream?.retired() ?? NaN;
    return Number.isNaN(retired) ? null : retired;
  }

  async runLoop(script: LoopScript): Promise<LoopTrace> {
    if (!this.#entry) throw new Error('This module exports no `main`.');
    let opened: Instance | null = null;
    try {
      return runScripted(script, this.#entry, (imports) => (opened = this.#open(imports)));
    } finally {
      if (opened) this.#release(opened);
    }
  }

  stop(): void {
    if (this.#stream) this.#release(this.#stream);
    this.#stream = null;
  }
}
