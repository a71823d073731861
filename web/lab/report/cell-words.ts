/** Factors, their levels and the cells they make, in words. */
import { factorNames, type Cell, type FactorName } from '../experiment/experiment.ts';
import { linkChoices } from '../measure/link-choices.ts';
import { weatherChoices } from '../measure/weather-choices.ts';
import type { Report } from './report-port.ts';

export const factorTitles: Record<FactorName, string> = {
  strategy: 'Strategy',
  guest: 'Guest',
  nodes: 'Edge nodes',
  link: 'Link',
  periodS: 'Sampling period (s)',
  weather: 'Weather',
};

const guests: Readonly<Record<string, string>> = { c: 'C', rust: 'Rust' };

/** Short, as a picture has room for: `A`, `Rust`, `100 nodes`, `60 s`. */
export function levelText(name: FactorName, { [name]: level }: Pick<Cell, FactorName>): string {
  switch (name) {
    case 'strategy':
      return `${level}`;
    case 'guest':
      // Any other is named by its SHA-256.
      return guests[level] ?? `${level}`.slice(0, 8);
    case 'nodes':
      return `${level.toLocaleString('en')} ${level === 1 ? 'node' : 'nodes'}`;
    case 'periodS':
      return `${level.toLocaleString('en')} s`;
    case 'link':
      return linkChoices[level]?.label ?? `${level}`;
    case 'weather':
      return weatherChoices[level]?.label ?? `${level}`;
  }
}

/** By these factors; `the one cell` where there are none. */
export function cellText(cell: Cell, names: readonly FactorName[]): string {
  return names.length === 0 ? 'the one cell' : names.map((name) => levelText(name, cell)).join(' · ');
}

/** In a sentence: `strategy A with guest C, 100 nodes`. */
export function cellPhrase(cell: Cell, names: readonly FactorName[]): string {
  const [first, ...rest] = names.map((name) => phraseOf(name, cell));
  if (first === undefined) return 'the one cell';
  return rest.length === 0 ? first : `${first} with ${rest.join(', ')}`;
}

/** Factors in which compared cells differ, and those that they share. */
export function comparedBy({ experiment, varying }: Pick<Report, 'experiment' | 'varying'>): { own: FactorName[]; shared: FactorName[] } {
  const own = factorNames.filter((name) => experiment.baseline[name] !== undefined && varying.includes(name));
  return { own, shared: varying.filter((name) => !own.includes(name)) };
}

function phraseOf(name: FactorName, cell: Cell): string {
  const text = levelText(name, cell);
  if (name === 'nodes') return text;
  return name === 'periodS' ? `a period of ${text}` : `${name} ${text}`;
}
