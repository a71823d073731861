/** Everything the inspector shows of one node. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { Twin } from './cloud-node.ts';
import { EdgeNode } from './edge-node.ts';
import { wholeHistory } from './kept-history.ts';
import type { EnergyState } from './models/energy.ts';
import type { RecentValues } from './quantiles.ts';
import type { GuestSummary, NodeDetail, SiteDetail, TwinColumns } from './snapshot.ts';
import type { StreamNode } from './stream-node.ts';
import { ackText } from './ack-text.ts';
import { modesOf } from './slot-modes.ts';
import { isSlot, type World } from './world.ts';

const energyWords: Record<EnergyState, string> = {
  off: 'off',
  deepSleep: 'deep sleep',
  lightSleep: 'light sleep',
  modemSleepDfs: 'modem sleep, DFS',
  modemSleep: 'modem sleep',
  active: 'CPU active',
  receive: 'receiving',
  transmit: 'transmitting',
};
const HOUR_US = 3_600e6;
const DAY_US = 24 * HOUR_US;

/** Null for an index that is no node. */
export function nodeDetail(world: World, index: number): NodeDetail | null {
  const found = world.nodes[index];
  if (!found) return null;
  const slot = world.slots?.at(index);
  if (slot && slot.mode !== 'simulated') return slot.detail(world);
  const node = isSlot(found) ? found.edge : found;
  if (!node) return null;
  // Who is looked at keeps more of its past from now on.
  node.journal.widen(wholeHistory.journal);
  if (node instanceof EdgeNode) {
    node.runner?.recentCpuUs.widen(wholeHistory.readings);
    world.cloud.listen(node.identity.id);
  }
  return node instanceof EdgeNode ? edgeDetail(world, node) : streamDetail(world, node);
}

function common(node: EdgeNode | StreamNode) {
  const { index, id, tier } = node.identity;
  return {
    index,
    id,
    tier,
    state: node.state,
    runtime: node.runtimeLabel,
    guest: node.guest && guestSummary(node.guest),
    reason: node.reason,
    uptimeS: node.uptimeUs / 1e6,
    traffic: { ...node.journal.traffic },
    console: node.journal.console(),
    messages: node.journal.messages(),
    mode: 'simulated' as const,
    remote: null,
    twin: null,
  };
}

function edgeDetail(world: World, node: EdgeNode): NodeDetail {
  const { parameters, kernel } = world;
  const { board, runner } = node;
  const { outputs } = board;
  const seen = world.observer.seen[node.identity.index];
  const memory = runner?.memory() ?? null;
  return {
    ...common(node),
    restarts: runner?.restarts ?? 0,
    steps: runner?.steps ?? 0,
    instructionsPerStep: runner?.instructionsPerStep ?? NaN,
    cpuUsPerStep: runner?.cpuUsPerStep ?? NaN,
    cpuUsSpread: spread(runner?.recentCpuUs ?? null),
    memory: memory && {
      ...memory,
      instances: 1,
      limitBytes: parameters.get('node.edge.heapBytes'),
      runtimeBytes: node.runtimeBytes,
    },
    outputs: {
      red: (outputs & 1) !== 0,
      green: (outputs & 2) !== 0,
      blue: (outputs & 4) !== 0,
      pump: (outputs & 8) !== 0,
      refused: board.refused,
    },
    sensor: { rawAdc: node.lastRaw, fault: node.fault, driftAdc: board.probe.driftAdc(kernel.nowUs) },
    site: siteDetail(world, node),
    energy: {
      totalJ: board.energy.totalJ(kernel.nowUs),
      averageMa: board.energy.averageMa(kernel.nowUs),
      batteryDays: board.energy.batteryDays(kernel.nowUs),
      byState: board.energy.byState(kernel.nowUs).map(({ state, ...rest }) => ({ state: energyWords[state], ...rest })),
    },
    config: { ...node.config, lastAck: seen.ack && ackText(seen.ack), pending: seen.configsPending > 0 },
    latency: world.cloud.twins.get(node.identity.id)?.latency?.table() ?? [],
    twins: null,
    modes: modesOf(world),
    update: world.control?.updates.of(node.identity.index) ?? null,
  };
}

function streamDetail(world: World, node: StreamNode): NodeDetail {
  const { cloud } = world;
  const memory = node.memory();
  return {
    ...common(node),
    restarts: node.faults,
    steps: node.steps,
    instructionsPerStep: node.instructionsPerStep,
    cpuUsPerStep: node.cpuUsPerStep,
    cpuUsSpread: spread(node.recentCpuUs),
    memory: memory && {
      ...memory,
      instances: node.streams,
      limitBytes: null,
      runtimeBytes: node.runtimeBytes,
    },
    outputs: null,
    sensor: null,
    site: null,
    energy: null,
    config: null,
    latency: cloud.latency.table(),
    twins: node === cloud ? twins(world) : null,
    modes: null,
    update: null,
  };
}

function twins({ cloud, nodes, kernel }: World): TwinColumns {
  const shadows: Twin[] = [];
  const index: number[] = [];
  for (const { identity } of nodes) {
    const twin = cloud.twins.get(identity.id);
    if (!twin) continue;
    shadows.push(twin);
    index.push(identity.index);
  }
  const column = (of: (twin: Twin) => number): Float32Array => Float32Array.from(shadows, of);
  return {
    index: Uint32Array.from(index),
    raw: column(({ raw }) => raw),
    ema: column(({ fogEma }) => fogEma),
    cloudEma: column(({ cloudEma }) => cloudEma),
    divergence: column(({ rawEma, cloudEma }) => rawEma - cloudEma),
    ageS: column(({ updatedUs }) => (kernel.nowUs - updatedUs) / 1e6),
    anomaly: Uint8Array.from(shadows, ({ anomaly }) => anomaly),
  };
}

function siteDetail({ weather, kernel }: World, { board }: EdgeNode): SiteDetail {
  const { soil } = board;
  const { rainMmPerHour, temperatureC } = weather.at(Math.floor(kernel.nowUs / HOUR_US));
  const { totals } = soil;
  return {
    waterContent: soil.waterContent,
    fieldCapacity: soil.parameters.fieldCapacity,
    wiltingPoint: soil.parameters.wiltingPoint,
    depletionMm: soil.depletionMm,
    rainMmPerHour,
    temperatureC,
    referenceEtMmPerDay: weather.dayEt0Mm(Math.floor(kernel.nowUs / DAY_US)),
    irrigationMm: totals.irrigationMm,
    rainMm: totals.rainMm,
    evapotranspirationMm: totals.evapotranspirationMm,
    drainageMm: totals.drainageMm,
    soil: soil.parameters.name,
  };
}

function guestSummary({ name, checked, sizeBytes, sha256, metered }: LoadedGuest): GuestSummary {
  return {
    name,
    language: checked.language,
    sizeBytes,
    sha256,
    metered,
    imports: checked.imports.map((each) => `${each.module}.${each.name}`),
    exports: checked.exports.map(({ name: exported }) => exported),
  };
}

function spread(values: RecentValues | null): NodeDetail['cpuUsSpread'] {
  const [min, median, max] = values?.quantiles(0, 0.5, 1) ?? [NaN, NaN, NaN];
  return { min, median, max, samples: values?.size ?? 0 };
}
