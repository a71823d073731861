/** Nodes of others and twins for tests: a talkative board, one that speaks the plain topics only, one in another page. */
import type { RemoteDetail, TwinDetail } from '../../../sim/bridge-snapshot.ts';

export const board: RemoteDetail = {
  kind: 'real',
  owner: null,
  online: true,
  firmware: 'continuum-fw 1.2.0',
  plain: false,
  silentS: 1.2,
  intervalS: { median: 3.18, p95: 3.41 },
  metrics: {
    heapFreeBytes: 143_208,
    stackFreeBytes: 1_204,
    stepUs: 1_310,
    stepInstructions: 1_849,
    rssiDbm: -61,
    bytesSent: 309_112,
    energyMj: 1_123_000,
  },
  clock: { offsetMs: 12.4, errorMs: 3.1, samples: 8 },
  latencyErrorMs: 4.2,
  evidence: 'none',
};

export const plainBoard: RemoteDetail = {
  ...board,
  online: null,
  firmware: null,
  plain: true,
  silentS: 41,
  metrics: null,
  clock: null,
  evidence: 'disagrees',
};

export const newBoard: RemoteDetail = { ...plainBoard, silentS: 0.2, intervalS: { median: NaN, p95: NaN }, evidence: 'none' };

export const elsewhere: RemoteDetail = {
  ...board,
  kind: 'simulated',
  owner: 'continuum-lab-3fa27c51',
  firmware: null,
  metrics: { ...board.metrics!, stackFreeBytes: null, rssiDbm: null },
  clock: { offsetMs: -0.4, errorMs: 0.9, samples: 1 },
};

const recentCount = 240;
const timeS = Float64Array.from({ length: recentCount }, (_, i) => 5_000 + 3.2 * i + (i > 150 ? 40 : 0));
export const twin: TwinDetail = {
  comparisons: 1_204,
  rawError: { last: -18, mean: -3.42, meanAbsolute: 12.44, p95Absolute: 31 },
  percentError: { last: 1, mean: 0.2, meanAbsolute: 0.81, p95Absolute: 2 },
  decisionsApart: 14,
  intervalS: { board: 3.18, twin: 3.16 },
  recent: {
    timeS,
    board: Float32Array.from(timeS, (_, i) => 1690 + 24 * Math.sin(i / 19) + 5 * Math.sin(i * 2.7)),
    twin: Float32Array.from(timeS, (_, i) => 1684 + 20 * Math.sin(i / 19 + 0.3) + 4 * Math.sin(i * 3.1)),
  },
  alignedAtS: 5_320,
};

const nothing = { last: NaN, mean: NaN, meanAbsolute: NaN, p95Absolute: NaN };
export const newTwin: TwinDetail = {
  comparisons: 0,
  rawError: nothing,
  percentError: nothing,
  decisionsApart: 0,
  intervalS: { board: NaN, twin: NaN },
  recent: { timeS: new Float64Array(), board: new Float32Array(), twin: new Float32Array() },
  alignedAtS: null,
};
