/** How far the setting up of a board is, as a tagged union that the page draws. */
import type { Diagnosis } from '../diagnosis.ts';
import type { BoardFacts } from './board-facts.ts';

/** One stage of the board's way online. */
export interface WayStep {
  id: 'wifi' | 'broker';
  phase: 'waiting' | 'working' | 'done' | 'failed' | 'skipped';
  /** What is going on or was reached, a sentence: `Online as 192.168.1.7, -54 dBm.` */
  text: string;
}

export interface OnlineWay {
  steps: readonly WayStep[];
  ip: string | null;
  rssiDbm: number | null;
  elapsedMs: number;
}

export type ProvisioningState =
  | { kind: 'idle' }
  | { kind: 'reading'; /** A sentence. */ step: string }
  | { kind: 'form'; facts: BoardFacts; /** Whether networks are looked for just now. */ scanning: boolean }
  | { kind: 'applying'; facts: BoardFacts; /** A sentence. */ step: string }
  | { kind: 'following'; facts: BoardFacts; way: OnlineWay }
  | { kind: 'online'; facts: BoardFacts; way: OnlineWay }
  /** `facts` null: it was not read yet. While `way` is there the board goes on trying by itself, and is followed. */
  | { kind: 'failed'; facts: BoardFacts | null; way: OnlineWay | null; diagnosis: Diagnosis };

/** What is to be changed; absent: stays as it is. An empty string takes a setting away. */
export interface ProvisioningForm {
  /** A network to add, or a new password for a stored one. */
  wifi?: { ssid: string; password: string };
  node?: string;
  root?: string;
  broker?: string;
  user?: string;
  password?: string;
  /** PEM. */
  ca?: string;
  /** A line `ed25519 BASE64 NAME` each. */
  keys?: string;
}

export type FormField = 'ssid' | 'wifiPassword' | 'node' | 'root' | 'broker' | 'user' | 'password' | 'ca' | 'keys';

/** By field: what is wrong with it and what to write instead, a sentence. */
export type FormProblems = Partial<Record<FormField, string>>;
