/** What to do when a board gives no answer, or a bad one. */
import type { Diagnosis } from '../diagnosis.ts';
import type { Failure } from './exchange.ts';

export function requestDiagnosis({ cause, reason }: Failure): Diagnosis {
  switch (cause) {
    case 'silent':
      return {
        cause: 'no-answer',
        what: reason,
        steps: [
          'Look into the console: does the board start, and what does it say?',
          'Reset the board and try again when it has started.',
          'If no firmware of ours is on it, install it first.',
        ],
        detail: null,
      };
    case 'unknown':
      return { cause: 'other', what: reason, steps: ['Install the current firmware.'], detail: null };
    case 'disturbed':
      return { cause: 'garbled', what: reason, steps: ['Use a shorter cable on a port of the computer itself.', 'Reset the board and try again.'], detail: null };
    case 'cut':
      return { cause: 'port-lost', what: reason, steps: ['See that the line to the board is open.', 'Try again.'], detail: null };
    case 'cancelled':
      return { cause: 'cancelled', what: reason, steps: [], detail: null };
    case 'not-connected':
    case 'refused':
      return { cause: 'other', what: reason, steps: ['Change what the board refused, and try again.'], detail: null };
  }
}
