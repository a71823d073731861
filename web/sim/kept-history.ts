/** How much of its past a node keeps: a large fleet shares what a few nodes may have each. */
import type { JournalSize } from './journal.ts';

export interface KeptHistory {
  journal: JournalSize;
  /** Rows of its series. */
  seriesRows: number;
  /** Readings over which the quantiles of its latency and CPU time are taken. */
  readings: number;
  /** Of fog and cloud each. */
  tier: { journal: JournalSize; readings: number };
  /** Of the whole fleet's log. */
  logEvents: number;
}

/** Of a run that nobody looks at. */
export const nothingKept: KeptHistory = {
  journal: { consoleLines: 0, messages: 0 },
  seriesRows: 0,
  readings: 0,
  tier: { journal: { consoleLines: 0, messages: 0 }, readings: 0 },
  logEvents: 0,
};

/** Events of the log; those of a large fleet pass in a moment, and only keep memory busy. */
const LOG_EVENTS = 65_536;
const FLEET_LOG_EVENTS = 8_192;

/** The largest share of an edge node. */
export const wholeHistory: KeptHistory = {
  journal: { consoleLines: 500, messages: 200 },
  seriesRows: 4096,
  readings: 256,
  tier: { journal: { consoleLines: 500, messages: 200 }, readings: 512 },
  logEvents: LOG_EVENTS,
};

/**
 * In a larger fleet a node keeps its messages, series and latencies from the time on when somebody looks at it: those
 * of all would fill the tab, and to write them down would cost more than the simulation.
 */
const MOST_WITH_HISTORY = 1000;
const FLEET_CONSOLE_LINES = 200_000;

export function keptHistory(edgeNodes: number): KeptHistory {
  const share = (ofFleet: number, least: number, most: number): number =>
    Math.max(least, Math.min(most, Math.floor(ofFleet / edgeNodes)));
  const { journal, seriesRows, readings, tier } = wholeHistory;
  const small = edgeNodes <= MOST_WITH_HISTORY;
  return {
    journal: {
      consoleLines: share(FLEET_CONSOLE_LINES, 10, journal.consoleLines),
      messages: small ? journal.messages : 0,
    },
    seriesRows: small ? seriesRows : 0,
    readings: small ? readings : 0,
    tier,
    logEvents: small ? LOG_EVENTS : FLEET_LOG_EVENTS,
  };
}
