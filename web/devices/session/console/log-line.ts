/**
 * A line of a board's log in its parts. Read are the formats of ESP-IDF (`I (312) wifi: text`), Arduino
 * (`[   312][I][WiFi.cpp:42] begin(): text`) and ESPHome (`[12:00:00][I][wifi:042]: text`).
 */
export const levels = ['error', 'warning', 'info', 'debug', 'verbose'] as const;
export type Level = (typeof levels)[number];

export interface LogLine {
  /** Without escape sequences. */
  text: string;
  /** Null for text that no log wrote. */
  level: Level | null;
  /** Milliseconds since boot; null where the line does not say. */
  bootMs: number | null;
  /** Empty where the line has none. */
  tag: string;
  /** Where in `text` the message begins. */
  messageAt: number;
}

const ofLetter: Readonly<Record<string, Level>> = { E: 'error', W: 'warning', I: 'info', C: 'info', D: 'debug', V: 'verbose' };
/** Foreground colours that ESP-IDF and ESPHome give their levels. */
const ofColour: Readonly<Record<string, Level>> = { 31: 'error', 33: 'warning', 32: 'info', 35: 'info', 36: 'debug', 37: 'verbose' };

// ECMA-48: CSI sequences, and the two-character ones.
// eslint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]?|[@-Z\\^_]?)/g;
// eslint-disable-next-line no-control-regex
const colour = /\u001b\[(?:\d+;)*(3[1-7])m/;
const idf = /^([EWIDV]) \((\d+|[\d:.]+)\) ([^:]{1,64}): ?/;
const arduino = /^\[ *(\d+)\]\[([EWIDV])\]\[([^\]:]{1,64})(?::\d+)?\] ?/;
const espHome = /^\[[\d:.]+\]\[([EWICDV])\]\[([^\]:]{1,64})(?::\d+)?\](?:\[[^\]]*\])?: ?/;

export function parseLogLine(raw: string): LogLine {
  const coloured = raw.includes('\u001b');
  const text = coloured ? raw.replace(escapes, '') : raw;
  const level = coloured ? (ofColour[colour.exec(raw)?.[1] ?? ''] ?? null) : null;
  const first = text.charCodeAt(0);
  if (first === 0x5b) return bracketed(text, level);
  const match = text.charCodeAt(1) === 0x20 ? idf.exec(text) : null;
  if (match === null) return { text, level, bootMs: null, tag: '', messageAt: 0 };
  const [head, letter, time, tag] = match as unknown as [string, string, string, string];
  return { text, level: ofLetter[letter]!, bootMs: /^\d+$/.test(time) ? Number(time) : null, tag, messageAt: head.length };
}

function bracketed(text: string, level: Level | null): LogLine {
  const fromArduino = arduino.exec(text);
  if (fromArduino !== null) {
    const [head, time, letter, tag] = fromArduino as unknown as [string, string, string, string];
    return { text, level: ofLetter[letter]!, bootMs: Number(time), tag, messageAt: head.length };
  }
  const fromEspHome = espHome.exec(text);
  if (fromEspHome === null) return { text, level, bootMs: null, tag: '', messageAt: 0 };
  const [head, letter, tag] = fromEspHome as unknown as [string, string, string];
  return { text, level: ofLetter[letter]!, bootMs: null, tag, messageAt: head.length };
}
