/** Why something with a board failed, step by step, for people. */
export type DiagnosisCause =
  | 'no-port-chosen'
  | 'port-taken'
  | 'port-lost'
  | 'no-answer'
  | 'not-in-download-mode'
  | 'wrong-chip'
  | 'image-broken'
  | 'image-too-large'
  | 'encrypted'
  | 'secure-boot'
  | 'garbled'
  | 'slow-bridge'
  | 'verify-failed'
  | 'flash-failed'
  | 'cancelled'
  | 'other';

export interface Diagnosis {
  cause: DiagnosisCause;
  /** What is wrong, one sentence. */
  what: string;
  /** What to do, in order, each a sentence. */
  steps: readonly string[];
  /** The error as the library gave it, for the log bundle. */
  detail: string | null;
}
