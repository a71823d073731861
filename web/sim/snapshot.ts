/**
 * What the page sees of a running continuum: one `Frame` per pull. The page asks for the next
 * frame when it has drawn the last, so a slow page gets fewer frames and the simulation never waits.
 * Columns are typed arrays (one entry per node) so that a frame is cheap to build and to post.
 */
import type { BridgeSnapshot, RemoteDetail, RolloutSnapshot, SlotMode, TwinDetail, UpdateDetail } from './bridge-snapshot.ts';

export type Tier = 'edge' | 'fog' | 'cloud';
export type Strategy = 'A' | 'B' | 'C' | 'D' | 'E';

/** Health of a node, as an index into `nodeStates`. */
export const nodeStates = ['booting', 'running', 'restarting', 'faulted', 'off', 'idle'] as const;
export type NodeState = (typeof nodeStates)[number];

/** One entry per node; nodes keep their index until `epoch` changes. */
export interface NodeColumns {
  /** Index into `nodeStates`. */
  state: Uint8Array;
  /** Last telemetry that reached the broker; NaN before the first. ADC counts. */
  raw: Float32Array;
  /** Moisture that the edge guest computed, percent; NaN before the first. */
  percent: Float32Array;
  /** Last anomaly the fog saw (0 none, 1 spike, 2 stuck, 3 out of range). */
  anomaly: Uint8Array;
  /** Bit 0 red, 1 green, 2 blue LED, 3 pump. */
  outputs: Uint8Array;
  /** Injected sensor fault: 0 none, else 1 + index into `faultKinds`. */
  fault: Uint8Array;
  /** Messages published since reset. */
  published: Uint32Array;
  /** Energy since reset, joules (edge only; NaN for tiers without an energy model). */
  energyJ: Float64Array;
  /** Instructions the last step retired (a step is one sample cycle). */
  instructionsPerStep: Float64Array;
}

/** Fixed facts of a node; sent whole when `epoch` changes. */
export interface NodeInfo {
  id: string;
  tier: Tier;
  kind: 'simulated' | 'real';
  /** What its place is used for; fog and cloud are simulated always. */
  mode: SlotMode;
}

/** A message that crossed one hop since the last frame; drawn as one moving dot. */
export interface HopColumns {
  /** Node index of the hop's ends; `BROKER` for the broker. */
  from: Int32Array;
  to: Int32Array;
  /** Index into `hopKinds`. */
  kind: Uint8Array;
  /** Hops left out because there were more than a page can draw. */
  omitted: number;
}
export const BROKER = -1;
export const hopKinds = ['data', 'processed', 'analytics', 'config', 'other', 'lost'] as const;

/** New points of the watched node's series since the last frame, all arrays equally long. */
export interface SeriesColumns {
  /** Virtual time, seconds since the scenario's start. */
  timeS: Float64Array;
  raw: Float32Array;
  percent: Float32Array;
  fogEma: Float32Array;
  cloudEma: Float32Array;
  threshold: Float32Array;
  /** mm per hour. */
  rain: Float32Array;
  /** 0 or 1. */
  pump: Float32Array;
}

export interface ConsoleLine {
  timeUs: number;
  /** `out` is the guest's own log; `host` is what the host has to say. */
  stream: 'out' | 'host' | 'error';
  text: string;
}

export interface MessageRecord {
  timeUs: number;
  direction: 'in' | 'out';
  topic: string;
  payload: string;
  qos: 0 | 1;
  retain: boolean;
}

export interface GuestSummary {
  name: string;
  language: string;
  sizeBytes: number;
  sha256: string;
  /** Whether its instructions are counted; else what it costs is not known. */
  metered: boolean;
  imports: string[];
  exports: string[];
}

/** Everything about the selected node, when the page asks for it. */
export interface NodeDetail {
  index: number;
  id: string;
  tier: Tier;
  state: NodeState;
  /** What runs on it: `WAMR fast interpreter`, `native`, `relay only`... */
  runtime: string;
  guest: GuestSummary | null;
  /** Why it is faulted or restarting, in plain words. */
  reason: string | null;
  restarts: number;
  uptimeS: number;
  steps: number;
  instructionsPerStep: number;
  /** Virtual CPU time of one step, microseconds. */
  cpuUsPerStep: number;
  /** Distribution of CPU time per step over the recent steps. */
  cpuUsSpread: { min: number; median: number; max: number; samples: number };
  memory: {
    /** Guests that run here; the bytes below are theirs together. */
    instances: number;
    declaredBytes: number;
    usedBytes: number;
    runtimeBytes: number;
    /** What guest and runtime have to fit in; null where that is no question. */
    limitBytes: number | null;
  } | null;
  outputs: { red: boolean; green: boolean; blue: boolean; pump: boolean; refused: number } | null;
  sensor: { rawAdc: number; fault: FaultKind | null; driftAdc: number } | null;
  site: SiteDetail | null;
  energy: { totalJ: number; averageMa: number; batteryDays: number; byState: { state: string; seconds: number; joules: number }[] } | null;
  /** In force now, and what the last acknowledgement said. */
  config: { dry: number; wet: number; threshold: number; periodMs: number; hysteresis: number; lastAck: string | null; pending: boolean } | null;
  traffic: { messagesIn: number; messagesOut: number; bytesIn: number; bytesOut: number; lost: number; resent: number };
  latency: { hop: string; medianMs: number; p95Ms: number; samples: number }[];
  console: ConsoleLine[];
  messages: MessageRecord[];
  /** Cloud only. */
  twins: TwinColumns | null;
  mode: SlotMode;
  /** Why its place cannot be used so, as a sentence, or null; null in all for fog and cloud. */
  modes: Record<SlotMode, string | null> | null;
  /** What is known of a node that somebody else runs, while it is shown. */
  remote: RemoteDetail | null;
  twin: TwinDetail | null;
  /** The last replacement of its guest over MQTT. */
  update: UpdateDetail | null;
}

/** The cloud's shadows of edge nodes, one entry each; NaN for what was not computed. */
export interface TwinColumns {
  /** Of the edge node. */
  index: Uint32Array;
  /** ADC counts. */
  raw: Float32Array;
  /** As the fog filtered it. */
  ema: Float32Array;
  cloudEma: Float32Array;
  divergence: Float32Array;
  ageS: Float32Array;
  /** An `AnomalyCode`. */
  anomaly: Uint8Array;
}

export interface SiteDetail {
  /** Volumetric water content of the root zone, m3/m3. */
  waterContent: number;
  fieldCapacity: number;
  wiltingPoint: number;
  depletionMm: number;
  rainMmPerHour: number;
  temperatureC: number;
  referenceEtMmPerDay: number;
  irrigationMm: number;
  rainMm: number;
  evapotranspirationMm: number;
  drainageMm: number;
  soil: string;
}

export const faultKinds = ['spike', 'stuck', 'dropout', 'drift'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Health {
  running: number;
  faulted: number;
  anomalies: number;
  pumpsOn: number;
  messages: number;
  lost: number;
  /** Times that a waiting guest was resumed. */
  wakeups: number;
  /** Sense to cloud result, milliseconds; NaN when nothing arrived yet. */
  latencyMedianMs: number;
  latencyP95Ms: number;
  energyEdgeJ: number;
  /** Edge nodes that have not yet acknowledged the last configuration sent to them. */
  configPending: number;
}

export interface Notice {
  id: number;
  timeUs: number;
  severity: 'info' | 'warning' | 'error';
  nodeIndex: number | null;
  text: string;
}

export interface Frame {
  /** Changes when the world was rebuilt: everything kept from before is void. */
  epoch: number;
  timeUs: number;
  running: boolean;
  /** Asked for, and reached over the last second; `Infinity` asks for as fast as it goes. */
  speed: { asked: number; reached: number };
  strategy: Strategy;
  nodes: NodeColumns;
  /** Changes within an epoch when nodes are found, or used otherwise. */
  roster: number;
  /** Present when the page has not seen this epoch and roster. */
  info: NodeInfo[] | null;
  hops: HopColumns;
  series: SeriesColumns;
  /** Present when due; the page keeps the last one. */
  detail: NodeDetail | null;
  health: Health;
  notices: Notice[];
  /** Null while no broker is joined. */
  bridge: BridgeSnapshot | null;
  rollout: RolloutSnapshot | null;
  /** Executed since the start. */
  events: number;
  /** Of the event log, its last line without the time; empty while running. */
  lastEvent: string;
}

export interface FrameRequest {
  /** The epoch of the last frame drawn, -1 for none. */
  epoch: number;
  roster: number;
  /** Node whose detail is wanted. */
  selected: number;
  /** Edge node whose series is wanted. */
  watched: number;
  /** Virtual second of the last point the page has of the watched node; -1 for none. */
  seriesAfterS: number;
  lastNotice: number;
  wantDetail: boolean;
}
