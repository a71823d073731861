/** Why the line to a board cannot be had, for people. */
import type { Diagnosis } from '../diagnosis.ts';

export function openFailure(error: unknown): Diagnosis {
  const detail = detailOf(error);
  if (error instanceof Error && error.name === 'InvalidStateError') {
    return {
      cause: 'port-taken',
      what: 'Another part of this page has the line to this board open.',
      steps: ['Close it there, or end what works on the board.', 'Open the line again.'],
      detail,
    };
  }
  return {
    cause: 'port-taken',
    what: 'The line to this board could not be opened: another program has it, or the board is gone.',
    steps: [
      'Close serial monitors, other tabs and other programs that use this port.',
      'Pull the cable, plug it in again, and open the line again.',
      'On Linux, your user must be in the group dialout or uucp.',
    ],
    detail,
  };
}

export function detailOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
