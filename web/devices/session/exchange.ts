/** One question to a board and what its frames say to it. */

/** Why there is no answer. `refused`: the board's own sentence; `unknown`: its firmware does not know the request. */
export type FailureCause = 'refused' | 'unknown' | 'silent' | 'disturbed' | 'not-connected' | 'cut' | 'cancelled';

export interface Failure {
  ok: false;
  cause: FailureCause;
  /** A sentence. */
  reason: string;
}

export type Answered<T> = { ok: true; value: T } | Failure;

export function failure(cause: FailureCause, reason: string): Failure {
  return { ok: false, cause, reason };
}

export const UNKNOWN_REQUEST =
  'This firmware does not speak our requests: it can be given Wi-Fi from here, and nothing else. Install the node\'s firmware for the rest.';

export interface Question<T> {
  command: number;
  data: Uint8Array;
  /** Without a frame for it, the question is asked again or given up. */
  waitMs: number;
  /** How often it is asked. */
  attempts: number;
  /** What an attempt before had collected is void: the answer comes again from its beginning. */
  begin(): void;
  /** Null while more is to come. */
  result(strings: readonly Uint8Array[]): Answered<T> | null;
  /** Improv's state, where that is an answer. */
  state?(state: number): Answered<T> | null;
  /** What to make of silence after the last attempt; `Failure` of cause `silent` unless given. */
  silence?(): Answered<T> | null;
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : decoder.decode(bytes);
}

/** Of our extension: items, then `ok` or `refused`. */
export interface Answer {
  /** Without the word `item`. */
  items: readonly (readonly string[])[];
  /** The same as bytes: a value that goes on in the next item may be cut inside a character. */
  rawItems: readonly (readonly Uint8Array[])[];
  /** Behind the word `ok`. */
  ok: readonly string[];
  /** All strings of items and `ok` in a row: an answer that was cut into pieces. */
  text: string;
}

export function extensionQuestion(command: number, data: Uint8Array, waitMs: number, attempts: number): Question<Answer> {
  let items: (readonly Uint8Array[])[] = [];
  return {
    command,
    data,
    waitMs,
    attempts,
    begin() {
      items = [];
    },
    result([kind, ...strings]) {
      switch (textOf(kind)) {
        case 'item':
          items.push(strings);
          return null;
        case 'ok':
          return {
            ok: true,
            value: {
              items: items.map((item) => item.map(textOf)),
              rawItems: items,
              ok: strings.map(textOf),
              text: textOf(joined([...items.flat(), ...strings])),
            },
          };
        case 'refused':
          return failure('refused', textOf(strings[0]) || 'The board refused, and gave no reason.');
        default:
          return null;
      }
    },
  };
}

/** Pieces may be cut inside a character, so they are decoded as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
