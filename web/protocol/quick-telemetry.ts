/**
 * Telemetry in the form that guests print it: one flat object, no spaces, whole numbers. Such a payload is read in one
 * pass; ten thousand nodes send tens of thousands a second.
 */
import type { Telemetry } from './telemetry.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSE = 0x7d;
/** With so many digits a whole number is exact in a double. */
const MAX_DIGITS = 15;

const keys = ['raw":', 'umidade":', 'pct":', 'irrigar":', 'seco":', 'seq":'] as const;
const [RAW, UMIDADE, PCT, IRRIGAR, SECO, SEQ] = [0, 1, 2, 3, 4, 5];

/** Null for everything that is not of this form, right or wrong: the thorough parser then has the word. */
export function quickTelemetry(payload: string): Telemetry | null {
  if (!payload.startsWith('{"')) return null;
  const { length } = payload;
  let [raw, percent, verdict, sequence] = [NaN, NaN, NaN, NaN];
  let [readingKey, verdictKey] = [RAW, IRRIGAR];
  let at = 1;
  for (;;) {
    if (payload.charCodeAt(at) !== QUOTE) return null;
    const key = keyAt(payload, at + 1);
    if (key < 0) return null;
    at += 1 + keys[key].length;

    const negative = payload.charCodeAt(at) === MINUS;
    if (negative) at += 1;
    const start = at;
    let value = 0;
    let code = payload.charCodeAt(at);
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      at += 1;
      code = payload.charCodeAt(at);
    }
    const digits = at - start;
    // JSON knows no leading zeros; and a minus before a zero is left to the thorough parser.
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && payload.charCodeAt(start) === ZERO)) return null;
    if (negative) {
      if (value === 0) return null;
      value = -value;
    }

    if (key === RAW || key === UMIDADE) {
      if (raw === raw || value < -0x8000_0000 || value > 0x7fff_ffff) return null;
      raw = value;
      readingKey = key;
    } else if (key === PCT) {
      if (percent === percent || value < 0 || value > 100) return null;
      percent = value;
    } else if (key === SEQ) {
      if (sequence === sequence || value < 0) return null;
      sequence = value;
    } else {
      if (verdict === verdict || (value !== 0 && value !== 1)) return null;
      verdict = value;
      verdictKey = key;
    }

    at += 1;
    if (code === CLOSE) break;
    if (code !== COMMA) return null;
  }
  // Today's names and the older ones do not mix.
  if ((readingKey === UMIDADE) !== (verdictKey === SECO)) return null;
  if (at !== length || raw !== raw || percent !== percent || verdict !== verdict) return null;
  return { raw, percent, irrigate: verdict === 1, sequence: sequence === sequence ? sequence : null };
}

/** The key that begins here, by the letter that tells it from the others; -1 for none of them. */
function keyAt(payload: string, at: number): number {
  let key: number;
  switch (payload.charCodeAt(at)) {
    case 0x72:
      key = RAW;
      break;
    case 0x75:
      key = UMIDADE;
      break;
    case 0x70:
      key = PCT;
      break;
    case 0x69:
      key = IRRIGAR;
      break;
    default:
      key = payload.charCodeAt(at + 2) === 0x63 ? SECO : SEQ;
  }
  return payload.startsWith(keys[key], at) ? key : -1;
}
