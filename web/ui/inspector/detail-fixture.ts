/** Details of nodes for tests: one busy node of each tier, and one that has measured nothing yet. */
import type { NodeDetail, NodeInfo } from '../../sim/snapshot.ts';

export const fleetInfo: NodeInfo[] = ['edge-1', 'edge-2', 'edge-10'].map((id) => ({ id, tier: 'edge', kind: 'simulated', mode: 'simulated' }));

const sha256 = '3f9a1c5be07d42118c66fe01d2b7a95530e4c8127ab96d4f0e15c3b8a2d76f41';

const common = {
  state: 'running',
  reason: null,
  restarts: 0,
  uptimeS: 8423,
  steps: 2807,
  instructionsPerStep: 18_421,
  cpuUsPerStep: 1243,
  cpuUsSpread: { min: 1102, median: 1210, max: 1930, samples: 200 },
  traffic: { messagesIn: 4, messagesOut: 2807, bytesIn: 412, bytesOut: 309_112, lost: 3, resent: 11 },
  console: [
    { timeUs: 1_000_000, stream: 'host', text: 'Guest irrigation-c loaded, 64 KiB of memory' },
    { timeUs: 3_160_000, stream: 'out', text: 'raw 1830 pct 52 irrigar 1' },
    { timeUs: 6_160_000, stream: 'error', text: 'Pin 22 refused: a guest may drive 18, 19, 21 and 23' },
  ],
  messages: [
    { timeUs: 900_000, direction: 'in', topic: 'ic/edge-1/config', payload: '{"seco":2600,"molhado":1100,"limiar":1700}', qos: 1, retain: true },
    { timeUs: 3_160_000, direction: 'out', topic: 'ic/edge-1/data', payload: '{"raw":1830,"pct":52,"irrigar":1}', qos: 0, retain: false },
    { timeUs: 3_200_000, direction: 'out', topic: 'ic/edge-1/status', payload: 'watering', qos: 0, retain: false },
  ],
  mode: 'simulated',
  modes: null,
  remote: null,
  twin: null,
  update: null,
} satisfies Partial<NodeDetail>;

export const edgeDetail: NodeDetail = {
  ...common,
  index: 0,
  id: 'edge-1',
  tier: 'edge',
  runtime: 'WAMR fast interpreter',
  guest: {
    name: 'irrigation-c',
    language: 'C',
    sizeBytes: 2311,
    metered: true,
    sha256,
    imports: ['env.read_sensor', 'env.set_output', 'env.delay_ms', 'env.wasm_log', 'env.mqtt_publish', 'env.get_config'],
    exports: ['memory', 'main', 'process', 'filter_value', 'detect_anomaly', '__heap_base', '__data_end'],
  },
  memory: { instances: 1, declaredBytes: 65_536, usedBytes: 6_240, limitBytes: 160_000, runtimeBytes: 41_800 },
  outputs: { red: true, green: false, blue: true, pump: true, refused: 2 },
  sensor: { rawAdc: 1830, fault: null, driftAdc: 0 },
  site: {
    waterContent: 0.214,
    fieldCapacity: 0.31,
    wiltingPoint: 0.14,
    depletionMm: 28.8,
    rainMmPerHour: 0.4,
    temperatureC: 17.3,
    referenceEtMmPerDay: 3.9,
    irrigationMm: 12.6,
    rainMm: 31.4,
    evapotranspirationMm: 22.9,
    drainageMm: 0,
    soil: 'Silt loam',
  },
  energy: {
    totalJ: 1123,
    averageMa: 28.4,
    batteryDays: 4.41,
    byState: [
      { state: 'modem sleep', seconds: 7904, joules: 813 },
      { state: 'Wi-Fi transmit', seconds: 84.2, joules: 55.6 },
      { state: 'CPU', seconds: 420, joules: 251 },
      { state: 'pump relay', seconds: 4.4, joules: 3.4 },
    ],
  },
  config: { dry: 2600, wet: 1100, threshold: 1700, periodMs: 3000, hysteresis: 0, lastAck: null, pending: false },
  latency: [
    { hop: 'edge to broker', medianMs: 8.41, p95Ms: 21.7, samples: 2804 },
    { hop: 'config to edge', medianMs: NaN, p95Ms: NaN, samples: 0 },
  ],
  twins: null,
};

const upper = { outputs: null, sensor: null, site: null, energy: null, config: null } satisfies Partial<NodeDetail>;

export const fogDetail: NodeDetail = {
  ...edgeDetail,
  ...upper,
  index: 6,
  id: 'fog-1',
  tier: 'fog',
  runtime: 'Wasmtime',
  state: 'restarting',
  reason: 'The guest used up its 5,000,000 instructions before it paused. It starts again in 4 s.',
  restarts: 3,
  latency: [
    { hop: 'sense to fog', medianMs: 11.8, p95Ms: 34.1, samples: 16_713 },
    { hop: 'fog to broker', medianMs: 1.2, p95Ms: 2.9, samples: 16_713 },
  ],
};

export const cloudDetail: NodeDetail = {
  ...fogDetail,
  index: 7,
  id: 'cloud-1',
  tier: 'cloud',
  runtime: 'native',
  state: 'running',
  reason: null,
  restarts: 0,
  guest: null,
  memory: null,
  twins: {
    index: Uint32Array.of(0, 1, 2),
    raw: Float32Array.of(1830, 3980, NaN),
    ema: Float32Array.of(1827.4, 2411.2, NaN),
    cloudEma: Float32Array.of(1826.9, 2377.1, NaN),
    divergence: Float32Array.of(0.5, 34.1, NaN),
    ageS: Float32Array.of(2.1, 0.4, NaN),
    anomaly: Uint8Array.of(0, 3, 0),
  },
};

/** An edge node as it is before its first step. */
export const freshDetail: NodeDetail = {
  ...edgeDetail,
  state: 'booting',
  uptimeS: 0,
  steps: 0,
  instructionsPerStep: 0,
  cpuUsPerStep: NaN,
  cpuUsSpread: { min: NaN, median: NaN, max: NaN, samples: 0 },
  memory: { instances: 1, declaredBytes: 65_536, usedBytes: 0, limitBytes: 160_000, runtimeBytes: 0 },
  outputs: { red: false, green: false, blue: false, pump: false, refused: 0 },
  sensor: { rawAdc: NaN, fault: null, driftAdc: 0 },
  energy: { totalJ: 0, averageMa: NaN, batteryDays: Infinity, byState: [] },
  traffic: { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, lost: 0, resent: 0 },
  latency: [],
  console: [],
  messages: [],
};
