import type { DiagnosisCause } from '../diagnosis.ts';

/** Why a job on a board's flash ended; `message` is for the log, the words for people come from the diagnosis. */
export class FlashFailure extends Error {
  override name = 'FlashFailure';
  readonly why: DiagnosisCause;
  /** More for the sentence that people read: an offset, a name. */
  readonly about: string | null;

  constructor(why: DiagnosisCause, message: string, about: string | null = null) {
    super(message);
    this.why = why;
    this.about = about;
  }
}

/** What a library or the port threw, as text. */
export function textOf(error: unknown): string {
  if (error instanceof Error) return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return String(error);
}
