/** What the dialog of updates asks of the page; `web/app` connects the two. */
import type { GuestOffer } from '../../protocol/guest-offer.ts';
import type { WaveGoal } from '../../sim/rollout.ts';

export interface ModuleChoice {
  id: string;
  name: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  bytes: Uint8Array;
}

/** A node that can get a guest. */
export interface UpdateTarget {
  index: number;
  id: string;
  kind: 'simulated' | 'real';
  /** Run by a board or another page: its own keys decide whether it takes the module. */
  remote: boolean;
}

export interface RolloutRequest {
  offer: GuestOffer;
  bytes: Uint8Array;
  /** In this order. */
  targets: { index: number; id: string }[];
  waves: WaveGoal[];
  maxFailures: number;
  atOnce: number;
  timeoutS: number;
}

/** `note` says what has to be known of the module, or is null. */
export type AddedModule = { ok: true; module: ModuleChoice; note: string | null } | { ok: false; reason: string };

export interface UpdateActions {
  /** The built-in guests and those that were added. */
  modules(): Promise<ModuleChoice[]>;
  /** Checks a file and adds it. */
  addModule(file: File): Promise<AddedModule>;
  /** Resolves with why it cannot be, as a sentence, or null. */
  startRollout(request: RolloutRequest): Promise<string | null>;
  pauseRollout(): void;
  resumeRollout(): void;
  cancelRollout(): void;
}
