/** The model's predictions beside a board's measurements, under the costs before and after. */
import type { BenchFigures } from './bench-figures.ts';
import { modelUs, type Costs } from './edge-costs.ts';
import { estimateOf, type Estimate } from './estimate.ts';
import type { FittedCosts } from './fit-costs.ts';
import { quantities, type Quantity } from './quantities.ts';
import type { WorkCounts } from './work-counts.ts';

export interface Prediction {
  quantity: Quantity;
  measured: Estimate;
  /** Null where the guest has no such work to predict from; `after` also where no costs were solved for. */
  before: number | null;
  after: number | null;
  /** `fitted`: the costs were made from it, so agreement says nothing; `predicted`: the honest check; `counted`: no cost is in it. */
  role: 'fitted' | 'predicted' | 'counted';
}

export interface PredictInput {
  benches: readonly BenchFigures[];
  work: WorkCounts;
  nativeSteps: boolean;
  before: Record<'wasm' | 'native', Costs>;
  fits: readonly FittedCosts[];
}

/** Of what was measured at all. */
export function predict({ benches, work, nativeSteps, before, fits }: PredictInput): Prediction[] {
  const after: Partial<Record<'wasm' | 'native', Costs>> = {};
  for (const { side, nsPerInstruction, nsPerHostCall } of fits) after[side] = { nsPerInstruction: nsPerInstruction.value, nsPerHostCall: nsPerHostCall.value };
  const used = new Set(fits.flatMap(({ from }) => from));
  return quantities.flatMap((quantity): Prediction[] => {
    const values = benches.map((each) => each[quantity]).filter((value) => value !== null);
    if (values.length === 0) return [];
    const role = quantity === 'instructionsPerStep' ? 'counted' : used.has(quantity) ? 'fitted' : 'predicted';
    const under = (costs: typeof after): number | null => predicted(quantity, costs, work, nativeSteps);
    return [{ quantity, measured: estimateOf(values), before: under(before), after: under(after), role }];
  });
}

/** Of the prediction, relative to what was measured; null where there is none. */
export function relativeError(predictedValue: number | null, { value }: Estimate): number | null {
  return predictedValue === null || value === 0 ? null : (predictedValue - value) / value;
}

function predicted(quantity: Quantity, { wasm, native }: Partial<Record<'wasm' | 'native', Costs>>, work: WorkCounts, nativeSteps: boolean): number | null {
  const { processInstructions, stepInstructions, stepHostCalls } = work;
  switch (quantity) {
    case 'wasmCallUs':
      return priced(wasm, processInstructions, 1);
    case 'nativeCallUs':
      return priced(native, processInstructions, 1);
    case 'wasmHostCallUs':
      return priced(wasm, 1, 1);
    case 'nativeHostCallUs':
      return priced(native, 1, 1);
    case 'usPerStep':
      return priced(nativeSteps ? native : wasm, stepInstructions, stepHostCalls);
    case 'instructionsPerStep':
      return stepInstructions;
  }
}

function priced(costs: Costs | undefined, instructions: number | null, crossings: number | null): number | null {
  return costs === undefined || instructions === null || crossings === null ? null : modelUs(costs, instructions, crossings);
}
