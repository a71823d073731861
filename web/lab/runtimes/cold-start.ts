/** How long a runtime takes from bytes to the first result. */
import { configDefaults } from '../../guest/abi.gen.ts';
import type { CheckedGuest } from '../../guest/check.ts';
import type { ColdStart } from './runtime.ts';

export type { ColdStart } from './runtime.ts';

export interface ColdRuntime {
  /** What the parts are here, a sentence or two. */
  readonly coldNote: string;
  /**
   * Once; what is compiled is made so that this engine has not seen it before. A sentence when the module cannot start
   * here. Fetching is the caller's.
   */
  coldStart(bytes: Uint8Array): Promise<ColdStart | string>;
}

/** A usual reading. */
const RAW = 1830;

/** Milliseconds of the first call of the first stream function that it has; null when it has none. */
export function firstCallOf(checked: CheckedGuest, instance: { function(name: string): (...values: number[]) => number }): number | null {
  const { dry, wet, threshold } = configDefaults;
  const from = performance.now();
  if (checked.process) instance.function('process')(RAW, dry, wet, threshold);
  else if (checked.filterValue) instance.function('filter_value')(RAW);
  else if (checked.detectAnomaly) instance.function('detect_anomaly')(RAW);
  else return null;
  return performance.now() - from;
}

/** So many copies were marked in this thread. */
let marks = 0;

/**
 * The module with a custom section that no other copy has. Engines keep compiled code by the bytes it came from: without
 * this the second compilation would be a look-up.
 */
export function neverSeen(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  marks += 1;
  const NAME = [4, 0x63, 0x6f, 0x6c, 0x64];
  const marked = new Uint8Array(bytes.length + 2 + NAME.length + 8);
  marked.set(bytes);
  marked.set([0, NAME.length + 8, ...NAME], bytes.length);
  new DataView(marked.buffer).setFloat64(bytes.length + 2 + NAME.length, performance.timeOrigin + marks);
  return marked;
}
