/** How the serial line to a board stands, as a tagged union that the page draws. */
import type { Diagnosis } from '../diagnosis.ts';

export type LineState =
  | { kind: 'closed' }
  | { kind: 'opening' }
  | { kind: 'open'; baud: number; /** Since 1970. */ sinceMs: number }
  | { kind: 'lent'; /** In words for people: `the flasher`. */ to: string }
  /** The cable was pulled: the session opens the line again by itself when the board is back. */
  | { kind: 'lost'; /** Since 1970. */ sinceMs: number }
  | { kind: 'failed'; diagnosis: Diagnosis };
