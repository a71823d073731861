/** What a board answered to `bench`, as rows beside those that the page measured. */
import { steppedNatively, type BenchFigures } from '../calibration/bench-figures.ts';
import type { BenchBoard } from '../calibration/board-bench.ts';
import type { BoardTimes } from './compare-port.ts';

export function boardTimes(board: BenchBoard, figures: BenchFigures): BoardTimes {
  const { usPerStep } = figures;
  const native = steppedNatively(board.runtime, figures);
  return {
    board: board.node,
    model: board.kind === 'model',
    rows: [
      { quantity: 'process', wasmUs: figures.wasmCallUs, nativeUs: figures.nativeCallUs },
      { quantity: 'host-call', wasmUs: figures.wasmHostCallUs, nativeUs: figures.nativeHostCallUs },
      { quantity: 'step', wasmUs: native ? null : usPerStep, nativeUs: native ? usPerStep : null },
    ],
  };
}
