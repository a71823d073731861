/** The contract between a transformed module and its host, by name and number. */

/** Module of the added imports: `memory` and `base`. */
export const importNamespace = 'continuum';
export const windowImports = {
  /** The memory that all windows lie in. */
  memory: 'memory',
  /** Immutable i32: byte address of the window. */
  base: 'base',
} as const;

/** A module that already exports a name with this prefix is refused. */
export const exportPrefix = 'continuum:';
export const transformedExports = {
  /** Mutable i32: instructions left. The host sets it before each slice. */
  fuel: 'continuum:fuel',
  /** Mutable i32: one of `trapCodes`. The host resets it before each slice. */
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
