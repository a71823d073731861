/** Figures of a twin's divergence as people read them. */
import type { TwinDetail } from '../../../sim/bridge-snapshot.ts';
import { formatClock, formatCount, formatPlural } from '../../parts/format.ts';
import { intervalWords } from './mixed-words.ts';

/** One digit after the point; an en dash where there is nothing. */
export function tenths(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : '–';
}

/** With its sign, a real minus, and none on what rounds to zero. */
export function signed(value: number): string {
  const text = tenths(Math.abs(value));
  if (!Number.isFinite(value) || Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** How far apart the two are, in one sentence. */
export function apartWords({ rawError, percentError }: Pick<TwinDetail, 'rawError' | 'percentError'>): string {
  const points = tenths(percentError.meanAbsolute);
  return `On average ${tenths(rawError.meanAbsolute)} counts apart, which is ${points} percent points of moisture.`;
}

/** A share of comparisons; a rare event never reads as none, a rare exception never as all. */
function shareWords(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  if (percent < 0.1) return 'less than 0.1 %';
  if (percent > 99.9 && part < whole) return 'more than 99.9 %';
  return `${percent < 10 || percent > 99 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

export function decisionWords({ decisionsApart, comparisons }: Pick<TwinDetail, 'decisionsApart' | 'comparisons'>): string {
  if (decisionsApart === 0) return `never in ${formatPlural(comparisons, 'comparison')}`;
  return `${formatCount(decisionsApart)} of ${formatCount(comparisons)} times, ${shareWords(decisionsApart, comparisons)}`;
}

/** The twin's interval beside its board's. */
export function twinIntervalWords({ board, twin }: TwinDetail['intervalS']): string {
  const percent = (100 * (twin - board)) / board;
  if (!Number.isFinite(percent)) return intervalWords(twin);
  if (Math.abs(percent) < 0.05) return `${intervalWords(twin)}, the same`;
  return `${intervalWords(twin)}, ${Math.abs(percent).toFixed(1)} % ${percent < 0 ? 'shorter' : 'longer'}`;
}

/** When the soil was last aligned, in virtual time. */
export function alignedWords(alignedAtS: number | null): string {
  return alignedAtS === null ? 'Not aligned yet.' : `Last aligned at ${formatClock(alignedAtS * 1e6)} virtual time.`;
}

/** Labels of an axis that counts back from the last comparison; ticks in seconds, 0 or less, `stepS` apart. */
export function backLabels(ticksS: readonly number[], stepS: number): string[] {
  const [unit, perUnit] = stepS < 60 ? ['s', 1] : stepS < 3600 ? ['min', 60] : ['h', 3600];
  return ticksS.map((tick) => (tick === 0 ? 'last' : `−${-tick / perUnit} ${unit}`));
}
