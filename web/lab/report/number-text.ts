/** Numbers as a paper prints them. Every value is finite; what is not there has words of its own. */
import type { Interval } from './report-port.ts';

/** An en dash where a table has no number. */
export const noNumber = '–';

/** Significant digits, grouped by thousands; as a power of ten where zeros would hide the digits. */
export function numberText(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
    return `${Number(mantissa)} × 10${superscript(Number(exponent))}`.replace('-', '−');
  }
  return signed(value.toLocaleString('en', { maximumSignificantDigits: digits }));
}

/** A value and its interval with the decimals that the interval's width bears: two digits of its half. */
export function withInterval(value: number, { low, high }: Interval): { value: string; low: string; high: string } {
  const half = (high - low) / 2;
  const largest = Math.max(Math.abs(value), Math.abs(low), Math.abs(high));
  const decimals = half > 0 ? Math.max(0, 1 - Math.floor(Math.log10(half))) : 0;
  if (half <= 0 || decimals > 9 || largest >= 1e9) return { value: numberText(value, 6), low: numberText(low, 6), high: numberText(high, 6) };
  const fixed = (number: number) => signed(positiveZero(number, decimals).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return { value: fixed(value), low: fixed(low), high: fixed(high) };
}

/** `p < 0.001`, `p = 0.012`. */
export function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`;
}

/** Of an adjusted p-value. */
export function marksOf(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '***' : p < 0.01 ? '**' : p < 0.05 ? '*' : '';
}
export const marksMeaning = '* p < 0.05, ** p < 0.01, *** p < 0.001';

/** As it stands behind a number, with its space; a share has none. */
export function unitText(unit: string): string {
  const text = unit === 'us' ? 'µs' : unit === 'fraction' ? '' : unit;
  return text === '' ? '' : ` ${text}`;
}

function signed(text: string): string {
  return text.replace('-', '−');
}

function positiveZero(value: number, decimals: number): number {
  return Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value;
}

function superscript(exponent: number): string {
  return `${exponent}`.replace('-', '⁻').replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
}
