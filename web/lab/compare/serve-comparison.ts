/** The thread's side of a comparison: does one order at a time, and beats while it is not stuck in a module. */
import { expose } from 'comlink';
import { Comparison, type ComparisonSetup } from './comparison.ts';
import type { Progress } from './compare-port.ts';

export const BEAT_MS = 500;

/** Methods of `Comparison`, as they travel: `told` in the place of the work, where a method has one. */
export interface ServedComparison {
  begin(setup: ComparisonSetup): void;
  /** @param beat called without progress while the order runs and the thread is free */
  run(method: ComparisonMethod, values: unknown[], beat: (progress: Progress | null) => void): Promise<unknown>;
}

export type ComparisonMethod = 'inspect' | 'disassemble' | 'cost' | 'behaviour' | 'times' | 'coldStarts' | 'tryModule';

/** Called once, in a worker. */
export function serveComparison(): void {
  let comparison: Comparison | null = null;
  const served: ServedComparison = {
    begin(setup) {
      comparison = new Comparison(setup);
    },
    async run(method, values, beat) {
      if (!comparison) throw new Error('The comparison has not begun.');
      const timer = setInterval(() => beat(null), BEAT_MS);
      try {
        const call = comparison[method] as (...values: unknown[]) => Promise<unknown>;
        return await call.call(comparison, ...values, { told: beat });
      } finally {
        clearInterval(timer);
      }
    },
  };
  expose(served);
}
