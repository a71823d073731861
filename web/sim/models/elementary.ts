/**
 * exp, ln, sin, cos, acos and friends from correctly rounded operations only (+ - * / and square
 * root). ECMAScript leaves the last bits of `Math.exp` and its kin to the engine (ECMA-262, section
 * 21.3.2), and one different bit would give another event log on another browser. Each function
 * here is within 1e-15 (relative) of the true value over the range that its comment states.
 *
 * Method: textbook argument reduction, then the Taylor series summed by Horner's rule
 * (Muller, "Elementary Functions: Algorithms and Implementation", chapters 3 and 11).
 */

export const PI = 3.141592653589793;

/** ln 2 as a sum: the first part has 32 significant bits, so its product with an exponent is exact. */
const LN2_HIGH = 0.693147180369123816490;
const LN2_LOW = 1.90821492927058770002e-10;
/** pi/2 as a sum of three parts; the first two have 33 significant bits each. */
const HALF_PI_HIGH = 1.57079632673412561417;
const HALF_PI_MIDDLE = 6.07710050630396597660e-11;
const HALF_PI_LOW = 2.02226624879595063154e-21;

const POWER_BIAS = 1022;
/** 2^k for k from -1022 to 1023, each exact. */
const powersOfTwo = new Float64Array(2046);
powersOfTwo[POWER_BIAS] = 1;
for (let k = 1; k <= 1023; k++) powersOfTwo[POWER_BIAS + k] = powersOfTwo[POWER_BIAS + k - 1]! * 2;
for (let k = 1; k <= 1022; k++) powersOfTwo[POWER_BIAS - k] = powersOfTwo[POWER_BIAS - k + 1]! / 2;

const reciprocalFactorials = new Float64Array(19);
for (let n = 0, factorial = 1; n < 19; factorial *= ++n) reciprocalFactorials[n] = 1 / factorial;

/** e to the power x; 0 below -708 and Infinity above 709, so subnormal results are never made. */
export function exp(x: number): number {
  if (x !== x) return x;
  if (x > 709) return Infinity;
  if (x < -708) return 0;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // Written out rather than looped: this runs for every latency drawn.
  const last = 1 / 39916800 + r * (1 / 479001600 + r / 6227020800);
  const tail = r * (1 / 362880 + r * (1 / 3628800 + r * last));
  const middle = r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + tail)));
  const sum = 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + middle)));
  // 1 + (r + r^2 * rest) loses less than one Horner chain down to 1.
  return (1 + (r + r * r * sum)) * powersOfTwo[POWER_BIAS + k]!;
}

const bits = new DataView(new ArrayBuffer(8));

/** Natural logarithm of a normal positive number; NaN for anything else, -Infinity for 0. */
export function ln(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x >= 2.2250738585072014e-308)) return NaN;
  if (x === Infinity) return x;
  bits.setFloat64(0, x);
  let exponent = (bits.getUint32(0) >>> 20) - 1023;
  let mantissa = x / powersOfTwo[POWER_BIAS + Math.min(exponent, 1023)]!;
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), and |s| <= 0.172.
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const tail = z * (1 / 17 + z * (1 / 19 + z * (1 / 21 + z * (1 / 23 + z * (1 / 25)))));
  const middle = z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + tail))));
  const sum = 1 / 3 + z * (1 / 5 + z * (1 / 7 + middle));
  return exponent * LN2_HIGH + (2 * s + (2 * s * z * sum + exponent * LN2_LOW));
}

function sinSeries(r: number): number {
  const z = r * r;
  let sum = reciprocalFactorials[17]!;
  for (let n = 15; n >= 3; n -= 2) sum = reciprocalFactorials[n]! - sum * z;
  return r - r * z * sum;
}

function cosSeries(r: number): number {
  const z = r * r;
  let sum = reciprocalFactorials[18]!;
  for (let n = 16; n >= 4; n -= 2) sum = reciprocalFactorials[n]! - sum * z;
  return 1 - (z / 2 - z * z * sum);
}

/** Sine of the angle `x + quarterTurns * pi/2`, for |x| up to about 1e5 radians. */
function sinQuarter(x: number, quarterTurns: number): number {
  const turns = Math.floor(x / (PI / 2) + 0.5);
  const r = x - turns * HALF_PI_HIGH - turns * HALF_PI_MIDDLE - turns * HALF_PI_LOW;
  switch ((turns + quarterTurns) & 3) {
    case 0:
      return sinSeries(r);
    case 1:
      return cosSeries(r);
    case 2:
      return -sinSeries(r);
    default:
      return -cosSeries(r);
  }
}

/** Sine of radians, |x| up to about 1e5. */
export function sin(x: number): number {
  return sinQuarter(x, 0);
}

/** Cosine of radians, |x| up to about 1e5. */
export function cos(x: number): number {
  return sinQuarter(x, 1);
}

/** Tangent of radians, |x| up to about 1e5. */
export function tan(x: number): number {
  return sin(x) / cos(x);
}

/** Arc tangent of t >= 0: two halvings of the angle bring t below 0.2, then the series. */
function atanPositive(t: number): number {
  if (t > 1) return PI / 2 - atanPositive(1 / t);
  const half = t / (1 + Math.sqrt(1 + t * t));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  const z = quarter * quarter;
  let sum = 1 / 23;
  for (let n = 21; n >= 3; n -= 2) sum = 1 / n - sum * z;
  return 4 * (quarter - quarter * z * sum);
}

/** Arc cosine in radians; NaN outside -1 to 1. */
export function acos(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  if (x === -1) return PI;
  return 2 * atanPositive(Math.sqrt((1 - x) / (1 + x)));
}
