/** How long numbers are in JSON, without writing them. */

const NULL_BYTES = 4;

/**
 * Bytes of `JSON.stringify(value)`, for a number that has at most `decimals` decimals and is below 2^53 / 10^decimals
 * in size, or null. `decimals` is at most 6: below a millionth JavaScript writes exponents.
 */
export function decimalBytes(value: number | null, decimals: number): number {
  if (value === null) return NULL_BYTES;
  let scale = 1;
  for (let i = 0; i < decimals; i += 1) scale *= 10;
  let scaled = Math.round(Math.abs(value) * scale);
  let fraction = decimals;
  while (fraction > 0) {
    // Whole numbers below 2^53: the quotient is whole only where ten divides. A remainder of doubles would cost more.
    const tenth = scaled / 10;
    if (tenth !== Math.floor(tenth)) break;
    scaled = tenth;
    fraction -= 1;
  }
  const whole = digits(Math.floor(Math.abs(value)));
  return (value < 0 ? 1 : 0) + whole + (fraction > 0 ? 1 + fraction : 0);
}

/** Bytes of `JSON.stringify(value)`; quick for whole numbers. */
export function literalBytes(value: number): number {
  if (!Number.isSafeInteger(value)) return JSON.stringify(value).length;
  return (value < 0 ? 1 : 0) + digits(Math.abs(value));
}

const MAX_DIGITS = 16;

/** Decimal digits of a whole number from 0 to 2^53. */
export function digits(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < MAX_DIGITS; limit *= 10) count += 1;
  return count;
}
