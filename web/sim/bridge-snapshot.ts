/** What the page sees of a simulation that has joined a broker; part of a `Frame` and of a `NodeDetail`. */
import type { NodeMetrics } from '../protocol/metrics.ts';
import type { UpdatePhase } from '../protocol/guest-state.ts';

/** Whose readings an edge slot feeds to fog and cloud; a twin runs beside its board, and is only compared. */
export const slotModes = ['simulated', 'real', 'twin'] as const;
export type SlotMode = (typeof slotModes)[number];

export interface RejectedMessage {
  /** Since 1970. */
  atMs: number;
  /** Cut to 120 characters. */
  topic: string;
  /** A sentence. */
  reason: string;
  /** Beginning of the payload, printable; empty when it was not text. */
  excerpt: string;
}

export interface BridgeSnapshot {
  /** Whether the broker answers now. */
  up: boolean;
  /** Topic root on the broker. */
  root: string;
  clientId: string;
  /** Nodes that this page runs and speaks for. */
  owned: number;
  /** Nodes that others run and this page shows. */
  remote: number;
  /** Nodes of this page that another speaks for: here they are shown and not run. `owner` is null for a board. */
  ceded: { node: string; owner: string | null }[];
  /** Messages taken from the broker, and given to it. */
  received: number;
  published: number;
  rejected: {
    total: number;
    /** The most frequent first; at most 20. */
    byReason: { reason: string; count: number }[];
    /** The latest first; at most 50. */
    recent: RejectedMessage[];
  };
  /** Nodes that were found beyond the number a page shows. */
  turnedAway: number;
}

/** What is known of a node that somebody else runs. */
export interface RemoteDetail {
  kind: 'simulated' | 'real';
  /** Client id of the page that runs it; null for boards and where nobody said. */
  owner: string | null;
  /** Null where the node sends no presence. */
  online: boolean | null;
  firmware: string | null;
  /** Whether it has sent nothing but readings and text: then it may not answer or acknowledge either. */
  plain: boolean;
  /** Seconds since its last message; NaN before the first. */
  silentS: number;
  /** Between its readings, seconds; NaN before the second. */
  intervalS: { median: number; p95: number };
  metrics: NodeMetrics | null;
  /** Its clock less this machine's, milliseconds, with half the round trip that bounds the error; null before the first ping. */
  clock: { offsetMs: number; errorMs: number; samples: number } | null;
  /** Latencies that begin or end at its clock or at the broker are right within this, milliseconds; null before the first ping. */
  latencyErrorMs: number | null;
  /** What its readings say of the configuration in force, for boards that acknowledge nothing. */
  evidence: 'none' | 'agrees' | 'disagrees';
}

/** Real board and its simulated shadow, compared at each reading of the board. */
export interface TwinDetail {
  comparisons: number;
  /** Twin less board, ADC counts; NaN before the first. */
  rawError: { last: number; mean: number; meanAbsolute: number; p95Absolute: number };
  /** Twin less board, percent points of moisture. */
  percentError: { last: number; mean: number; meanAbsolute: number; p95Absolute: number };
  /** Comparisons in which board and twin decided differently whether to irrigate. */
  decisionsApart: number;
  /** Between readings, seconds. */
  intervalS: { board: number; twin: number };
  /** Recent comparisons, oldest first, equally long columns. */
  recent: { timeS: Float64Array; board: Float32Array; twin: Float32Array };
  /** Virtual time of the last alignment of the twin's soil with the board's reading, seconds; null for none. */
  alignedAtS: number | null;
}

/** The last replacement of a node's guest over MQTT. */
export interface UpdateDetail {
  phase: UpdatePhase;
  name: string;
  sha256: string;
  /** 0 to 1. */
  progress: number;
  reason: string | null;
  /** Seconds since it was sent. */
  sinceS: number;
}

/** A guest on its way to many nodes. */
export interface RolloutSnapshot {
  name: string;
  sha256: string;
  state: 'running' | 'paused' | 'done' | 'stopped' | 'cancelled';
  /** Why it was stopped, a sentence, or null. */
  reason: string | null;
  /** Nodes of each wave, and which one is under way. */
  waves: number[];
  wave: number;
  waiting: number;
  underWay: number;
  accepted: number;
  failed: { node: string; reason: string }[];
}
