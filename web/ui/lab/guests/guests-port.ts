/** What the guests tab is given; `web/app/lab-guests.ts` makes it. */
import type { BoardBench } from '../../../lab/calibration/board-bench.ts';
import type { ComparedModule, ComparePort } from '../../../lab/compare/compare-port.ts';

export interface GuestsPort {
  compare: ComparePort;
  bench: BoardBench;
  /** The built-in guests, C and Rust first, then those that were added to the page. */
  modules(): Promise<ComparedModule[]>;
  /** Any module, also one that no node would take; rejects with a sentence for a file that is no WebAssembly. */
  read(file: File): Promise<ComparedModule>;
}

export interface GuestsTabProps {
  port: GuestsPort;
}
