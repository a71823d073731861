/** Outcomes in a word for the table; colour and icon go with it and never alone. */
import type { Finding, NeighbourReport, Outcome, OutcomeKind, Spread } from '../../../lab/isolation/isolation-port.ts';
import { formatBytes, formatPlural, formatSi } from '../../parts/format.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

export const outcomeWords: Readonly<Record<OutcomeKind, { word: string; meaning: string; tone: Tone }>> = {
  refused: { word: 'refused', meaning: 'It never ran.', tone: 'good' },
  trapped: { word: 'trapped', meaning: 'The engine stopped it at the act.', tone: 'good' },
  rule: { word: 'ended', meaning: 'It broke a rule and was ended.', tone: 'good' },
  'out-of-budget': { word: 'stopped', meaning: 'It used up its instructions or its time and was stopped.', tone: 'good' },
  'call-refused': { word: 'call refused', meaning: 'The host said no, and it went on.', tone: 'good' },
  harmless: { word: 'harmless', meaning: 'It went on; what it got, if anything, can harm nobody.', tone: 'good' },
  'not-contained': { word: 'not contained', meaning: 'It got what it must not have, or took others down with it.', tone: 'bad' },
  'not-run': { word: 'not run', meaning: 'There is nothing to run here, or it cannot be had.', tone: 'quiet' },
};

/** The engine, the check...: who put an end to it; empty where nobody did. */
export function noticerOf(outcome: Outcome): string {
  return 'by' in outcome ? outcome.by : '';
}

/** The quickest to the slowest of a finding's variants; empty where nobody can tell. */
export function noticedIn({ variants }: Finding): string {
  const times = variants.flatMap(({ noticed }) => (noticed ? [noticed.medianMs] : []));
  if (times.length === 0) return '';
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return least === most ? formatMs(least) : `${formatMs(least)}–${formatMs(most)}`;
}

export function formatMs(ms: number): string {
  return formatSi(ms / 1000, 's');
}

export function spreadText({ medianMs, minMs, maxMs, count }: Spread): string {
  return count === 1 ? `${formatMs(medianMs)}, once` : `${formatMs(medianMs)} (${formatMs(minMs)} to ${formatMs(maxMs)}, ${count} runs)`;
}

/** What the neighbours felt, a sentence. */
export function neighbourText(report: NeighbourReport | null): string {
  if (report === null) return 'Not looked at.';
  const { who, bytesChanged, bytesCompared, resultsChanged, resultsCompared, longestExtraWaitMs, clock, lost } = report;
  if (lost) return `${capital(who)} did not survive it: what they shared with it was ended.`;
  const felt = [
    ...(bytesChanged === null || bytesCompared === null ? [] : [`${bytesChanged === 0 ? 'no byte' : formatPlural(bytesChanged, 'byte')} of ${formatBytes(bytesCompared)} changed`]),
    ...(resultsCompared === 0 ? [] : [`${resultsChanged === 0 ? 'none' : resultsChanged} of ${formatPlural(resultsCompared, 'result')} changed`]),
    ...(longestExtraWaitMs === null ? [] : [longestExtraWaitMs <= 0 ? 'nobody waited longer' : `the longest wait grew by ${formatMs(longestExtraWaitMs)}${clock === 'virtual' ? ' of virtual time' : ''}`]),
  ];
  return `${capital(who)}: ${felt.length === 0 ? 'nothing could be compared' : felt.join(', ')}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
