/** The transformed module: its instructions counted and limited, its memory a window of one that all guests share. */
import { Arena } from '../../guest/arena.ts';
import { GuestInstance, ownKind } from '../../guest/guest-instance.ts';
import { loadGuest, type GuestLimits, type LoadedGuest } from '../../guest/loaded-guest.ts';
import { describeObstacle } from '../../guest/obstacle.ts';
import { transformModule } from '../../guest/wasm/transform.ts';
import { openStream } from '../../guest/stream-guest.ts';
import { hostCallModule } from './host-call-module.ts';
import { InstanceGuest } from './instance-guest.ts';
import { firstCallOf, neverSeen, type ColdRuntime, type ColdStart } from './cold-start.ts';
import { timedInstance, timedProbe, type OpenBare, type Readings, type TimedModule, type TimedRuntime } from './timed.ts';
import { runtimeFacts } from './runtime-facts.ts';
import type { Admission, LabRuntime } from './runtime.ts';

/** Fuel is a signed 32-bit number; a batch of calls is timed on one filling. */
const FULL = 0x7fff_ffff;

export class TransformedRuntime implements LabRuntime, ColdRuntime, TimedRuntime {
  readonly id = 'transformed';
  readonly title = runtimeFacts.transformed.title;
  readonly coldNote = 'Transform: read and rewritten. Compile: `new WebAssembly.Module`. Instantiate: a window of the shared memory and the imports.';
  readonly #limits: GuestLimits;
  readonly #budget: number;
  readonly #arena = new Arena();

  /** @param budget instructions of one call, or of `main` between two pauses */
  constructor(limits: GuestLimits, budget: number) {
    this.#limits = limits;
    this.#budget = budget;
  }

  async ready(): Promise<null> {
    return null;
  }

  async admit(name: string, bytes: Uint8Array): Promise<Admission> {
    const loaded = await this.#metered(name, bytes);
    if (typeof loaded === 'string') return { ok: false, reason: loaded };
    const open = (imports: WebAssembly.ModuleImports) => new GuestInstance(loaded, this.#arena, this.#budget, ownKind(imports), null);
    return { ok: true, guest: new InstanceGuest(this.id, loaded.checked, open, (instance) => (instance as GuestInstance).release()) };
  }

  async coldStart(bytes: Uint8Array): Promise<ColdStart | string> {
    const loaded = await this.#metered('module', bytes);
    if (typeof loaded === 'string') return loaded;
    const t0 = performance.now();
    const transformed = transformModule(bytes, { window: true, lean: true, ceilingPages: this.#limits.maxPages });
    if (!transformed.ok) return transformed.reason;
    const t1 = performance.now();
    const fresh = neverSeen(transformed.bytes);
    const t2 = performance.now();
    const module = new WebAssembly.Module(fresh);
    const t3 = performance.now();
    const instance = openStream((imports) => new GuestInstance({ ...loaded, module }, this.#arena, this.#budget, ownKind(imports), null));
    const t4 = performance.now();
    const firstCallMs = firstCallOf(loaded.checked, instance);
    (instance as GuestInstance).release();
    return { fetchMs: null, transformMs: t1 - t0, compileMs: t3 - t2, instantiateMs: t4 - t3, firstCallMs };
  }

  async timed(name: string, bytes: Uint8Array, readings: Readings): Promise<TimedModule | string> {
    const loaded = await this.#metered(name, bytes);
    if (typeof loaded === 'string') return loaded;
    const { open, stop } = this.#bare(loaded);
    return timedInstance(loaded.checked, open, readings, stop);
  }

  async timedHostCall(): Promise<TimedModule | string> {
    const loaded = await this.#metered('host-call', hostCallModule);
    if (typeof loaded === 'string') return loaded;
    const { open, stop } = this.#bare(loaded);
    return timedProbe(open({ get_config: () => 0 }), stop);
  }

  /** Instances with so much fuel that it lasts for a batch. Few live at once: `main` gets a new one for each batch. */
  #bare(loaded: LoadedGuest): { open: OpenBare; stop: () => void } {
    const instances: GuestInstance[] = [];
    const open: OpenBare = (imports) => {
      // The first is the stream's; the one before was a `main` that has ended.
      if (instances.length > 1) instances.pop()!.release();
      const instance = new GuestInstance(loaded, this.#arena, FULL, ownKind(imports), null);
      instances.push(instance);
      return instance;
    };
    return { open, stop: () => instances.forEach((instance) => instance.release()) };
  }

  async #metered(name: string, bytes: Uint8Array): Promise<LoadedGuest | string> {
    const loaded = await loadGuest(name, bytes, this.#limits);
    if (!loaded.ok) return loaded.reason;
    const { obstacle } = loaded.guest;
    return obstacle ? `It uses ${describeObstacle(obstacle)}, which cannot be rewritten so as to be counted.` : loaded.guest;
  }
}
