/** What the model says that running costs on an edge board, and the times that follow from it. */
import { parameter, parameterProblem, type ParameterId, type ParameterOverrides, type Parameters } from '../../sim/parameters.ts';
import { cpuUs } from '../../sim/runtime-profile.ts';
import { edgeRuntimes, type EdgeRuntime } from './edge-runtime.ts';

export interface Costs {
  nsPerInstruction: number;
  nsPerHostCall: number;
}

export function costIds(runtime: EdgeRuntime | 'native'): Record<keyof Costs, ParameterId> {
  return { nsPerInstruction: `cost.esp32.${runtime}.nsPerInstruction`, nsPerHostCall: `cost.esp32.${runtime}.nsPerHostCall` };
}

export function costsOf(parameters: Parameters, runtime: EdgeRuntime | 'native'): Costs {
  const ids = costIds(runtime);
  return { nsPerInstruction: parameters.get(ids.nsPerInstruction), nsPerHostCall: parameters.get(ids.nsPerHostCall) };
}

export function modelUs({ nsPerInstruction, nsPerHostCall }: Costs, instructions: number, crossings: number): number {
  return cpuUs({ label: '', nsPerInstruction, nsPerHostCall, runtimeBytes: 0 }, instructions, crossings);
}

/** The overrides under which a fleet has these costs and this runtime. */
export function overridesFor(costs: ParameterOverrides, runtime: EdgeRuntime): ParameterOverrides {
  return { ...costs, 'cost.edge.runtime': edgeRuntimes.indexOf(runtime) };
}

/** Why the models do not take these values, a sentence each: beyond their bounds they would be cut, and stand for nothing measured. */
export function boundProblems(overrides: ParameterOverrides): string[] {
  return (Object.entries(overrides) as [ParameterId, number][]).flatMap(([id, value]) => {
    const about = parameter(id);
    const problem = parameterProblem(about, value);
    return problem === null ? [] : [`${about.label} ${problem} in the models; ${Number(value.toPrecision(3))} was measured. Is the board an ESP32?`];
  });
}
