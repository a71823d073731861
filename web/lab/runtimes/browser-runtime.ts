/** The browser's own engine: the module as it came, in a memory of its own, behind checked host functions. */
import { loadGuest, type GuestLimits, type LoadedGuest } from '../../guest/loaded-guest.ts';
import { OwnMemoryInstance } from '../../guest/own-memory-instance.ts';
import { openStream } from '../../guest/stream-guest.ts';
import { capGrowth } from '../../guest/wasm/cap-growth.ts';
import { InstanceGuest } from './instance-guest.ts';
import { firstCallOf, neverSeen, type ColdRuntime, type ColdStart } from './cold-start.ts';
import { hostCallModule } from './host-call-module.ts';
import { timedInstance, timedProbe, type BareInstance, type Readings, type TimedModule, type TimedRuntime } from './timed.ts';
import { runtimeFacts } from './runtime-facts.ts';
import type { Admission, LabRuntime } from './runtime.ts';

export class BrowserRuntime implements LabRuntime, ColdRuntime, TimedRuntime {
  readonly id = 'browser';
  readonly title = runtimeFacts.browser.title;
  readonly coldNote = 'Compile: `new WebAssembly.Module`. Instantiate: its memory and imports. The first call may compile the function, as engines put that off.';
  readonly #limits: GuestLimits;

  constructor(limits: GuestLimits) {
    this.#limits = limits;
  }

  async ready(): Promise<null> {
    return null;
  }

  async admit(name: string, bytes: Uint8Array): Promise<Admission> {
    const loaded = await this.#asItCame(name, bytes);
    if (typeof loaded === 'string') return { ok: false, reason: loaded };
    // Nothing is held: an instance goes with its last reference.
    return { ok: true, guest: new InstanceGuest(this.id, loaded.checked, (imports) => new OwnMemoryInstance(loaded, imports), () => undefined) };
  }

  async coldStart(bytes: Uint8Array): Promise<ColdStart | string> {
    const checked = await this.#asItCame('module', bytes);
    if (typeof checked === 'string') return checked;
    const fresh = neverSeen(bytes);
    const t0 = performance.now();
    const module = new WebAssembly.Module(fresh);
    const t1 = performance.now();
    const instance = openStream((imports) => new OwnMemoryInstance({ ...checked, module }, imports));
    const t2 = performance.now();
    const firstCallMs = firstCallOf(checked.checked, instance);
    return { fetchMs: null, compileMs: t1 - t0, transformMs: null, instantiateMs: t2 - t1, firstCallMs };
  }

  async timed(name: string, bytes: Uint8Array, readings: Readings): Promise<TimedModule | string> {
    const loaded = await this.#asItCame(name, bytes);
    if (typeof loaded === 'string') return loaded;
    return timedInstance(loaded.checked, (env) => bare(loaded.module, env), readings, () => undefined);
  }

  async timedHostCall(): Promise<TimedModule> {
    const module = await WebAssembly.compile(hostCallModule);
    return timedProbe(bare(module, { get_config: () => 0 }), () => undefined);
  }

  /** Checked, and compiled without being rewritten; else why not. */
  async #asItCame(name: string, bytes: Uint8Array): Promise<LoadedGuest | string> {
    const loaded = await loadGuest(name, bytes, this.#limits);
    if (!loaded.ok) return loaded.reason;
    const { guest } = loaded;
    if (!guest.metered) return guest;
    return { ...guest, metered: false, maxPages: guest.checked.memory.maxPages, module: await WebAssembly.compile(capGrowth(bytes, guest.checked.memory.maxPages)) };
  }
}

/** Without the checks around each call: they are the page's, not the engine's. */
function bare(module: WebAssembly.Module, env: WebAssembly.ModuleImports): BareInstance {
  const { exports } = new WebAssembly.Instance(module, { env });
  return { function: (name) => exports[name] as (...values: number[]) => number, refuel: () => undefined };
}
