/** Two modules on the same inputs: whether they do the same, and if not, where they part first. */
import { GuestFaultError } from '../../guest/types.ts';
import type { LoopTrace } from '../runtimes/loop-script.ts';
import { guestCalls, type CallInput, type GuestCall, type LabRuntime, type RuntimeGuest } from '../runtimes/runtime.ts';
import type { BehaviourOrder, BehaviourReport, CallComparison, CallOutcome, ComparedModule, LoopComparison, Work } from './compare-port.ts';
import { callInputs, loopScript } from './guest-inputs.ts';
import { Pace } from './work-pace.ts';

/** Of a comparison that differs, shown before it. */
const CALLS_BEFORE = 8;

/** @param runtimes in the order they are tried; the first that takes a module runs it */
export async function compareBehaviour(
  runtimes: readonly LabRuntime[],
  a: ComparedModule,
  b: ComparedModule,
  order: BehaviourOrder,
  work: Work,
): Promise<BehaviourReport> {
  const admitted = [await admit(runtimes, a), await admit(runtimes, b)];
  const refusal = admitted.find((each) => typeof each === 'string');
  const [ofA, ofB] = admitted;
  if (typeof ofA === 'string' || typeof ofB === 'string' || !ofA || !ofB) {
    const reason = refusal as string;
    const calls = guestCalls.map((of): CallComparison => ({ of, kind: 'not-compared', reason }));
    return { order, runtimes: null, calls, loop: { kind: 'not-compared', reason } };
  }
  const pace = new Pace(work, guestCalls.length + 1);
  try {
    const calls: CallComparison[] = [];
    for (const call of guestCalls) {
      await pace.begin(`${call} of both`);
      calls.push(await compareCalls(call, a, b, ofA, ofB, order, pace));
    }
    await pace.begin('main of both');
    const loop = await compareLoops(a, b, ofA, ofB, order);
    return { order, runtimes: { a: ofA.runtime, b: ofB.runtime }, calls, loop };
  } finally {
    ofA.stop();
    ofB.stop();
  }
}

async function admit(runtimes: readonly LabRuntime[], module: ComparedModule): Promise<RuntimeGuest | string> {
  const reasons: string[] = [];
  for (const runtime of runtimes) {
    const problem = await runtime.ready();
    const admission = problem === null ? await runtime.admit(module.name, module.bytes) : { ok: false as const, reason: problem };
    if (admission.ok) return admission.guest;
    reasons.push(`${runtime.title}: ${admission.reason}`);
  }
  return `${module.name} runs nowhere here. ${[...new Set(reasons)].join(' ')}`;
}

async function compareCalls(
  of: GuestCall,
  a: ComparedModule,
  b: ComparedModule,
  ofA: RuntimeGuest,
  ofB: RuntimeGuest,
  order: BehaviourOrder,
  pace: Pace,
): Promise<CallComparison> {
  const without = [ofA.calls.includes(of) ? null : a.name, ofB.calls.includes(of) ? null : b.name].filter((name) => name !== null);
  if (without.length > 0) return { of, kind: 'not-compared', reason: `${without.join(' and ')} ${without.length > 1 ? 'export' : 'exports'} no \`${of}\`.` };
  const decimals = of === 'filter_value' ? (ofA.filterDecimals ?? ofB.filterDecimals) : null;
  const note = decimals === null ? '' : `Compared to ${decimals} decimals, as a WASI program writes its results.`;
  const inputs = callInputs(of, order.inputs, order.seed);
  let faults = 0;
  for (const [index, input] of inputs.entries()) {
    const [outA, outB] = [await callOnce(ofA, of, input), await callOnce(ofB, of, input)];
    if (!same(outA, outB, decimals)) {
      return { of, kind: 'different', index, input, a: outA, b: outB, before: inputs.slice(Math.max(0, index - CALLS_BEFORE), index), note };
    }
    if ('fault' in outA) faults += 1;
    await pace.breathe();
  }
  return { of, kind: 'equal', inputs: inputs.length, faults, note };
}

async function callOnce(guest: RuntimeGuest, call: GuestCall, input: CallInput): Promise<CallOutcome> {
  try {
    const [value] = await guest.call(call, [input]);
    return { value: value! };
  } catch (error) {
    if (error instanceof GuestFaultError) return { fault: error.fault.reason };
    throw error;
  }
}

/** Bit for bit, but that all NaN are one; engines word the same trap alike, since one of ours describes it. */
function same(a: CallOutcome, b: CallOutcome, decimals: number | null): boolean {
  if ('fault' in a || 'fault' in b) return 'fault' in a && 'fault' in b && a.fault === b.fault;
  if (decimals === null) return Object.is(a.value, b.value);
  // Rounded halves may fall to either side.
  return Math.abs(a.value - b.value) <= 10 ** -decimals;
}

async function compareLoops(a: ComparedModule, b: ComparedModule, ofA: RuntimeGuest, ofB: RuntimeGuest, order: BehaviourOrder): Promise<LoopComparison> {
  const without = [ofA.loops ? null : a.name, ofB.loops ? null : b.name].filter((name) => name !== null);
  if (without.length > 0) return { kind: 'not-compared', reason: `${without.join(' and ')} ${without.length > 1 ? 'have' : 'has'} no \`main\` of the guest ABI.` };
  const script = loopScript(order.steps, order.seed);
  const [traceA, traceB] = [await ofA.runLoop(script), await ofB.runLoop(script)];
  return compareTraces(traceA, traceB, script.sensor);
}

/** By the names and arguments of the calls, texts in full, and by how they end. */
export function compareTraces(a: LoopTrace, b: LoopTrace, sensor: readonly number[]): LoopComparison {
  const length = Math.max(a.calls.length, b.calls.length);
  const shown = ({ calls }: LoopTrace, at: number) => JSON.stringify([calls[at]?.name, ...(calls[at]?.values ?? [])]);
  let index = 0;
  while (index < length && shown(a, index) === shown(b, index)) index += 1;
  if (index === length && JSON.stringify(a.end) === JSON.stringify(b.end)) {
    const steps = (a.calls.at(-1)?.step ?? -1) + 1;
    return { kind: 'equal', steps, hostCalls: length, end: a.end };
  }
  const [callA, callB] = [a.calls[index] ?? null, b.calls[index] ?? null];
  const step = (callA ?? callB ?? a.calls.at(-1))?.step ?? -1;
  return {
    kind: 'different',
    ...{ step, index, a: callA, b: callB, aEnd: a.end, bEnd: b.end },
    sensor: sensor[step] ?? null,
    before: a.calls.slice(Math.max(0, index - CALLS_BEFORE), index),
  };
}
