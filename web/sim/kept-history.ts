/** How much of its past a node keeps: a large fleet shares what a few nodes may have each. */
import type { JournalSize } from './journal.ts';

export interface KeptHistory {
  journal: JournalSize;
  /** Rows of its series. */
  seriesRows: number;
  /** Readings over which the quantiles of its latency and CPU time are taken. */
  readings: number;
  /** Of the whole fleet's log. */
  logEvents: number;
}

/** Events of the log; those of a large fleet pass in a moment, and only keep memory busy. */
const LOG_EVENTS = 65_536;
const FLEET_LOG_EVENTS = 8_192;

/** What fog and cloud keep, and the largest share of an edge node. */
export const wholeHistory: KeptHistory = {
  journal: { consoleLines: 500, messages: 200 },
  seriesRows: 4096,
  readings: 256,
  logEvents: LOG_EVENTS,
};

/** In a larger fleet a node keeps its messages from the time on when somebody looks at it: they would fill the tab. */
const MOST_WITH_MESSAGES = 1000;
const FLEET_CONSOLE_LINES = 200_000;
const FLEET_ROWS = 2_000_000;
const FLEET_READINGS = 160_000;

export function keptHistory(edgeNodes: number): KeptHistory {
  const share = (ofFleet: number, least: number, most: number): number =>
    Math.max(least, Math.min(most, Math.floor(ofFleet / edgeNodes)));
  const { journal, seriesRows, readings } = wholeHistory;
  const small = edgeNodes <= MOST_WITH_MESSAGES;
  return {
    journal: {
      consoleLines: share(FLEET_CONSOLE_LINES, 10, journal.consoleLines),
      messages: small ? journal.messages : 0,
    },
    seriesRows: share(FLEET_ROWS, 100, seriesRows),
    readings: share(FLEET_READINGS, 8, readings),
    logEvents: small ? LOG_EVENTS : FLEET_LOG_EVENTS,
  };
}
