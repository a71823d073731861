/**
 * Loop guests by JavaScript Promise Integration: `main` runs on a stack of its own, which the engine
 * suspends in `delay_ms` and `read_sensor` until the node's time has moved on.
 * https://github.com/WebAssembly/js-promise-integration
 */
import type { Arena } from './arena.ts';
import { GuestInstance, immediateImports } from './guest-instance.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import type { HostCalls, LoopGuest, Pause } from './types.ts';

interface Jspi {
  Suspending: new (call: (value: number) => Promise<number>) => WebAssembly.ImportValue;
  promising: (call: (...values: number[]) => number) => (...values: number[]) => Promise<number>;
}

const jspi = WebAssembly as unknown as Partial<Jspi>;

export function hasJspi(): boolean {
  return typeof jspi.Suspending === 'function' && typeof jspi.promising === 'function';
}

export class JspiLoop implements LoopGuest {
  readonly #instance: GuestInstance;
  readonly #entry: NonNullable<LoadedGuest['checked']['entry']>;
  /** Ends the slice that runs now. */
  #pause: (pause: Pause) => void = () => undefined;
  /** Lets the suspended guest go on. */
  #wake: (value: number) => void = () => undefined;

  /** Throws `GuestFaultError` when the module cannot start. Needs `hasJspi()`. */
  constructor(guest: LoadedGuest, arena: Arena, budget: number, host: HostCalls) {
    if (!guest.checked.entry) throw new Error('A guest without `main` cannot run as a loop.');
    this.#entry = guest.checked.entry;
    const { Suspending } = jspi as Jspi;
    this.#instance = new GuestInstance(guest, arena, budget, {
      ...immediateImports(host, () => this.#instance),
      delay_ms: new Suspending((ms) => this.#suspend({ kind: 'delay', ms })),
      read_sensor: new Suspending((sensor) => this.#suspend({ kind: 'sensor', sensor })),
    });
  }

  start(): Promise<Pause> {
    const main = (jspi as Jspi).promising(this.#instance.function(this.#entry.name));
    return this.#slice(() => {
      main(...new Array<number>(this.#entry.params).fill(0)).then(
        () => this.#pause({ kind: 'returned' }),
        (error: unknown) => this.#pause({ kind: 'fault', fault: this.#instance.fault(error) }),
      );
    });
  }

  resume(value: number): Promise<Pause> {
    return this.#slice(() => this.#wake(value));
  }

  retired(): number {
    return this.#instance.retired();
  }

  stop(): void {
    this.#pause = () => undefined;
    this.#wake = () => undefined;
    this.#instance.release();
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    return this.#instance.memory();
  }

  #slice(run: () => void): Promise<Pause> {
    return new Promise((resolve) => {
      this.#pause = resolve;
      this.#instance.refuel();
      run();
    });
  }

  #suspend(pause: Pause): Promise<number> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#pause(pause);
    });
  }
}
