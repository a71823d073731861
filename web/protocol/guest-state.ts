/** How far a node is with a new guest, under `guest/state`; not retained. */
import * as v from 'valibot';
import { sha256Hex } from './hex.ts';
import { decimal, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';

const reportedPhases = ['verifying', 'trying', 'accepted', 'refused', 'rolled-back'] as const;

/** What nodes report. */
export type ReportedPhase = (typeof reportedPhases)[number];

/** `sent` is the sender's own word, for while the node has said nothing. */
export type UpdatePhase = 'sent' | ReportedPhase;

export interface GuestState {
  phase: ReportedPhase;
  /** As in the offer; empty where the node did not say. */
  name: string;
  /** Of the new module; empty where the node did not say. */
  sha256: string;
  /** Of the whole, receiving to acceptance: 0 to 1. */
  progress: number;
  /** Why it was refused or rolled back, for people; null in the other phases when there is nothing to say. */
  reason: string | null;
}

/** Whether a node will report no more of this replacement. */
export function isFinal(phase: UpdatePhase): boolean {
  return phase === 'accepted' || phase === 'refused' || phase === 'rolled-back';
}

const hasFailed = (phase: UpdatePhase): boolean => phase === 'refused' || phase === 'rolled-back';

const guestState = v.pipe(
  v.object({
    phase: v.picklist(reportedPhases, 'must be "verifying", "trying", "accepted", "refused" or "rolled-back"'),
    name: v.nullish(text(64), ''),
    sha256: v.nullish(v.union([sha256Hex(), v.picklist([''])], 'must be a SHA-256 in hexadecimal'), ''),
    progress: v.nullish(decimal(0, 1)),
    reason: v.nullish(text(200), null),
  }),
  v.transform(({ phase, name, sha256, progress, reason }): GuestState => ({
    phase,
    name,
    sha256,
    progress: progress ?? (isFinal(phase) ? 1 : 0),
    reason: reason ?? (hasFailed(phase) ? 'No reason given.' : null),
  })),
);

export function parseGuestState(payload: string | Uint8Array): Parsed<GuestState> {
  return parseJson(payload, guestState);
}

/** The reason is cut to 200 characters, which is what a parser takes. */
export function encodeGuestState(state: GuestState): string {
  return JSON.stringify({
    phase: state.phase,
    name: state.name,
    sha256: state.sha256,
    progress: state.progress,
    reason: state.reason?.slice(0, 200),
  });
}
