/** From a world that has run to the numbers that the run is measured by. */
import type { EdgeNode } from '../../sim/edge-node.ts';
import type { EnergyState } from '../../sim/models/energy.ts';
import type { NetworkedNode } from '../../sim/networked-node.ts';
import type { StreamNode } from '../../sim/stream-node.ts';
import type { World } from '../../sim/world.ts';
import type { Durations } from './durations.ts';
import { energyUses, hopMetricPrefix, latencyFigures, measuredHops, metrics, type RunMeasures } from './metrics.ts';
import { simulatedEdges, type ReadingMeter } from './reading-meter.ts';

const DAY_US = 86_400e6;
const ranks = [0.5, 0.95, 0.99];

/** What one direction of a node's link has carried. */
interface Carried {
  bytes: number;
  busyUs: number;
}

/** What a node has counted by some time. */
interface NetworkCounts {
  up: Carried;
  down: Carried;
  lost: number;
  resent: number;
}

interface EdgeCounts extends NetworkCounts {
  joules: Partial<Record<EnergyState, number>>;
  activeUs: number;
  irrigationMm: number;
  drainedMm: number;
}

interface StreamCounts extends NetworkCounts {
  busyUs: number;
}

/** Where measuring began: `beginMeasuring` makes it. */
export interface MeasuredSince {
  timeUs: number;
  meter: ReadingMeter;
  edges: ReadonlyMap<EdgeNode, EdgeCounts>;
  fog: StreamCounts;
  cloud: StreamCounts;
  /** Readings of boards that the cloud has seen, by node id. */
  boards: ReadonlyMap<string, number>;
}

/**
 * Measures from now on. In a fleet with boards the numbers of energy, processor, memory, air and water are those of the
 * nodes that this page simulates; latencies, results and readings are everybody's.
 * @param meter the one that the world tells of its readings: `WorldParts.meter`, or set as its `context.meter`
 */
export function beginMeasuring(world: World, meter: ReadingMeter): MeasuredSince {
  const { nowUs } = world.kernel;
  const edges = simulatedEdges(world);
  // A soil is brought to the present only when it is read.
  for (const { board } of edges) board.waterTo(nowUs);
  meter.begin(world);
  return {
    timeUs: nowUs,
    meter,
    edges: new Map(edges.map((node) => [node, edgeCounts(node, nowUs)])),
    fog: streamCounts(world.fog),
    cloud: streamCounts(world.cloud),
    boards: boardReadings(world),
  };
}

/** All metrics of the catalogue over the time since then; NaN for those that the run does not have. The world can run on. */
export function measuresOf(world: World, since: MeasuredSince): RunMeasures {
  const { nowUs } = world.kernel;
  const { meter } = since;
  const spanUs = nowUs - since.timeUs;
  const edges = simulatedEdges(world).filter((node) => since.edges.has(node));
  for (const { board } of edges) board.waterTo(nowUs);
  meter.bringUpToDate(nowUs);
  const simulatedReadings = sum(edges, (node) => meter.drynessOf(node.identity.index)?.readings ?? 0);
  const readings = simulatedReadings + boardReadingsSince(world, since);

  const measured: RunMeasures = {
    ...latencies(meter),
    ...edgeMeasures(edges, since, nowUs, simulatedReadings),
    ...streamMeasures('fog', 'lan', world.fog, since.fog, spanUs, readings),
    ...streamMeasures('cloud', 'wan', world.cloud, since.cloud, spanUs, readings),
    'results.perReading': meter.results / readings,
    readings,
  };
  const { lost, resent } = troubles(world, edges, since);
  // Boards do not tell.
  measured['messages.lostPerThousand'] = (1000 * lost) / simulatedReadings;
  measured['messages.resentPerThousand'] = (1000 * resent) / simulatedReadings;
  const finite = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) ? value : NaN);
  return Object.fromEntries(Object.keys(metrics).map((id) => [id, finite(measured[id])]));
}

function latencies({ hops, endToEnd }: ReadingMeter): RunMeasures {
  const measured: RunMeasures = {};
  const add = (prefix: string, durations: Durations): void => {
    const values = [durations.meanMs(), ...durations.quantilesMs(ranks)];
    latencyFigures.forEach((figure, at) => (measured[`${prefix}.${figure}`] = values[at]!));
  };
  add('latency', endToEnd);
  for (const { name, place } of measuredHops) add(`${hopMetricPrefix}${name}`, hops[place]!);
  return measured;
}

function edgeMeasures(edges: EdgeNode[], { timeUs, meter, edges: before }: MeasuredSince, nowUs: number, readings: number): RunMeasures {
  const spanUs = nowUs - timeUs;
  const changes = edges.map((node) => edgeChange(edgeCounts(node, nowUs), before.get(node)!));
  const mean = (of: (change: EdgeCounts) => number): number => sum(changes, of) / changes.length;
  const meanNode = (of: (node: EdgeNode) => number): number => sum(edges, of) / edges.length;
  const joules = (states: readonly EnergyState[]) => (change: EdgeCounts): number => sum(states, (state) => change.joules[state] ?? 0);
  const perDay = DAY_US / spanUs;
  const uses = Object.entries(energyUses) as [string, readonly EnergyState[]][];
  const radioAndProcessor = [...energyUses.computing, ...energyUses.receiving, ...energyUses.transmitting];
  const totalJ = mean(joules(uses.flatMap(([, states]) => states)));
  const { parameters } = edges[0]?.context ?? { parameters: null };
  // Joules by volts and microseconds are 1e6 amperes, 1e9 milliamperes.
  const meanMa = parameters ? (totalJ * 1e9) / parameters.get('energy.supplyV') / spanUs : NaN;
  const air = (change: EdgeCounts): number => change.up.bytes + change.down.bytes;
  const dryness = (node: EdgeNode) => meter.drynessOf(node.identity.index);
  return {
    'memory.edge.usedBytes': meanNode((node) => node.runtimeBytes + (node.runner?.memory()?.usedBytes ?? 0)),
    'memory.edge.declaredBytes': meanNode((node) => node.runtimeBytes + (node.runner?.memory()?.declaredBytes ?? 0)),
    'cpu.edge.share': mean(({ activeUs }) => activeUs) / spanUs,
    'cpu.edge.usPerReading': sum(changes, ({ activeUs }) => activeUs) / readings,
    'energy.edge.jPerDay': totalJ * perDay,
    ...Object.fromEntries(uses.map(([use, states]) => [`energy.edge.${use}JPerDay`, mean(joules(states)) * perDay])),
    'energy.edge.mJPerReading': (1000 * sum(changes, joules(radioAndProcessor))) / readings,
    'energy.edge.meanMa': meanMa,
    'energy.edge.batteryDays': parameters ? parameters.get('energy.batteryMah') / meanMa / 24 : NaN,
    'link.wifi.upShare': mean(({ up }) => up.busyUs) / spanUs,
    'link.wifi.downShare': mean(({ down }) => down.busyUs) / spanUs,
    'air.bytesPerNodeDay': mean(air) * perDay,
    'air.bytesPerReading': sum(changes, air) / readings,
    'water.irrigationMm': mean(({ irrigationMm }) => irrigationMm),
    'water.drainedMm': mean(({ drainedMm }) => drainedMm),
    'water.belowThresholdShare': meanNode((node) => dryness(node)?.dryUs ?? NaN) / spanUs,
    'water.stressShare': meanNode((node) => dryness(node)?.stressedUs ?? NaN) / spanUs,
  };
}

function streamMeasures(tier: 'fog' | 'cloud', medium: 'lan' | 'wan', node: StreamNode, before: StreamCounts, spanUs: number, readings: number): RunMeasures {
  const { up, down, busyUs } = streamCounts(node);
  const relays = node.placement === 'relay';
  // Another placement has begun a new count: what was before is not known any more.
  const busy = relays || busyUs < before.busyUs ? NaN : busyUs - before.busyUs;
  const memory = relays ? null : node.memory();
  const measured: RunMeasures = {
    [`memory.${tier}.usedBytes`]: memory ? node.runtimeBytes + memory.usedBytes : NaN,
    [`memory.${tier}.declaredBytes`]: memory ? node.runtimeBytes + memory.declaredBytes : NaN,
    [`cpu.${tier}.share`]: busy / spanUs,
    [`cpu.${tier}.usPerReading`]: busy / readings,
    [`link.${medium}.upShare`]: since(up, before.up).busyUs / spanUs,
    [`link.${medium}.downShare`]: since(down, before.down).busyUs / spanUs,
  };
  if (tier === 'cloud') measured['wan.bytesPerReading'] = (since(up, before.up).bytes + since(down, before.down).bytes) / readings;
  return measured;
}

function troubles(world: World, edges: EdgeNode[], before: MeasuredSince): { lost: number; resent: number } {
  const pairs: [NetworkedNode, NetworkCounts][] = [
    ...edges.map((node): [NetworkedNode, NetworkCounts] => [node, before.edges.get(node)!]),
    [world.fog, before.fog],
    [world.cloud, before.cloud],
  ];
  return {
    lost: sum(pairs, ([{ journal }, { lost }]) => journal.traffic.lost - lost),
    resent: sum(pairs, ([{ journal }, { resent }]) => journal.traffic.resent - resent),
  };
}

function networkCounts({ links, journal }: NetworkedNode): NetworkCounts {
  const { lost, resent } = journal.traffic;
  const carried = (link: { carried: Carried } | undefined): Carried => ({ bytes: link?.carried.bytes ?? 0, busyUs: link?.carried.busyUs ?? 0 });
  return { up: carried(links?.up), down: carried(links?.down), lost, resent };
}

function streamCounts(node: StreamNode): StreamCounts {
  return { ...networkCounts(node), busyUs: node.busyUs };
}

function edgeCounts(node: EdgeNode, nowUs: number): EdgeCounts {
  const states = node.board.energy.byState(nowUs);
  const { irrigationMm, drainageMm, runoffMm } = node.board.soil.totals;
  return {
    ...networkCounts(node),
    joules: Object.fromEntries(states.map(({ state, joules }) => [state, joules])),
    activeUs: (states.find(({ state }) => state === 'active')?.seconds ?? 0) * 1e6,
    irrigationMm,
    drainedMm: drainageMm + runoffMm,
  };
}

function edgeChange(now: EdgeCounts, before: EdgeCounts): EdgeCounts {
  const joules: EdgeCounts['joules'] = {};
  for (const state of Object.keys(now.joules) as EnergyState[]) joules[state] = now.joules[state]! - (before.joules[state] ?? 0);
  return {
    up: since(now.up, before.up),
    down: since(now.down, before.down),
    lost: now.lost - before.lost,
    resent: now.resent - before.resent,
    joules,
    activeUs: now.activeUs - before.activeUs,
    irrigationMm: now.irrigationMm - before.irrigationMm,
    drainedMm: now.drainedMm - before.drainedMm,
  };
}

/** A node that has joined anew since has links that count from then. */
function since(now: Carried, before: Carried): Carried {
  if (now.bytes < before.bytes) return now;
  return { bytes: now.bytes - before.bytes, busyUs: now.busyUs - before.busyUs };
}

/** Readings that boards, or nodes of other pages, have brought to the cloud; by id. */
function boardReadings(world: World): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { identity, mode } of world.slots?.all() ?? []) {
    if (mode !== 'simulated') counts.set(identity.id, world.cloud.twins.get(identity.id)?.samples ?? 0);
  }
  return counts;
}

function boardReadingsSince(world: World, { boards }: MeasuredSince): number {
  return sum([...boardReadings(world)], ([id, count]) => count - (boards.get(id) ?? 0));
}

function sum<T>(of: readonly T[], value: (each: T) => number): number {
  return of.reduce((total, each) => total + value(each), 0);
}
