/** What running a guest costs in virtual time and memory on each tier, from the parameters. */
import type { Parameters } from './parameters.ts';
import type { Tier } from './snapshot.ts';
import type { Placement } from './strategy.ts';

export interface RuntimeProfile {
  label: string;
  nsPerInstruction: number;
  nsPerHostCall: number;
  /** Code and data of the runtime itself. */
  runtimeBytes: number;
}

const edgeRuntimes = ['classic', 'fast', 'aot'] as const;
const edgeLabels = {
  classic: 'WAMR classic interpreter',
  fast: 'WAMR fast interpreter',
  aot: 'WAMR ahead-of-time',
  native: 'native',
};

/** Null for a tier that only relays. */
export function runtimeProfile(tier: Tier, placement: Placement, parameters: Parameters): RuntimeProfile | null {
  if (placement === 'relay') return null;
  if (tier === 'edge') {
    const runtime =
      placement === 'native' ? 'native' : (edgeRuntimes[parameters.get('cost.edge.runtime')] ?? 'fast');
    return {
      label: edgeLabels[runtime],
      nsPerInstruction: parameters.get(`cost.esp32.${runtime}.nsPerInstruction`),
      nsPerHostCall: parameters.get(`cost.esp32.${runtime}.nsPerHostCall`),
      runtimeBytes: parameters.get(`cost.esp32.${runtime}.runtimeBytes`),
    };
  }
  const machine = tier === 'fog' ? 'pi4' : 'server';
  const runtime = placement === 'native' ? 'native' : 'wasmtime';
  return {
    label: placement === 'native' ? 'native' : 'Wasmtime',
    nsPerInstruction: parameters.get(`cost.${machine}.${runtime}.nsPerInstruction`),
    nsPerHostCall: parameters.get(`cost.${machine}.${runtime}.nsPerHostCall`),
    runtimeBytes: placement === 'native' ? 0 : parameters.get(`cost.${machine}.wasmtime.runtimeBytes`),
  };
}

/**
 * Virtual CPU time in microseconds, with its fraction: a server filters a reading in some nanoseconds.
 * @param crossings calls between host and guest, in either direction
 */
export function cpuUs(profile: RuntimeProfile, instructions: number, crossings: number): number {
  return (instructions * profile.nsPerInstruction + crossings * profile.nsPerHostCall) / 1000;
}
