/** An instance of a transformed module, in which guests take turns. */
import type { LoadedGuest } from './loaded-guest.ts';
import { importNamespace, transformedExports, turnExports, windowMemory } from './wasm/transformed-names.ts';

/** Guests that have the same host functions. */
export interface GuestKind<Owner> {
  /** Whether they ask who it is that calls them, so that several guests can have them. */
  readonly shares: boolean;
  /** The `env` functions; `current` gives the guest that has the turn. */
  imports(current: () => Owner): WebAssembly.ModuleImports;
}

type Call = (...values: number[]) => number;

export class Seat<Owner> {
  /** Whether more than one guest can begin here. */
  readonly shared: boolean;
  readonly exports: WebAssembly.Exports;
  /** The guest's own where it is alone. */
  readonly memory: WebAssembly.Memory | null;
  /** Who has the turn. */
  current: Owner | null = null;
  readonly begin: Call;
  readonly enter: Call;
  readonly leave: Call;
  readonly refuel: Call;
  readonly left: Call;
  readonly trapped: Call;
  readonly size: Call;

  /** @param window the memory that windows lie in; null for a guest that has its own. Throws what the engine throws. */
  constructor(guest: LoadedGuest, window: WebAssembly.Memory | null, kind: GuestKind<Owner>) {
    this.shared = window !== null && mayShare(guest, kind);
    const imports: WebAssembly.Imports = { env: kind.imports(() => this.current as Owner) };
    if (window) imports[importNamespace] = { [windowMemory]: window };
    this.exports = new WebAssembly.Instance(window ? guest.module : (guest.alone as WebAssembly.Module), imports).exports;
    this.memory = (this.exports[transformedExports.memory] as WebAssembly.Memory | undefined) ?? null;
    const call = (name: string): Call => this.exports[name] as Call;
    this.begin = call(turnExports.begin);
    this.enter = call(turnExports.enter);
    this.leave = call(turnExports.leave);
    this.refuel = call(turnExports.refuel);
    this.left = call(turnExports.left);
    this.trapped = call(turnExports.trapped);
    this.size = call(turnExports.size);
  }
}

/** Of each memory, kind and module; gone with any of them. */
const shared = new WeakMap<WebAssembly.Memory, WeakMap<object, WeakMap<WebAssembly.Module, Seat<unknown>>>>();

/** A seat for a guest in that memory: the one that others of its kind and module have, where it can be shared. */
export function seatFor<Owner>(guest: LoadedGuest, window: WebAssembly.Memory, kind: GuestKind<Owner>): Seat<Owner> {
  if (!mayShare(guest, kind)) return new Seat(guest, window, kind);
  const kinds = entry(shared, window, () => new WeakMap());
  const modules = entry(kinds, kind, () => new WeakMap());
  return entry(modules, guest.module, () => new Seat<Owner>(guest, window, kind) as Seat<unknown>) as Seat<Owner>;
}

function mayShare(guest: LoadedGuest, kind: GuestKind<never>): boolean {
  return guest.shareable && kind.shares;
}

function entry<Key extends WeakKey, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
