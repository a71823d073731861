/** Turns what an engine throws into a sentence for the person whose guest it is. */
import { GuestFaultError, type GuestFault } from './types.ts';
import { trapCodes } from './wasm/transformed-names.ts';

const OUT_OF_BOUNDS = 'The guest accessed an address outside its own memory.';

/** Engines word their traps differently; each pattern names the trap in V8, SpiderMonkey and JavaScriptCore. */
const trapSentences: [RegExp, string][] = [
  [/out of bounds|out-of-bounds/i, OUT_OF_BOUNDS],
  [/divi(de|sion) by zero|remainder by zero/i, 'The guest divided by zero.'],
  [/overflow|unrepresentable/i, 'A number in the guest did not fit its type (integer overflow in a division or conversion).'],
  [/null function|signature|indirect call|table/i, 'The guest called a function pointer that is empty or of another type.'],
  [/unreachable/i, 'The guest executed `unreachable`: its own abort or panic.'],
];

/**
 * @param error what the call into the guest threw
 * @param trapCode the module's trap global after the throw
 * @param budget the slice's instruction budget, for the sentence
 */
export function describeFault(error: unknown, trapCode: number, budget: number): GuestFault {
  if (error instanceof GuestFaultError) return error.fault;
  if (trapCode === trapCodes.outOfFuel) {
    return {
      kind: 'budget',
      reason: `The guest ran ${budget.toLocaleString('en')} instructions without a pause and was stopped. A loop guest has to call delay_ms or read_sensor.`,
    };
  }
  if (trapCode === trapCodes.outOfBounds) return { kind: 'trap', reason: OUT_OF_BOUNDS };
  if (error instanceof RangeError) {
    return { kind: 'trap', reason: 'The guest ran out of stack: its calls are nested too deeply.' };
  }
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason] of trapSentences) if (pattern.test(message)) return { kind: 'trap', reason };
  return { kind: 'trap', reason: `The guest trapped: ${message}.` };
}
