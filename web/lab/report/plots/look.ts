/** Colours, symbols, dashes and patterns of plots. Colour never tells alone: each series has a symbol and a dash too, each part of a bar a pattern. */
import type { PlotLook } from '../report-port.ts';

export interface Colours {
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  series: readonly string[];
}

/**
 * By the palette of M. Okabe and K. Ito, Color Universal Design, 2008, which people of every colour vision tell apart;
 * yellow and orange are darkened, as thin lines of them are lost on white. On dark ground the lighter of the palette.
 */
const pairs: readonly (readonly [onLight: string, onDark: string])[] = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff8c42'],
  ['#009e73', '#35d0a5'],
  ['#aa4a83', '#e79ccb'],
  ['#000000', '#f0f0f0'],
  ['#a87400', '#f0c04a'],
  ['#3a93cf', '#a5d8ff'],
  ['#6b6b6b', '#a8a8a8'],
];

const inks: Readonly<Record<Exclude<keyof Colours, 'series'>, readonly [onLight: string, onDark: string]>> = {
  ink: ['#17201a', '#e8ede9'],
  quiet: ['#4b574f', '#a9b5ad'],
  line: ['#d9ddd7', '#2e3631'],
  ground: ['#ffffff', '#181d1a'],
};

const names = { ink: '--report-ink', quiet: '--report-quiet', line: '--report-line', ground: '--report-ground' } as const;

export function coloursOf({ theme }: PlotLook): Colours {
  if (theme === 'print') return { ink: inks.ink[0], quiet: inks.quiet[0], line: inks.line[0], ground: inks.ground[0], series: pairs.map(([light]) => light) };
  const inVariables = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `var(${name})`])) as Record<keyof typeof names, string>;
  return { ...inVariables, series: pairs.map((_, at) => `var(--report-series-${at})`) };
}

/** What the page's plots name their colours by, so that they follow its scheme without being drawn again. */
export function setVariables(svg: SVGSVGElement): void {
  for (const key of Object.keys(names) as (keyof typeof names)[]) svg.style.setProperty(names[key], `light-dark(${inks[key].join(', ')})`);
  pairs.forEach((pair, at) => svg.style.setProperty(`--report-series-${at}`, `light-dark(${pair.join(', ')})`));
}

export const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross', 'asterisk'] as const;
export const dashes = ['', '7 3', '2 2.5', '9 3 2 3', '14 4', '4 4', '9 3 2 3 2 3', '1 4'] as const;

/** Levels beyond the eighth begin again: their names stand beside them. */
export function pick<T>(from: readonly T[], at: number): T {
  return from[at % from.length]!;
}

export const fontPx = 12;
export const fontFamily = 'sans-serif';

/** Chosen: what a character of a sans-serif takes on average, of its size, with a little to spare. */
const CHARACTER = 0.57;

export function textWidth(text: string): number {
  return text.length * CHARACTER * fontPx;
}

/** On lines that are no wider, broken between words. */
export function wrap(text: string, widthPx: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`) <= widthPx) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
