/** What a world keeps that nobody looks at. In a file of its own, since the page's world never needs it. */
import { BriefLog } from './brief-log.ts';
import type { EventLog } from './event-log.ts';
import { nothingKept, type KeptHistory } from './kept-history.ts';

export interface Unobserved {
  log: EventLog;
  kept: KeptHistory;
}

/** For one world. */
export function unobserved(): Unobserved {
  return { log: new BriefLog(), kept: nothingKept };
}
