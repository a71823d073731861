/**
 * The contract between a transformed module and its host, by name and number.
 *
 * An instance is made with the memory that all windows lie in. `begin` puts a guest into it; from then on, `enter`
 * gives that guest the turn for a slice and `leave` takes it. Where the transform said that an instance can be shared,
 * other guests may begin in it and have their turns in between; else it has one guest for good.
 */

/** Module of the added import. */
export const importNamespace = 'continuum';
export const windowMemory = 'memory';

/** A module that already exports a name with this prefix is refused. */
export const exportPrefix = 'continuum:';

/** Exported functions of every transformed module. Addresses are those of the shared memory, in bytes; 0 without a window. */
export const turnExports = {
  /**
   * (base, fuel): a fresh guest in the zeroed window at `base`, with its data, has the turn; its start function has run,
   * on that fuel. Traps where the original would when it is instantiated.
   */
  begin: 'continuum:begin',
  /** (base, state, fuel): the guest of that window, whose state `leave` has put there, has the turn and that many instructions. */
  enter: 'continuum:enter',
  /** (state): puts there what the guest has outside its memory. */
  leave: 'continuum:leave',
  /** (fuel): so many instructions are left to the guest that has the turn, and no trap is known of. */
  refuel: 'continuum:refuel',
  /** () -> instructions left; below zero when they did not last. */
  left: 'continuum:left',
  /** () -> one of `trapCodes`, since `begin`, `enter` or `refuel`. */
  trapped: 'continuum:trapped',
  /** () -> bytes of the memory of the guest that has the turn, unsigned; not there without a window. */
  size: 'continuum:size',
} as const;

/** Exported beside them; of the globals a lean module exports none. */
export const transformedExports = {
  /** Mutable i32: instructions left. */
  fuel: 'continuum:fuel',
  /** Mutable i32: one of `trapCodes`. */
  trap: 'continuum:trap',
  /** Mutable i32, in a window: size of the guest's memory in bytes, unsigned. The host only reads it. */
  limit: 'continuum:limit',
  /** Mutable i32: the shadow stack's pointer, where the module follows LLVM's convention. */
  stack: 'continuum:stack',
  /** The memory, in a module that keeps its own. */
  memory: 'continuum:memory',
} as const;

/** Values of the trap global. */
export const trapCodes = { none: 0, outOfFuel: 1, outOfBounds: 2 } as const;

/** A guest's state outside its memory takes at most this much for each page that it may have, or else its instance is not shared. */
export const STATE_BYTES_PER_PAGE = 16;
