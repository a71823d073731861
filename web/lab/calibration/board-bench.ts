/** Boards that can be asked for a bench; the app finds them on cables and on the joined broker. */
import type { BenchFigures } from './bench-figures.ts';

export interface BenchBoard {
  /** Of this list alone. */
  id: string;
  /** Its name among nodes. */
  node: string;
  by: 'cable' | 'broker';
  /** A virtual or simulated board answers with the model's own figures: good for trying this page out, no measurement. */
  kind: 'real' | 'model';
  /** As it tells itself; null where it did not. */
  runtime: string | null;
  firmware: string | null;
  guest: { name: string; sha256: string } | null;
  /** Why it cannot be asked now, a sentence; null when it can. */
  problem: string | null;
}

export interface BoardBench {
  boards(): Promise<BenchBoard[]>;
  /** Some seconds. Rejects with a sentence; with the signal's reason when it is aborted. */
  bench(board: string, signal: AbortSignal): Promise<BenchFigures>;
}
