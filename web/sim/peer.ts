/** What this page knows of an edge node that somebody else runs, learnt from its topics alone. */
import { configDefaults, Verdict } from '../guest/abi.gen.ts';
import { process } from '../guest/native.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { messageBytes } from '../protocol/message-bytes.ts';
import type { NodeConfig, NodeMetrics, Presence, Telemetry } from '../protocol/payloads.ts';
import type { RemoteDetail } from './bridge-snapshot.ts';
import { ClockEstimate } from './clock-estimate.ts';
import { Journal } from './journal.ts';
import { wholeHistory } from './kept-history.ts';
import { RecentValues } from './quantiles.ts';
import type { NodeState } from './snapshot.ts';

/** A board that says nothing for so many of its intervals, and at least so long, is taken for silent. */
const SILENT_INTERVALS = 5;
const LEAST_SILENCE_US = 15e6;
/** Guests round percentages their own way. */
const PERCENT_TOLERANCE = 1;
/** The median of the intervals is taken anew after so many readings: to sort them at each frame would cost more than all the rest. */
const MEDIAN_EVERY = 32;
/** History keeps milliseconds. */
const LEAST_STEP_US = 1000;

export class Peer {
  readonly id: string;
  readonly journal = new Journal(wholeHistory.journal);
  readonly clock = new ClockEstimate();
  readonly #intervals = new RecentValues(wholeHistory.readings);
  #intervalUs = NaN;
  #readings = 0;
  #presence: Presence | null = null;
  #metrics: NodeMetrics | null = null;
  #telemetry: Telemetry | null = null;
  /** In force as it says, else as it was last told; null when neither is known. */
  #config: NodeConfig | null = null;
  #evidence: RemoteDetail['evidence'] = 'none';
  #plain = true;
  /** -Infinity before the first message. */
  #heardUs = -Infinity;
  #readingUs = NaN;
  #sinceUs: number;
  #brokerUs = -Infinity;

  constructor(id: string, nowUs: number) {
    this.id = id;
    this.#sinceUs = nowUs;
  }

  get presence(): Presence | null {
    return this.#presence;
  }

  get telemetry(): Telemetry | null {
    return this.#telemetry;
  }

  /** Median of its last readings, microseconds; NaN before the second. */
  get intervalUs(): number {
    return this.#intervalUs;
  }

  get kind(): 'simulated' | 'real' {
    return this.#presence?.kind ?? 'real';
  }

  get owner(): string | null {
    return this.#presence?.owner ?? null;
  }

  /** What it computes with, as far as known. */
  get config(): Required<NodeConfig> {
    return { ...configDefaults, ...this.#config };
  }

  get evidence(): RemoteDetail['evidence'] {
    return this.#evidence;
  }

  /** Whether it has sent nothing but readings and text: it may not answer. */
  get plain(): boolean {
    return this.#plain;
  }

  /** @param alive whether the message shows that the node is there now */
  heard(message: MqttMessage, nowUs: number, alive: boolean): void {
    if (alive) this.#heardUs = nowUs;
    this.journal.message(nowUs, 'in', message, messageBytes(message));
  }

  tookPresence(presence: Presence): void {
    this.#presence = presence;
    this.#plain = false;
  }

  tookMetrics(metrics: NodeMetrics): void {
    this.#metrics = metrics;
    this.#plain = false;
  }

  /** It was told, by this page or another. */
  wasTold(config: NodeConfig): void {
    this.#config = { ...this.#config, ...config };
    this.#evidence = 'none';
  }

  acknowledged(inForce: NodeConfig): void {
    this.#config = inForce;
    this.#plain = false;
  }

  answered(): void {
    this.#plain = false;
  }

  tookReading(telemetry: Telemetry, nowUs: number): void {
    if (!Number.isNaN(this.#readingUs)) this.#intervals.add(nowUs - this.#readingUs);
    if (this.#readings < MEDIAN_EVERY || this.#readings % MEDIAN_EVERY === 0) this.#intervalUs = this.#intervals.quantiles(0.5)[0];
    this.#readings += 1;
    this.#readingUs = nowUs;
    this.#telemetry = telemetry;
    if (this.#config) this.#evidence = this.#fits(telemetry, this.#config) ? 'agrees' : 'disagrees';
  }

  /** When its reading was at the broker: never twice the same, since what waited there comes all at once. */
  brokerTimeUs(timeUs: number): number {
    this.#brokerUs = Math.max(this.#brokerUs + LEAST_STEP_US, Math.round(timeUs));
    return this.#brokerUs;
  }

  /** Its times go on by the clock of another world. */
  shift(byUs: number): void {
    this.#heardUs += byUs;
    this.#readingUs += byUs;
    this.#sinceUs += byUs;
    this.#brokerUs += byUs;
  }

  /** Whether its readings may be those of somebody who is gone. */
  gone(nowUs: number): boolean {
    return this.state(nowUs) !== 'running';
  }

  state(nowUs: number): NodeState {
    if (this.#presence) return this.#presence.online ? 'running' : 'off';
    const interval = this.intervalUs;
    const patienceUs = Math.max(LEAST_SILENCE_US, SILENT_INTERVALS * (Number.isNaN(interval) ? 0 : interval));
    return nowUs - this.#heardUs > patienceUs ? 'idle' : 'running';
  }

  /** Why it does not run, in plain words, or null. */
  reason(nowUs: number): string | null {
    const state = this.state(nowUs);
    if (state === 'off') return 'It is offline, as it or its last will has said.';
    if (state === 'idle' && this.#heardUs === -Infinity) return 'Nothing has been heard of it on the broker yet.';
    return state === 'idle' ? 'It has fallen silent, and it has no last will that would tell why.' : null;
  }

  knownForS(nowUs: number): number {
    return (nowUs - this.#sinceUs) / 1e6;
  }

  /** @param brokerErrorUs how well the way to the broker is known */
  detail(nowUs: number, brokerErrorUs: number): RemoteDetail {
    const [median, p95] = this.#intervals.quantiles(0.5, 0.95);
    const { samples, offsetUs, errorUs } = this.clock;
    return {
      kind: this.kind,
      owner: this.owner,
      online: this.#presence?.online ?? null,
      firmware: this.#presence?.firmware ?? null,
      plain: this.#plain,
      silentS: this.#heardUs === -Infinity ? NaN : (nowUs - this.#heardUs) / 1e6,
      intervalS: { median: median / 1e6, p95: p95 / 1e6 },
      metrics: this.#metrics,
      clock: samples === 0 ? null : { offsetMs: offsetUs / 1000, errorMs: errorUs / 1000, samples },
      latencyErrorMs: samples === 0 ? null : (errorUs + brokerErrorUs) / 1000,
      evidence: this.#evidence,
    };
  }

  /** Whether a guest with this configuration would have said so. With hysteresis the verdict depends on the past, too. */
  #fits({ raw, percent, irrigate }: Telemetry, { dry, wet, threshold, hysteresis = 0 }: NodeConfig): boolean {
    const verdict = process(raw, dry, wet, threshold);
    const expected = { percent: verdict & ~Verdict.irrigateBit, irrigate: (verdict & Verdict.irrigateBit) !== 0 };
    const between = raw <= threshold && raw > threshold - hysteresis;
    return Math.abs(expected.percent - percent) <= PERCENT_TOLERANCE && (between || expected.irrigate === irrigate);
  }
}
