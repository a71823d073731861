/** A guest in its window of the arena, with its meter and its checked strings. It may share its instance with others. */
import { ArenaFullError, type Arena, type Window } from './arena.ts';
import { readCheckedString } from './checked-string.ts';
import { describeFault } from './guest-fault.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { Seat, seatFor, type GuestKind } from './seat.ts';
import { GuestFaultError, type GuestFault, type HostCalls } from './types.ts';
import { limits } from './abi.gen.ts';
import { PAGE_BYTES } from './wasm/module-types.ts';

export interface GuestMemory {
  declaredBytes: number;
  /** Data, shadow stack and heap base where the module tells; else all of it. */
  usedBytes: number;
}

/** What host functions that take text need. */
export type Strings = Pick<GuestInstance, 'readString'>;

const textWhileStarting =
  'It passes text while it is being started (its start function calls wasm_log or mqtt_publish); only its exported functions may.';

export class GuestInstance<Owner = null> {
  readonly #guest: LoadedGuest;
  readonly #arena: Arena;
  readonly #budget: number;
  readonly #owner: Owner;
  readonly #seat: Seat<Owner>;
  /** Null when the guest has a memory of its own. */
  readonly #window: Window | null;
  readonly #base: number;
  readonly #state: number;
  /** Size of its memory, as far as it is known without having the turn. */
  #bytes: number;
  readonly #grows: boolean;
  /** In the last slice, while others have the turn. */
  #retired = 0;
  #own: Uint8Array | null = null;
  #released = false;

  /**
   * Has the turn afterwards only where it shares its instance with nobody.
   * Throws `GuestFaultError` when the module cannot start.
   * @param kind its `env` functions, which may call `readString` of this instance once it exists
   * @param owner whom they are told to be called by
   */
  constructor(guest: LoadedGuest, arena: Arena, budget: number, kind: GuestKind<Owner>, owner: Owner) {
    this.#guest = guest;
    this.#arena = arena;
    this.#budget = budget;
    this.#owner = owner;
    this.#window = guest.alone ? null : allocate(arena, guest.maxPages);
    this.#base = this.#window?.base ?? 0;
    this.#state = this.#window?.state ?? 0;
    const { initialPages } = guest.checked.memory;
    this.#bytes = initialPages * PAGE_BYTES;
    this.#grows = initialPages !== guest.maxPages;
    try {
      this.#seat = this.#window ? seatFor(guest, this.#window.memory, kind) : new Seat(guest, null, kind);
    } catch (error) {
      this.release();
      throw new GuestFaultError({
        kind: 'trap',
        reason: `The module could not start: ${error instanceof Error ? error.message : String(error)}.`,
      });
    }
    this.#begin();
  }

  /** An exported function; the check before loading made sure of its type. Call it between `refuel` and `leave`. */
  function(name: string): (...values: number[]) => number {
    return this.#seat.exports[name] as (...values: number[]) => number;
  }

  /** Begins a slice: the guest has the turn, and its budget is whole again. */
  refuel(): void {
    const seat = this.#seat;
    if (seat.current === this.#owner) {
      seat.refuel(this.#budget);
      return;
    }
    this.#take();
    seat.enter(this.#base, this.#state, this.#budget);
  }

  /** Ends a slice: others may have the turn. What a fault left behind must be asked for before. */
  leave(): void {
    const seat = this.#seat;
    if (!seat.shared || seat.current !== this.#owner) return;
    this.#retired = this.#budget - seat.left();
    if (this.#grows) this.#bytes = seat.size() >>> 0;
    seat.leave(this.#state);
    seat.current = null;
  }

  /** Instructions retired since `refuel`. */
  retired(): number {
    const seat = this.#seat;
    return seat.current === this.#owner ? this.#budget - seat.left() : this.#retired;
  }

  /** Of a guest that has the turn. */
  fault(error: unknown): GuestFault {
    return describeFault(error, this.#seat.trapped(), this.#budget);
  }

  memory(): GuestMemory {
    const declaredBytes = this.#sizeBytes();
    const { heapBase } = this.#guest.checked;
    return { declaredBytes, usedBytes: Math.min(heapBase ?? declaredBytes, declaredBytes) };
  }

  /**
   * The NUL-terminated UTF-8 string at a guest pointer.
   * Throws `GuestFaultError` when it leaves the guest's memory, is longer than `maxBytes` or is not UTF-8.
   */
  readString(pointer: number, maxBytes: number, argument: string): string {
    const size = this.#sizeBytes();
    const start = pointer >>> 0;
    const bytes = this.#view();
    if (start < size) {
      const end = this.#base + Math.min(size, start + maxBytes + 1);
      const known = this.#arena.strings.read(bytes, this.#base + start, end);
      if (known !== null) return known;
    }
    return readCheckedString(bytes.subarray(this.#base, this.#base + size), pointer, maxBytes, argument);
  }

  /** Gives the window back; the guest must not run again. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    // Not there when the engine refused to make one.
    if (this.#seat?.shared && this.#seat.current === this.#owner) this.#seat.current = null;
    if (this.#window) this.#arena.free(this.#window, this.#guest.maxPages);
  }

  #begin(): void {
    this.#take();
    try {
      this.#seat.begin(this.#base, this.#budget);
    } catch (error) {
      const { kind, reason } = this.fault(error);
      this.release();
      throw new GuestFaultError({ kind, reason: `The module could not start. ${reason}` });
    }
    if (this.#seat.shared) this.leave();
    else this.refuel();
    this.#retired = 0;
  }

  #take(): void {
    if (this.#seat.current !== null) throw new Error('A guest was to run while another one of its instance does.');
    this.#seat.current = this.#owner;
  }

  /** The memory that the guest's lies in. */
  #view(): Uint8Array {
    if (this.#window) return this.#window.bytes();
    // The view of before is empty once the memory has grown.
    if (!this.#own?.byteLength) this.#own = new Uint8Array((this.#seat.memory as WebAssembly.Memory).buffer);
    return this.#own;
  }

  #sizeBytes(): number {
    if (!this.#grows) return this.#bytes;
    if (!this.#window) return this.#view().byteLength;
    return this.#seat.current === this.#owner ? this.#seat.size() >>> 0 : this.#bytes;
  }
}

/** The kind of a guest that shares its functions, and so its instance, with nobody. */
export function ownKind(imports: WebAssembly.ModuleImports): GuestKind<null> {
  return { shares: false, imports: () => imports };
}

/**
 * The `env` functions that answer at once.
 * @param host asked late: a guest begins after its imports
 * @param instance likewise; undefined while the guest's start function runs
 */
export function immediateImports(host: () => HostCalls, instance: () => Strings | undefined): WebAssembly.ModuleImports {
  const text = (pointer: number, maxBytes: number, argument: string): string => {
    const strings = instance();
    if (!strings) throw new GuestFaultError({ kind: 'rule', reason: textWhileStarting });
    return strings.readString(pointer, maxBytes, argument);
  };
  return {
    set_output: (pin: number, level: number) => host().setOutput(pin, level),
    wasm_log: (pointer: number) => host().log(text(pointer, limits.logBytes, 'The text of wasm_log')),
    log_int: (value: number) => host().logInt(value),
    mqtt_publish: (topic: number, payload: number) =>
      host().publish(text(topic, limits.topicBytes, 'The topic of mqtt_publish'), text(payload, limits.payloadBytes, 'The payload of mqtt_publish')),
    get_config: (key: number) => host().config(key),
  };
}

function allocate(arena: Arena, pages: number): Window {
  try {
    return arena.allocate(pages);
  } catch (error) {
    if (error instanceof ArenaFullError) throw new GuestFaultError({ kind: 'rule', reason: error.message });
    throw error;
  }
}
