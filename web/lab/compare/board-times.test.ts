import { expect, test } from 'vitest';
import type { BenchBoard } from '../calibration/board-bench.ts';
import type { BenchFigures } from '../calibration/bench-figures.ts';
import { boardTimes } from './board-times.ts';

const board: BenchBoard = { id: 'b', node: 'board-1', by: 'broker', kind: 'real', runtime: 'WAMR 2.4.3', firmware: '1.0.0', guest: null, problem: null };
const figures: BenchFigures = { steps: 40, usPerStep: 420, instructionsPerStep: 1764, wasmCallUs: 19, nativeCallUs: 0.9, wasmHostCallUs: 9.2, nativeHostCallUs: 0.4 };
const stepOf = (of: BenchBoard, measured: BenchFigures) => boardTimes(of, measured).rows.find(({ quantity }) => quantity === 'step');

// Else the sandbox seems to cost nothing, or native code to run in it.
test.each<[string, BenchBoard, BenchFigures, { wasmUs: number | null; nativeUs: number | null }]>([
  ['a guest in its runtime', board, figures, { wasmUs: 420, nativeUs: null }],
  ['a board that says that it runs native code', { ...board, runtime: 'native' }, figures, { wasmUs: null, nativeUs: 420 }],
  ['a board with nothing of wasm to measure', { ...board, runtime: null }, { ...figures, instructionsPerStep: null, wasmCallUs: null }, { wasmUs: null, nativeUs: 420 }],
])('the step of %s stands where it belongs', (_, of, measured, expected) => {
  expect(stepOf(of, measured)).toMatchObject(expected);
});
