/** Whether a module runs on a runtime, found by trying: it is brought there, and something of it is run. */
import { configDefaults } from '../../guest/abi.gen.ts';
import { GuestFaultError } from '../../guest/types.ts';
import type { GuestCall, LabRuntime, RuntimeGuest } from '../runtimes/runtime.ts';
import type { Portability } from './compare-port.ts';
import { loopScript } from './guest-inputs.ts';

/** A usual reading. */
const RAW = 1830;
/** Steps of `main` that have to pass. */
const STEPS = 3;

export async function tryModule(runtime: LabRuntime, name: string, bytes: Uint8Array): Promise<Portability> {
  const problem = await runtime.ready();
  if (problem !== null) return { kind: 'no-runtime', reason: problem };
  const admission = await runtime.admit(name, bytes);
  if (!admission.ok) return { kind: 'refused', reason: admission.reason };
  const { guest } = admission;
  try {
    const ran = [...(await tryCalls(guest)), ...(await tryMain(guest))];
    const note = runtime.id === 'native' ? 'The native code stands in for the module: nothing of its bytes ran.' : '';
    return { kind: 'runs', ran: ran.join('; '), note };
  } catch (error) {
    if (error instanceof GuestFaultError) return { kind: 'faulted', reason: error.fault.reason };
    throw error;
  } finally {
    guest.stop();
  }
}

async function tryCalls(guest: RuntimeGuest): Promise<string[]> {
  const { dry, wet, threshold } = configDefaults;
  const inputs: Record<GuestCall, readonly number[]> = { process: [RAW, dry, wet, threshold], filter_value: [RAW], detect_anomaly: [RAW] };
  const ran: string[] = [];
  for (const call of guest.calls) {
    const [result] = await guest.call(call, [inputs[call]]);
    ran.push(`${call}(${inputs[call].join(', ')}) = ${result}`);
  }
  return ran;
}

async function tryMain(guest: RuntimeGuest): Promise<string[]> {
  if (!guest.loops) return [];
  const { calls, end } = await guest.runLoop(loopScript(STEPS, 1));
  if (end.kind === 'fault') throw new GuestFaultError(end.fault);
  const steps = (calls.at(-1)?.step ?? -1) + 1;
  const how = end.kind === 'returned' ? ', then it returned' : end.kind === 'too-many-calls' ? ', then it called the host without end' : '';
  return [`main: ${steps} ${steps === 1 ? 'step' : 'steps'} with ${calls.length} host calls${how}`];
}
