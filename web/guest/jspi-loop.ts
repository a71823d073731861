/**
 * Loop guests by JavaScript Promise Integration: `main` runs on a stack of its own, which the engine
 * suspends in `delay_ms` and `read_sensor` until the node's time has moved on.
 * https://github.com/WebAssembly/js-promise-integration
 */
import type { Arena } from './arena.ts';
import { GuestInstance, immediateImports } from './guest-instance.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import type { GuestKind } from './seat.ts';
import { GuestFaultError, type HostCalls, type LoopGuest, type Pause } from './types.ts';

interface Jspi {
  Suspending: new (call: (value: number) => Promise<number>) => WebAssembly.ImportValue;
  promising: (call: (...values: number[]) => number) => (...values: number[]) => Promise<number>;
}

const pauseWhileStarting = 'It pauses while it is being started (its start function calls delay_ms or read_sensor); only `main` may.';

const jspi = WebAssembly as unknown as Partial<Jspi>;

export function hasJspi(): boolean {
  return typeof jspi.Suspending === 'function' && typeof jspi.promising === 'function';
}

export class JspiLoop implements LoopGuest {
  static readonly #kind: GuestKind<JspiLoop> = {
    shares: true,
    imports: (current) => ({
      ...immediateImports(
        () => current().#host,
        () => current().#instance,
      ),
      delay_ms: new (jspi as Jspi).Suspending((ms) => current().#suspend({ kind: 'delay', ms })),
      read_sensor: new (jspi as Jspi).Suspending((sensor) => current().#suspend({ kind: 'sensor', sensor })),
    }),
  };
  readonly #instance: GuestInstance<JspiLoop>;
  readonly #host: HostCalls;
  readonly #entry: NonNullable<LoadedGuest['checked']['entry']>;
  /** Its start function has run; before that there is no stack that could be suspended. */
  #begun = false;
  #stopped = false;
  /** Resolves what the caller of this slice waits for. */
  #sliceEnded: () => void = () => undefined;
  /** Lets the suspended guest go on. */
  #wake: (value: number) => void = () => undefined;
  /** Throws at the place where the guest is suspended. */
  #abort: (reason: Error) => void = () => undefined;

  /** Throws `GuestFaultError` when the module cannot start. Needs `hasJspi()`. */
  constructor(guest: LoadedGuest, arena: Arena, budget: number, host: HostCalls) {
    if (!guest.checked.entry) throw new Error('It has no `main`.');
    this.#entry = guest.checked.entry;
    this.#host = host;
    this.#instance = new GuestInstance(guest, arena, budget, JspiLoop.#kind, this);
    this.#begun = true;
  }

  start(): Promise<void> {
    const main = (jspi as Jspi).promising(this.#instance.function(this.#entry.name));
    return this.#slice(() => {
      main(...new Array<number>(this.#entry.params).fill(0)).then(
        () => this.#paused({ kind: 'returned' }),
        (error: unknown) => this.#paused({ kind: 'fault', fault: this.#instance.fault(error) }),
      );
    });
  }

  resume(value: number): Promise<void> {
    return this.#slice(() => this.#wake(value));
  }

  retired(): number {
    return this.#instance.retired();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake = () => undefined;
    // Unwinds its stack: left to the garbage collector, those of a large fleet that is rebuilt would pile up until
    // the browser has no address space for more. A metered guest cannot catch what is thrown.
    this.#abort(new Error('The guest was stopped.'));
    this.#instance.release();
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    return this.#instance.memory();
  }

  #slice(run: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#sliceEnded = resolve;
      this.#instance.refuel();
      run();
    });
  }

  #suspend(pause: Pause): Promise<number> {
    if (!this.#begun) throw new GuestFaultError({ kind: 'rule', reason: pauseWhileStarting });
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      this.#abort = reject;
      this.#paused(pause);
    });
  }

  #paused(pause: Pause): void {
    this.#instance.leave();
    if (!this.#stopped) this.#host.paused(pause);
    this.#sliceEnded();
  }
}
