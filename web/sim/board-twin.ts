/**
 * The simulated shadow of a board: the same guest and configuration in simulated soil, on a broker of its own so that
 * nothing it says reaches fog or cloud. Each reading of the board is compared with the twin's last one.
 */
import { telemetryIn } from '../protocol/message.ts';
import { encodeNodeConfig, type NodeConfig, type Telemetry } from '../protocol/payloads.ts';
import { nodeTopic } from '../protocol/topics.ts';
import type { TwinDetail } from './bridge-snapshot.ts';
import type { BrokerSession } from './broker-port.ts';
import type { EdgeNode } from './edge-node.ts';
import { RecentValues } from './quantiles.ts';
import { saturationShareAt } from './models/probe-inverse.ts';
import { RunningSum } from './models/running-sum.ts';
import type { NodeContext } from './node-context.ts';
import type { Parameters } from './parameters.ts';

const COMPARISONS_KEPT = 512;

/** Differences, twin less board. */
class Differences {
  readonly #sum = new RunningSum();
  readonly #sumAbsolute = new RunningSum();
  readonly #recent = new RecentValues(COMPARISONS_KEPT);
  #last = NaN;
  #count = 0;

  add(difference: number): void {
    this.#last = difference;
    this.#count += 1;
    this.#sum.add(difference);
    this.#sumAbsolute.add(Math.abs(difference));
    this.#recent.add(Math.abs(difference));
  }

  detail(): TwinDetail['rawError'] {
    const [p95Absolute] = this.#recent.quantiles(0.95);
    return {
      last: this.#last,
      mean: this.#sum.value / this.#count,
      meanAbsolute: this.#sumAbsolute.value / this.#count,
      p95Absolute,
    };
  }
}

export class BoardTwin {
  readonly node: EdgeNode;
  readonly #root: string;
  readonly #parameters: Parameters;
  readonly #nowUs: () => number;
  readonly #session: BrokerSession;
  readonly #raw = new Differences();
  readonly #percent = new Differences();
  readonly #twinIntervals = new RecentValues(COMPARISONS_KEPT);
  readonly #boardIntervals = new RecentValues(COMPARISONS_KEPT);
  readonly #recent: { timeS: number; board: number; twin: number }[] = [];
  #reading: Telemetry | null = null;
  #readingUs = NaN;
  #boardUs = NaN;
  #comparisons = 0;
  #decisionsApart = 0;
  #alignedUs: number | null = null;

  /**
   * @param node edge node of the same id that has not been switched on and is the only one on its broker
   * @param context the node's own
   */
  constructor(node: EdgeNode, { broker, root, parameters, kernel }: NodeContext, config: NodeConfig) {
    this.node = node;
    this.#root = root;
    this.#parameters = parameters;
    this.#nowUs = () => kernel.nowUs;
    this.#session = broker.connect('$page', {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message) => this.#hear(telemetryIn(message)),
    });
    this.#session.subscribe(nodeTopic(root, node.identity.id, 'data'), 0);
    this.configure(config);
    node.powerOn();
  }

  /** The board computes with this, so its twin does. */
  configure(config: NodeConfig): void {
    const topic = nodeTopic(this.#root, this.node.identity.id, 'config');
    this.#session.publish({ topic, payload: encodeNodeConfig(config), qos: 1, retain: true });
  }

  /** Makes the twin's soil as wet as the board's last reading says. */
  align(raw: number): void {
    this.#alignedUs = this.#nowUs();
    const { board } = this.node;
    const { soil } = board;
    board.waterTo(this.#alignedUs);
    soil.assimilate(saturationShareAt(this.#parameters, raw) * soil.parameters.saturation);
  }

  /** The board has spoken. The twin's last reading, or null before its first. */
  compare(board: Telemetry): Telemetry | null {
    const nowUs = this.#nowUs();
    if (!Number.isNaN(this.#boardUs)) this.#boardIntervals.add(nowUs - this.#boardUs);
    this.#boardUs = nowUs;
    // A twin begins where its board is; from then on the model is on its own.
    if (this.#alignedUs === null && board.raw >= 0) this.align(board.raw);
    const twin = this.#reading;
    if (!twin) return null;
    this.#comparisons += 1;
    this.#raw.add(twin.raw - board.raw);
    this.#percent.add(twin.percent - board.percent);
    if (twin.irrigate !== board.irrigate) this.#decisionsApart += 1;
    this.#recent.push({ timeS: nowUs / 1e6, board: board.raw, twin: twin.raw });
    if (this.#recent.length > COMPARISONS_KEPT) this.#recent.shift();
    return twin;
  }

  stop(): void {
    this.node.withdraw('No twin any more.');
    this.#session.disconnect();
  }

  detail(): TwinDetail {
    const seconds = (intervals: RecentValues): number => intervals.quantiles(0.5)[0] / 1e6;
    return {
      comparisons: this.#comparisons,
      rawError: this.#raw.detail(),
      percentError: this.#percent.detail(),
      decisionsApart: this.#decisionsApart,
      intervalS: { board: seconds(this.#boardIntervals), twin: seconds(this.#twinIntervals) },
      recent: {
        timeS: Float64Array.from(this.#recent, ({ timeS }) => timeS),
        board: Float32Array.from(this.#recent, ({ board }) => board),
        twin: Float32Array.from(this.#recent, ({ twin }) => twin),
      },
      alignedAtS: this.#alignedUs === null ? null : this.#alignedUs / 1e6,
    };
  }

  #hear(reading: { ok: true; value: Telemetry } | { ok: false }): void {
    if (!reading.ok) return;
    const nowUs = this.#nowUs();
    if (!Number.isNaN(this.#readingUs)) this.#twinIntervals.add(nowUs - this.#readingUs);
    this.#readingUs = nowUs;
    this.#reading = reading.value;
  }
}
