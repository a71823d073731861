import type { Tone } from './node-words.ts';

const anomalies: readonly { word: string; tone: Tone }[] = [
  { word: 'none', tone: 'plain' },
  { word: 'spike', tone: 'warn' },
  { word: 'stuck', tone: 'warn' },
  { word: 'out of range', tone: 'bad' },
];

/** What an anomaly code of the guest ABI means. */
export function anomalyWords(code: number): { word: string; tone: Tone } {
  return anomalies[code] ?? { word: `code ${code}`, tone: 'warn' };
}
