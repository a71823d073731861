/** The lines that the WASI build of the irrigation guest takes and gives: `guest-c/src/lines.h`. */
import * as v from 'valibot';
import { Verdict } from '../../guest/abi.gen.ts';
import { GuestFaultError } from '../../guest/types.ts';
import type { CallInput, GuestCall } from './runtime.ts';

/** `ema` is written so. */
export const FILTER_DECIMALS = 2;

const answer = v.object({ pct: v.number(), irrigar: v.picklist([0, 1]), ema: v.number(), anomaly: v.number() });

export function lineOf(input: CallInput): string {
  return `${input.join(',')}\n`;
}

/** What the function gave, whichever line it came in. Throws `GuestFaultError` for a line that is no answer. */
export function resultOf(call: GuestCall, line: string): number {
  const parsed = parse(line);
  if (!parsed) throw new GuestFaultError({ kind: 'rule', reason: `It answered with a line that is no reading: ${JSON.stringify(line.slice(0, 80))}.` });
  switch (call) {
    case 'process':
      return parsed.pct | (parsed.irrigar === 1 ? Verdict.irrigateBit : 0);
    case 'filter_value':
      return parsed.ema;
    case 'detect_anomaly':
      return parsed.anomaly;
  }
}

function parse(line: string): v.InferOutput<typeof answer> | null {
  try {
    const result = v.safeParse(answer, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
