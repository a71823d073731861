/** What Wasmtime counted for a generated module against what the transform did. */
import type { Comparison } from './compare.ts';
import type { FuelCount } from './fuel-counter.ts';

/**
 * Returns what differs, or null. No counts are compared where a call trapped, since Wasmtime loses there what it
 * had not stored yet, nor for the start, where it fills globals and tables by code of its own; without `exact` none.
 */
export function countDifference(
  { invocations, behaviour }: NonNullable<Comparison['counted']>,
  counted: FuelCount,
  exact: boolean,
  memorySha256: string,
): string | null {
  if (behaviour.started !== counted.started) return `Wasmtime ${counted.started ? 'started' : 'did not start'} it`;
  if (!counted.started) return null;
  for (const [index, found] of behaviour.endings.entries()) {
    const expected = counted.calls[index]!;
    const call = `${invocations[index]!.name}(${invocations[index]!.values.join()})`;
    if ('trap' in expected) {
      // The depth of the stack is the engine's own affair.
      if (expected.trap === 'STACK_OVERFLOW') return null;
      if (found.values === null) continue;
      return `${call} gave ${found.text}, but Wasmtime trapped with ${expected.trap}`;
    }
    if (found.values?.join() !== expected.values.join()) {
      return `${call} gave ${found.values?.join() ?? found.text}, in Wasmtime ${expected.values.join()}`;
    }
    if (exact && found.retired !== expected.retired) {
      return `${call} took ${found.retired}, in Wasmtime ${expected.retired}`;
    }
  }
  const calls = behaviour.hostCalls;
  const differs = calls.findIndex(({ retired }, index) => exact && retired !== null && retired !== counted.hostRetired[index]);
  if (differs >= 0) {
    return `host call ${differs} came after ${calls[differs]!.retired}, in Wasmtime after ${counted.hostRetired[differs]}`;
  }
  return memorySha256 === counted.memory ? null : 'the memory differs from that in Wasmtime';
}
