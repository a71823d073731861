/** The kinds of events: a word, a shape and a colour each; and which of them stand at one place of a chart. */
import type { EventKind, HistoryEvent } from '../../history/history-port.ts';
import { firstAfter, firstFrom } from './dense-line.ts';
import type { TimeWindow } from './time-window.ts';

interface EventLook {
  label: string;
  /** Drawn in a box of 12 by 12. */
  path: string;
  /** A colour token of the style sheet. */
  colour: string;
}

export const eventLooks: Record<EventKind, EventLook> = {
  fault: { label: 'Fault', colour: 'bad', path: 'M2.5 0 6 3.5 9.5 0 12 2.5 8.5 6 12 9.5 9.5 12 6 8.5 2.5 12 0 9.5 3.5 6 0 2.5Z' },
  anomaly: { label: 'Anomaly', colour: 'warn', path: 'M6 .5 12 11.5H0Z' },
  replacement: { label: 'Replacement', colour: 'fog', path: 'M.75.75h10.5v10.5H.75Z' },
  calibration: { label: 'Calibration', colour: 'cloud', path: 'M6 0l6 6-6 6-6-6Z' },
  mode: { label: 'Mode', colour: 'message-config', path: 'M.5 0h11L7.5 6l4 6H.5l4-6Z' },
  presence: { label: 'Presence', colour: 'edge', path: 'M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z' },
};

/** The gravest first: it is the one that is drawn where several stand together. */
const grave = Object.keys(eventLooks) as EventKind[];

export interface Mark {
  /** Share of the window's width. */
  share: number;
  kind: EventKind;
  /** First of them in the list, and how many there are. */
  first: number;
  count: number;
}

/** @param events in order of time, `timesMs` theirs; @param places how many marks fit side by side */
export function marksIn(events: readonly HistoryEvent[], timesMs: Float64Array, { fromMs, toMs }: TimeWindow, places: number): Mark[] {
  const marks: Mark[] = [];
  const end = firstAfter(timesMs, toMs);
  let place = -1;
  for (let i = firstFrom(timesMs, fromMs); i < end; i++) {
    const share = (timesMs[i]! - fromMs) / (toMs - fromMs);
    const { kind } = events[i]!;
    const last = marks.at(-1);
    if (last && Math.floor(share * places) === place) {
      last.count += 1;
      if (grave.indexOf(kind) < grave.indexOf(last.kind)) Object.assign(last, { kind, share });
      continue;
    }
    place = Math.floor(share * places);
    marks.push({ share, kind, first: i, count: 1 });
  }
  return marks;
}
