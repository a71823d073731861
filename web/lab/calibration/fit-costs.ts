/**
 * Solves for the costs of a board's runtime. The model says that a stretch of running takes
 * instructions x nsPerInstruction + crossings x nsPerHostCall, so two measured times give both costs:
 *
 *     a call of `process`:  time = instructions x nsPerInstruction + 1 x nsPerHostCall
 *     a call of the host:   time = 1 x nsPerInstruction + 1 x nsPerHostCall      (the `call` itself is an instruction)
 *
 * Each bench is solved on its own; several of one board give means with intervals. Where a board measured one time only,
 * both costs are scaled by what the model is off by there.
 */
import type { ParameterOverrides } from '../../sim/parameters.ts';
import type { BenchFigures } from './bench-figures.ts';
import { costIds, modelUs, type Costs } from './edge-costs.ts';
import type { EdgeRuntime } from './edge-runtime.ts';
import { estimateOf, type Estimate } from './estimate.ts';
import type { Quantity } from './quantities.ts';
import type { WorkCounts } from './work-counts.ts';

export interface FitInput {
  /** Of one board with one guest; at least one. */
  benches: readonly BenchFigures[];
  work: WorkCounts;
  runtime: EdgeRuntime;
  /** Whether the steps were run by the guest compiled into the firmware. */
  nativeSteps: boolean;
  /** What the model says so far. */
  before: Record<'wasm' | 'native', Costs>;
}

export interface FittedCosts {
  side: 'wasm' | 'native';
  nsPerInstruction: Estimate;
  nsPerHostCall: Estimate;
  /** `scaled`: from one time alone, so the proportion of the two costs is still the model's. */
  method: 'solved' | 'scaled';
  /** The measured quantities it was made from; they cannot check it. */
  from: readonly Quantity[];
}

/** `problems` says of a side that could not be solved why, a sentence each. */
export type FitResult = { ok: true; fits: FittedCosts[]; problems: string[] } | { ok: false; reason: string };

/** Refuses figures that no board can have, with a sentence. */
export function fitCosts(input: FitInput): FitResult {
  const sides = (['wasm', 'native'] as const).map((side) => fitSide(input, side));
  const fits = sides.filter((side) => side !== null && typeof side !== 'string');
  const problems = sides.filter((side) => typeof side === 'string');
  if (fits.length > 0) return { ok: true, fits, problems };
  if (problems.length > 0) return { ok: false, reason: problems.join(' ') };
  return { ok: false, reason: 'Nothing can be solved for: the bench needs the time of a call or of a step, and the guest has to export what was called.' };
}

export function fittedOverrides(fits: readonly FittedCosts[], runtime: EdgeRuntime): ParameterOverrides {
  const entries = fits.flatMap(({ side, nsPerInstruction, nsPerHostCall }) => {
    const ids = costIds(side === 'wasm' ? runtime : 'native');
    return [[ids.nsPerInstruction, nsPerInstruction.value], [ids.nsPerHostCall, nsPerHostCall.value]] as const;
  });
  // More digits than the board's clock has would only make the address longer.
  return Object.fromEntries(entries.map(([id, value]) => [id, Number(value.toPrecision(6))]));
}

/** Null when nothing of this side was measured; a sentence when its figures cannot be. */
function fitSide({ benches, work, nativeSteps, before }: FitInput, side: 'wasm' | 'native'): FittedCosts | string | null {
  const [callKey, hostKey] = side === 'wasm' ? (['wasmCallUs', 'wasmHostCallUs'] as const) : (['nativeCallUs', 'nativeHostCallUs'] as const);
  const { processInstructions, stepInstructions, stepHostCalls } = work;
  const calls = present(benches, callKey);
  if (calls.length > 0 && processInstructions !== null) {
    if (calls.some((each) => each[callKey] === 0)) return `${sideWords[side]}: a call that takes no time cannot be. The clock of the bench is too coarse, or a figure was left at zero.`;
    const both = calls.filter((each) => each[hostKey] !== null);
    if (both.length > 0) return solved(side, both.map((each) => [each[callKey]!, each[hostKey]!] as const), processInstructions, [callKey, hostKey]);
    return scaled(side, before[side], calls.map((each) => each[callKey]! / modelUs(before[side], processInstructions, 1)), callKey);
  }
  const steps = present(benches, 'usPerStep').filter(({ usPerStep }) => usPerStep! > 0);
  if (steps.length === 0 || nativeSteps !== (side === 'native') || stepInstructions === null || stepHostCalls === null) return null;
  const predictedUs = modelUs(before[side], stepInstructions, stepHostCalls);
  return scaled(side, before[side], steps.map(({ usPerStep }) => usPerStep! / predictedUs), 'usPerStep');
}

const sideWords = { wasm: 'wasm', native: 'Native' } as const;

function present(benches: readonly BenchFigures[], key: keyof BenchFigures): BenchFigures[] {
  return benches.filter((each) => each[key] !== null);
}

function solve(callUs: number, hostCallUs: number, instructions: number): Costs {
  const nsPerInstruction = ((callUs - hostCallUs) * 1000) / (instructions - 1);
  return { nsPerInstruction, nsPerHostCall: hostCallUs * 1000 - nsPerInstruction };
}

/** The solution is linear in the times, so that the mean of the solutions is that of the mean times, which alone have to make sense. */
function solved(side: 'wasm' | 'native', times: readonly (readonly [callUs: number, hostCallUs: number])[], instructions: number, from: readonly Quantity[]): FittedCosts | string {
  if (instructions <= 1) return 'This guest\'s process does nothing that could be timed: choose the guest that the board ran.';
  const costs = times.map(([callUs, hostCallUs]) => solve(callUs, hostCallUs, instructions));
  const nsPerInstruction = estimateOf(costs.map((each) => each.nsPerInstruction));
  const nsPerHostCall = estimateOf(costs.map((each) => each.nsPerHostCall));
  const [callUs, hostCallUs] = [0, 1].map((at) => Number(estimateOf(times.map((each) => each[at]!)).value.toPrecision(3)));
  const told = `${sideWords[side]}: a call of process took ${callUs} µs and a host call ${hostCallUs} µs`;
  if (nsPerInstruction.value <= 0) {
    const why = side === 'native' ? 'Compiled in, a call may pass no border at all; then the model\'s two costs cannot be told apart.' : 'The figures were swapped, or are not of this guest.';
    return `${told}: nothing is left for the ${Math.round(instructions)} instructions of the call. ${why}`;
  }
  if (nsPerHostCall.value < 0) return `${told}: then one instruction takes ${nsPerInstruction.value.toPrecision(3)} ns, longer than a whole host call. The figures are not of this guest, or one is in another unit.`;
  return { side, nsPerInstruction, nsPerHostCall, method: 'solved', from };
}

function scaled(side: 'wasm' | 'native', { nsPerInstruction, nsPerHostCall }: Costs, factors: readonly number[], from: Quantity): FittedCosts {
  return {
    side,
    nsPerInstruction: estimateOf(factors.map((factor) => factor * nsPerInstruction)),
    nsPerHostCall: estimateOf(factors.map((factor) => factor * nsPerHostCall)),
    method: 'scaled',
    from: [from],
  };
}
