/** Builds what the page draws of a world. */
import type { EdgeNode } from './edge-node.ts';
import { nodeDetail } from './node-detail.ts';
import {
  faultKinds,
  nodeStates,
  type Frame,
  type FrameRequest,
  type Health,
  type NodeColumns,
  type NodeInfo,
} from './snapshot.ts';
import type { World } from './world.ts';

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
  const watched = edges[request.watched] ?? edges[0];
  return {
    epoch: pace.epoch,
    timeUs: kernel.nowUs,
    running: pace.running,
    speed: { asked: pace.asked, reached: pace.reached },
    strategy: world.strategy,
    nodes: nodeColumns(world),
    info: known ? null : world.nodes.map((node): NodeInfo => ({
      id: node.identity.id,
      tier: node.identity.tier,
      kind: 'simulated',
    })),
    hops: world.hops.take(),
    series: watched.series.after(known ? request.seriesAfterS : -1),
    detail: request.wantDetail ? nodeDetail(world, request.selected) : null,
    health: health(world),
    notices: world.notices.toArray().filter(({ id }) => !known || id > request.lastNotice),
    events: kernel.executed,
    lastEvent: pace.running ? '' : world.log.last,
  };
}

function nodeColumns(world: World): NodeColumns {
  const { edges, nodes, observer, kernel } = world;
  const columns: NodeColumns = {
    state: Uint8Array.from(nodes, (node) => nodeStates.indexOf(node.state)),
    raw: new Float32Array(nodes.length).fill(NaN),
    percent: new Float32Array(nodes.length).fill(NaN),
    anomaly: new Uint8Array(nodes.length),
    outputs: new Uint8Array(nodes.length),
    fault: new Uint8Array(nodes.length),
    published: Uint32Array.from(nodes, (node) => node.journal.traffic.messagesOut),
    energyJ: new Float64Array(nodes.length).fill(NaN),
    instructionsPerStep: new Float64Array(nodes.length).fill(NaN),
  };
  edges.forEach((edge, index) => {
    const seen = observer.seen[index];
    columns.raw[index] = seen.raw;
    columns.percent[index] = seen.percent;
    columns.anomaly[index] = seen.anomaly;
    columns.outputs[index] = edge.board.outputs;
    columns.fault[index] = edge.fault ? 1 + faultKinds.indexOf(edge.fault) : 0;
    columns.energyJ[index] = edge.board.energy.totalJ(kernel.nowUs);
    columns.instructionsPerStep[index] = edge.runner?.instructionsPerStep ?? NaN;
  });
  for (const node of [world.fog, world.cloud]) {
    columns.instructionsPerStep[node.identity.index] = node.instructionsPerStep;
  }
  return columns;
}

function health({ edges, nodes, observer, cloud, kernel }: World): Health {
  const [latencyMedianMs, latencyP95Ms] = cloud.latency.endToEndMs();
  const count = (of: (edge: EdgeNode, index: number) => boolean): number => edges.filter(of).length;
  return {
    running: nodes.filter(({ state }) => state === 'running').length,
    faulted: nodes.filter(({ state }) => state === 'faulted').length,
    anomalies: count((_, index) => observer.seen[index].anomaly !== 0),
    pumpsOn: count(({ board }) => board.pumpOn),
    messages: observer.messages,
    lost: nodes.reduce((sum, { journal }) => sum + journal.traffic.lost, 0),
    latencyMedianMs,
    latencyP95Ms,
    configPending: count((_, index) => observer.seen[index].configsPending > 0),
    energyEdgeJ: edges.reduce((sum, { board }) => sum + board.energy.totalJ(kernel.nowUs), 0),
  };
}
