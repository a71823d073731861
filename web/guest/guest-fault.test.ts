import { describe, expect, test } from 'vitest';
import { describeFault } from './guest-fault.ts';
import { trapCodes } from './wasm/transformed-names.ts';

describe('describeFault', () => {
  test.each([
    ['memory access out of bounds', /outside its own memory/],
    ['index out of bounds', /outside its own memory/],
    ['Out of bounds memory access (evaluating main)', /outside its own memory/],
    ['divide by zero', /divided by zero/],
    ['integer divide by zero', /divided by zero/],
    ['float unrepresentable in integer range', /did not fit/],
    ['null function or function signature mismatch', /function pointer/],
    ['unreachable executed', /abort or panic/],
  ])('"%s" becomes a sentence in every engine', (message, sentence) => {
    expect(describeFault(new WebAssembly.RuntimeError(message), trapCodes.none, 100)).toMatchObject({
      kind: 'trap',
      reason: expect.stringMatching(sentence) as string,
    });
  });

  test('the trap code tells a spent budget from the guest\'s own unreachable', () => {
    const fault = describeFault(new WebAssembly.RuntimeError('unreachable'), trapCodes.outOfFuel, 5_000_000);
    expect(fault).toMatchObject({ kind: 'budget', reason: expect.stringContaining('5,000,000') as string });
  });
});
