/** What a bench measures and the model predicts. */
import type { BenchFigures } from './bench-figures.ts';

export const quantities = ['wasmCallUs', 'wasmHostCallUs', 'nativeCallUs', 'nativeHostCallUs', 'usPerStep', 'instructionsPerStep'] as const satisfies (keyof BenchFigures)[];
export type Quantity = (typeof quantities)[number];

export const quantityWords: Readonly<Record<Quantity, { label: string; unit: 'µs' | ''; meaning: string }>> = {
  wasmCallUs: { label: 'One call, wasm', unit: 'µs', meaning: 'A call of process from the host, with entering the guest' },
  wasmHostCallUs: { label: 'One host call, wasm', unit: 'µs', meaning: 'A get_config from inside the guest, without the loop around it' },
  nativeCallUs: { label: 'One call, native', unit: 'µs', meaning: 'The same process compiled into the firmware' },
  nativeHostCallUs: { label: 'One host call, native', unit: 'µs', meaning: 'The same get_config called from native code' },
  usPerStep: { label: 'One step', unit: 'µs', meaning: 'CPU time of a whole sample cycle, with what the host functions do in it: publish, print, switch' },
  instructionsPerStep: { label: 'Instructions of a step', unit: '', meaning: 'As the board counts, beside the transformed module: WAMR’s fast interpreter folds constants and locals into others and counts fewer' },
};
