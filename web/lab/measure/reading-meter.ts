/** Listens to a run that is measured: how long readings take on their way, and how dry the soil is meanwhile. */
import { Place, stampNames, type Stamps } from '../../protocol/latency.ts';
import type { EdgeNode } from '../../sim/edge-node.ts';
import { saturationShareAt } from '../../sim/models/probe-inverse.ts';
import type { RunMeter } from '../../sim/run-meter.ts';
import type { World } from '../../sim/world.ts';
import { Durations } from './durations.ts';

/** The soil of one edge node as its readings show it. */
class Dryness {
  readonly #node: EdgeNode;
  #sinceUs: number;
  #dry: boolean;
  #stressed: boolean;
  #threshold = NaN;
  /** Drier than this, a probe without noise reads more than the threshold. */
  #thresholdWater = NaN;
  readings = 0;
  dryUs = 0;
  stressedUs = 0;

  /** The node's soil is up to date. */
  constructor(node: EdgeNode, nowUs: number) {
    this.#node = node;
    this.#sinceUs = nowUs;
    this.#dry = this.#isDry();
    this.#stressed = node.board.soil.stress < 1;
  }

  /** The state before holds for the first half of the time since, the state now for the second. */
  look(nowUs: number): void {
    const halfUs = (nowUs - this.#sinceUs) / 2;
    const dry = this.#isDry();
    const stressed = this.#node.board.soil.stress < 1;
    this.dryUs += halfUs * (Number(this.#dry) + Number(dry));
    this.stressedUs += halfUs * (Number(this.#stressed) + Number(stressed));
    this.#sinceUs = nowUs;
    this.#dry = dry;
    this.#stressed = stressed;
  }

  #isDry(): boolean {
    const { board, threshold, context } = this.#node;
    if (threshold !== this.#threshold) {
      this.#threshold = threshold;
      this.#thresholdWater = saturationShareAt(context.parameters, threshold) * board.soil.parameters.saturation;
    }
    return board.soil.waterContent < this.#thresholdWater;
  }
}

export class ReadingMeter implements RunMeter {
  /** By the place of the stamp that ends the hop. */
  readonly hops = stampNames.map(() => new Durations());
  /** From the sensor's reading to the last stamp. */
  readonly endToEnd = new Durations();
  /** Results that have come to their end, those without a sensor's stamp included. */
  results = 0;
  #world: World | null = null;
  /** By the node's index; empty when another meter listens to the edge nodes. */
  #dryness: (Dryness | undefined)[] = [];
  readonly #beside: ReadingMeter | null;

  /** @param beside the meter of the world whose edge nodes this one's shares, to which alone they tell their readings */
  constructor(beside: ReadingMeter | null = null) {
    this.#beside = beside;
  }

  /** Forgets what was before and listens from now on. The world's soils are up to date. */
  begin(world: World): void {
    this.#world = world;
    this.#dryness = [];
    for (const durations of [...this.hops, this.endToEnd]) durations.clear();
    this.results = 0;
    if (this.#beside) return;
    const { nowUs } = world.kernel;
    for (const node of simulatedEdges(world)) this.#dryness[node.identity.index] = new Dryness(node, nowUs);
  }

  /** Ends the last stretch between two readings now. The world's soils are up to date. */
  bringUpToDate(nowUs: number): void {
    for (const dryness of this.#dryness) dryness?.look(nowUs);
  }

  /** Of the simulated node under this index; null for one that was not simulated at the beginning. */
  drynessOf(index: number): { readings: number; dryUs: number; stressedUs: number } | null {
    return this.#beside ? this.#beside.drynessOf(index) : (this.#dryness[index] ?? null);
  }

  sensed(index: number): void {
    const dryness = this.#dryness[index];
    if (!dryness || !this.#world) return;
    dryness.readings += 1;
    dryness.look(this.#world.kernel.nowUs);
  }

  arrived(stamps: Stamps): void {
    this.results += 1;
    let first = stamps;
    while (first.before) {
      this.hops[first.place]!.add(first.timeUs - first.before.timeUs);
      first = first.before;
    }
    if (first.place === Place.sampledAt && first !== stamps) this.endToEnd.add(stamps.timeUs - first.timeUs);
  }
}

/** The edge nodes that this page computes: not those that a board or another page speaks for. */
export function simulatedEdges(world: World): EdgeNode[] {
  const { edges, slots } = world;
  const own = edges.filter(({ identity }) => (slots?.at(identity.index)?.mode ?? 'simulated') === 'simulated');
  const found = [...(slots?.all() ?? [])].flatMap(({ mode, edge }) => (mode === 'simulated' && edge && !own.includes(edge) ? [edge] : []));
  return [...own, ...found];
}
