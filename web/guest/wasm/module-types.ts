/** What a module declares, as read from its binary. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref' | 'exnref';

export interface FunctionSignature {
  params: ValueType[];
  results: ValueType[];
}

/** Sizes of a memory in its pages (64 KiB), or of a table in entries. */
export interface Limits {
  min: number;
  max: number | null;
}

export interface MemoryType extends Limits {
  shared: boolean;
  /** Addresses are 64 bits wide. */
  wide: boolean;
}

export interface TableType extends Limits {
  element: ValueType;
}

export interface GlobalType {
  type: ValueType;
  mutable: boolean;
}

export type ExternalType =
  | { kind: 'function'; signature: FunctionSignature }
  | ({ kind: 'table' } & TableType)
  | ({ kind: 'memory' } & MemoryType)
  | ({ kind: 'global' } & GlobalType)
  | { kind: 'tag' };

export const externalKinds = ['function', 'table', 'memory', 'global', 'tag'] as const;
export type ExternalKind = (typeof externalKinds)[number];

/** Bytes of one page of linear memory. */
export const PAGE_BYTES = 65_536;
/** Most pages that 32-bit addresses reach. */
export const MAX_PAGES = 65_536;

/** `(i32, i32) -> i32`, for sentences. */
export function describeSignature({
  params,
  results,
}: {
  readonly params: readonly string[];
  readonly results: readonly string[];
}): string {
  return `(${params.join(', ')}) -> ${results.length === 1 ? results[0] : `(${results.join(', ')})`}`;
}
