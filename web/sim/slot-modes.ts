/** What an edge node's place can be used for. */
import type { SlotMode } from './bridge-snapshot.ts';

export const NOT_JOINED = 'Join a broker first: real nodes are found there.';

/** Why it cannot be used so, as a sentence, or null. */
export function modesOf({ bridge }: { bridge: object | null }): Record<SlotMode, string | null> {
  const apart = bridge ? null : NOT_JOINED;
  return { simulated: null, real: apart, twin: apart };
}
