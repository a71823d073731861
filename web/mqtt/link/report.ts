/** What the page is told of its connection to the user's broker. */
import type { BrokerProfile } from './profile.ts';

/** Each way in which a connection can fail, as far as a page can tell them apart. */
export type DiagnosisKind =
  | 'bad-address'
  | 'mixed-content'
  | 'local-network'
  | 'unknown-name'
  | 'unreachable'
  | 'wrong-path'
  | 'not-websocket'
  | 'certificate'
  | 'not-mqtt'
  | 'bad-password'
  | 'not-authorised'
  | 'client-id'
  | 'taken-over'
  | 'timed-out'
  | 'lost'
  | 'broker-refused';

export interface Diagnosis {
  kind: DiagnosisKind;
  /** What is wrong, in a sentence. */
  sentence: string;
  /** What to do, most likely first, a sentence each. */
  advice: string[];
}

export type LinkState =
  | { kind: 'left' }
  | { kind: 'joining'; attempt: number }
  /** `mqtt` is 5, or 4 for 3.1.1. */
  | { kind: 'joined'; sinceMs: number; mqtt: 5 | 4; resumed: boolean }
  /** The connection failed or was lost; it is tried again at `retryAtMs` (since 1970). */
  | { kind: 'waiting'; attempt: number; retryAtMs: number; problem: Diagnosis }
  /** Trying again would not help. */
  | { kind: 'refused'; problem: Diagnosis };

export interface LinkReport {
  state: LinkState;
  /** Null when no broker has been joined. */
  profile: BrokerProfile | null;
  clientId: string;
  /** Question to the broker and answer, milliseconds; null before the first. */
  rtt: { medianMs: number; p95Ms: number; samples: number } | null;
  /** Messages since the page was opened. */
  received: number;
  sent: number;
  /** Deliveries that had come before and were left out. */
  duplicates: number;
  /** QoS 1 messages that the broker has not acknowledged yet. */
  outbox: {
    messages: number;
    bytes: number;
    /** Since 1970; null when empty. */
    oldestMs: number | null;
    /** Whether they outlive the tab; false where the browser stores nothing, with the reason in `storeProblem`. */
    stored: boolean;
    storeProblem: string | null;
    /** QoS 1 messages given up because the outbox was full. */
    dropped: number;
  };
  /** Nodes of this page that have a connection of their own for their last will. */
  held: number;
  /** Since 1970, the latest first; what happened to the connection, for people. */
  log: { atMs: number; text: string }[];
}

/** One step of a test, in the order of the steps. */
export interface TestStep {
  name: 'address' | 'browser' | 'socket' | 'mqtt' | 'subscribe' | 'publish' | 'echo';
  /** What was found, in a sentence. */
  text: string;
  ok: boolean;
}

export type TestResult =
  | { ok: true; steps: TestStep[]; mqtt: 5 | 4; rttMs: number; notes: string[] }
  | { ok: false; steps: TestStep[]; problem: Diagnosis };
