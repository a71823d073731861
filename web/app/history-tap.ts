/** Carries what passes through a joined simulation to history's worker, in columns, a batch at a time. */
import { quantities, type HistoryEvent, type Quantity, type ToHistory } from '../history/history-port.ts';
import type { AnomalyCode, ConfigAck } from '../protocol/payloads.ts';
import type { Source, Tap, TapEventKind } from '../sim/tap.ts';
import type { World } from '../sim/world.ts';

const FIRST_ROOM = 1024;
const anomalyWords = ['No anomaly any more.', 'Spike.', 'Stuck value.', 'Out of range.'] as const;

export class HistoryTap implements Tap {
  readonly #post: (message: ToHistory, transfer: Transferable[]) => void;
  #world: World;
  /** Numbers of the series of each node, by id; one a quantity, -1 before it is declared. */
  readonly #declared = new Map<string, Int32Array>();
  /** The same by the index of the node in this world. */
  #numbers: Int32Array[] = [];
  #declarations: { node: string; quantity: Quantity }[] = [];
  #declaredCount = 0;
  #events: HistoryEvent[] = [];
  #series = new Uint32Array(FIRST_ROOM);
  #timeMs = new Float64Array(FIRST_ROOM);
  #value = new Float32Array(FIRST_ROOM);
  #length = 0;

  constructor(world: World, post: (message: ToHistory, transfer: Transferable[]) => void) {
    this.#world = world;
    this.#post = post;
  }

  attach(world: World): void {
    this.flush();
    this.#world = world;
    this.#numbers = [];
  }

  reading(index: number, timeUs: number, raw: number, percent: number, irrigate: boolean): void {
    this.#add(index, 'raw', timeUs, raw);
    this.#add(index, 'percent', timeUs, percent);
    this.#add(index, 'irrigate', timeUs, irrigate ? 1 : 0);
  }

  filtered(index: number, timeUs: number, fogEma: number): void {
    this.#add(index, 'fogEma', timeUs, fogEma);
  }

  analysed(index: number, timeUs: number, cloudEma: number, latencyMs: number | null): void {
    this.#add(index, 'cloudEma', timeUs, cloudEma);
    if (latencyMs !== null) this.#add(index, 'latencyMs', timeUs, latencyMs);
  }

  twin(index: number, timeUs: number, raw: number, percent: number): void {
    this.#add(index, 'twinRaw', timeUs, raw);
    this.#add(index, 'twinPercent', timeUs, percent);
  }

  anomaly(index: number, timeUs: number, code: AnomalyCode): void {
    this.#events.push({ timeMs: this.#wallMs(timeUs), node: this.#idOf(index), kind: 'anomaly', text: anomalyWords[code] });
  }

  acknowledged(index: number, { accepted, reason }: ConfigAck, payload: string): void {
    this.event(index, 'calibration', accepted ? `Configuration in force: ${payload}` : `Configuration refused: ${reason ?? ''}`);
  }

  presence(index: number, online: boolean): void {
    this.event(index, 'presence', online ? 'Online.' : 'Offline.');
  }

  event(index: number, kind: TapEventKind, text: string): void {
    this.#events.push({ timeMs: this.#wallMs(this.#world.kernel.nowUs), node: this.#idOf(index), kind, text });
  }

  source(index: number, { id, kind, owner, runtime, guestSha256 }: Source): void {
    const { tier } = this.#world.nodes[index].identity;
    this.#post({ kind: 'provenance', of: { node: id, tier, kind, owner, runtime, guestSha256 } }, []);
  }

  forgetFrom(index: number): void {
    this.#numbers.length = Math.min(this.#numbers.length, index);
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#declarations.length > 0) this.#post({ kind: 'declare', series: this.#declarations }, []);
    this.#declarations = [];
    if (this.#length > 0) {
      const [series, timeMs, value] = [this.#series, this.#timeMs, this.#value].map((column) => column.slice(0, this.#length));
      this.#length = 0;
      const columns = { series: series as Uint32Array, timeMs: timeMs as Float64Array, value: value as Float32Array };
      this.#post({ kind: 'samples', ...columns }, [series.buffer, timeMs.buffer, value.buffer] as ArrayBuffer[]);
    }
    if (this.#events.length > 0) this.#post({ kind: 'events', events: this.#events }, []);
    this.#events = [];
  }

  #add(index: number, quantity: Quantity, timeUs: number, value: number): void {
    if (this.#length === this.#series.length) this.#grow();
    this.#series[this.#length] = this.#numberOf(index, quantity);
    this.#timeMs[this.#length] = this.#wallMs(timeUs);
    this.#value[this.#length] = value;
    this.#length += 1;
  }

  #numberOf(index: number, quantity: Quantity): number {
    const place = quantities.indexOf(quantity);
    const numbers = (this.#numbers[index] ??= this.#numbersOf(this.#idOf(index)));
    if (numbers[place] < 0) {
      numbers[place] = this.#declaredCount;
      this.#declaredCount += 1;
      this.#declarations.push({ node: this.#idOf(index), quantity });
    }
    return numbers[place];
  }

  #numbersOf(id: string): Int32Array {
    const known = this.#declared.get(id) ?? new Int32Array(quantities.length).fill(-1);
    this.#declared.set(id, known);
    return known;
  }

  #idOf(index: number): string {
    return this.#world.nodes[index].identity.id;
  }

  /** To the millisecond, which is what history keeps. */
  #wallMs(timeUs: number): number {
    return Math.round((this.#world.wall.epochUs + timeUs) / 1000);
  }

  #grow(): void {
    const room = this.#series.length * 2;
    const [series, timeMs, value] = [new Uint32Array(room), new Float64Array(room), new Float32Array(room)];
    series.set(this.#series);
    timeMs.set(this.#timeMs);
    value.set(this.#value);
    [this.#series, this.#timeMs, this.#value] = [series, timeMs, value];
  }
}
