/** Builds what the page draws of a world. */
import { PUMP_BIT } from './edge-board.ts';
import { copyOf } from './fleet-columns.ts';
import { wholeHistory } from './kept-history.ts';
import type { NodeIdentity } from './node-context.ts';
import { nodeDetail } from './node-detail.ts';
import { nodeStates, type Frame, type FrameRequest, type Health, type NodeInfo } from './snapshot.ts';
import type { World } from './world.ts';

const RUNNING = nodeStates.indexOf('running');
const FAULTED = nodeStates.indexOf('faulted');

/** What the pacing outside the kernel knows. */
export interface Pace {
  epoch: number;
  running: boolean;
  asked: number;
  reached: number;
}

export function buildFrame(world: World, pace: Pace, request: FrameRequest): Frame {
  const { kernel, edges } = world;
  const known = request.epoch === pace.epoch;
  const roster = world.slots?.roster ?? 0;
  world.slots?.refresh();
  const series = world.seriesOf(request.watched);
  series.keep(wholeHistory.seriesRows);
  // Whoever looks at a world that stands still sees one moment.
  world.measureEnergy(known && pace.running ? ENERGIES_A_FRAME : edges.length);
  return {
    epoch: pace.epoch,
    timeUs: kernel.nowUs,
    running: pace.running,
    speed: { asked: pace.asked, reached: pace.reached },
    strategy: world.strategy,
    nodes: copyOf(world.columns),
    roster,
    info: known && request.roster === roster ? null : world.nodes.map(({ identity }) => nodeInfo(world, identity)),
    hops: world.hops.take(),
    series: series.after(known ? request.seriesAfterS : -1),
    detail: request.wantDetail ? nodeDetail(world, request.selected) : null,
    health: health(world),
    notices: world.notices.toArray().filter(({ id }) => !known || id > request.lastNotice),
    bridge: world.bridge?.snapshot() ?? null,
    rollout: world.control?.rollout?.snapshot() ?? null,
    events: kernel.executed,
    lastEvent: pace.running ? '' : world.log.last,
  };
}

function nodeInfo(world: World, { id, index, tier }: NodeIdentity): NodeInfo {
  const slot = world.slots?.at(index);
  return { id, tier, kind: slot?.kind ?? 'simulated', mode: slot?.mode ?? 'simulated' };
}

/** Energies are sums over states; in a large fleet each frame brings up to date but a part of them. */
const ENERGIES_A_FRAME = 1000;

function health({ edges, columns, observer, totals, cloud }: World): Health {
  const [latencyMedianMs, latencyP95Ms] = cloud.latency.endToEndMs();
  const { state, anomaly, outputs, energyJ } = columns;
  let [running, faulted, anomalies, pumpsOn, energyEdgeJ, configPending] = [0, 0, 0, 0, 0, 0];
  for (const each of state) {
    if (each === RUNNING) running += 1;
    else if (each === FAULTED) faulted += 1;
  }
  for (let index = 0; index < edges.length; index += 1) {
    if (anomaly[index] !== 0) anomalies += 1;
    if ((outputs[index] & PUMP_BIT) !== 0) pumpsOn += 1;
    if (observer.seen[index].configsPending > 0) configPending += 1;
    energyEdgeJ += energyJ[index];
  }
  return {
    running,
    faulted,
    anomalies,
    pumpsOn,
    messages: observer.messages,
    lost: totals.lost,
    wakeups: totals.wakeups,
    latencyMedianMs,
    latencyP95Ms,
    configPending,
    energyEdgeJ,
  };
}
