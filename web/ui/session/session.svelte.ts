/** The page's view of one run: pulls frames from the simulation and turns wishes into calls. */
import { configDefaults } from '../../guest/config-defaults.gen.ts';
import type { NodeConfig } from '../../protocol/payloads.ts';
import { defaultScenario, type GuestId, type Scenario } from '../../sim/scenario.ts';
import type {
  FaultKind,
  Frame,
  FrameRequest,
  NodeDetail,
  NodeInfo,
  Notice,
  SeriesColumns,
  Strategy,
} from '../../sim/snapshot.ts';
import { nodesAsked, slowToBuild } from './fleet-size.ts';
import type { GuestAnswer, ExportedLog, LoadedAddress, OutsidePort, SimulationPort } from '../simulation-port.ts';

/** Every other picture of a screen: figures that change faster cannot be read; what moves on the canvas moves in between. */
const FRAME_AFTER_MS = 20;
/** In a fleet of so many nodes a frame is half a megabyte, and no single change in it can be followed. */
const LARGE_FLEET = 1000;
/** Also of a world that stands still: what is done to it shows at once all the same. */
const SELDOM_AFTER_MS = 100;
const COVERED_AFTER_MS = 500;
const DETAIL_EVERY_MS = 200;
const NOTICES_KEPT = 100;

/** New points of one node's series. */
export interface SeriesChunk {
  node: number;
  epoch: number;
  columns: SeriesColumns;
}

export class Session {
  /** For what is asked of the simulation and changes nothing here. */
  readonly port: SimulationPort;
  /** Raw: it is posted to the worker, which no proxy can be. */
  #scenario = $state.raw<Scenario>(defaultScenario);
  #frame = $state.raw<Frame | null>(null);
  #info = $state.raw<NodeInfo[]>([]);
  #detail = $state.raw<NodeDetail | null>(null);
  #series = $state.raw<SeriesChunk | null>(null);
  #notices = $state.raw<Notice[]>([]);
  #problems = $state.raw<string[]>([]);
  #selected = $state(0);
  #watched = $state(0);
  #failure = $state<string | null>(null);
  #building = $state<number | null>(null);
  #seriesAfterS = -1;
  #detailAtMs = -Infinity;
  #fleetConfig = $state.raw<Required<NodeConfig>>({ ...configDefaults });
  #asking = false;
  /** Something lies over the whole page, so nobody sees its frames. */
  covered = false;
  /** Called once, when the first telemetry is in a frame. */
  onFirstTelemetry: () => void = () => undefined;

  constructor(port: SimulationPort) {
    this.port = port;
  }

  /** The last frame; null before the first. */
  get frame(): Frame | null {
    return this.#frame;
  }

  get info(): NodeInfo[] {
    return this.#info;
  }

  /** Of the selected node; the last one that came. */
  get detail(): NodeDetail | null {
    return this.#detail?.index === this.#selected ? this.#detail : null;
  }

  get series(): SeriesChunk | null {
    return this.#series;
  }

  /** The latest first. */
  get notices(): Notice[] {
    return this.#notices;
  }

  /** What could not be done as asked, as sentences, until dismissed. */
  get problems(): string[] {
    return this.#problems;
  }

  /** Why the simulation has stopped for good, or null. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Edge nodes of the world that is being built, when they are so many that it takes a while; else null. */
  get building(): number | null {
    return this.#building;
  }

  get selected(): number {
    return this.#selected;
  }

  /** The edge node whose series is drawn: the selected one, or the last one that was. */
  get watched(): number {
    return this.#watched;
  }

  /** Last sent to all nodes; what they boot with before that. */
  get fleetConfig(): Required<NodeConfig> {
    return this.#fleetConfig;
  }

  get scenario(): Scenario {
    return this.#scenario;
  }

  select(index: number): void {
    this.#selected = index;
    this.#detailAtMs = -Infinity;
    if (this.#info[index]?.tier !== 'edge' || index === this.#watched) return;
    this.#watched = index;
    this.#seriesAfterS = -1;
  }

  /** Builds the world of an address (without its `#`). */
  async loadAddress(address: string, problems: string[]): Promise<void> {
    await this.#build(nodesAsked(address), async () => {
      const loaded = await this.port.loadAddress(address);
      this.took({ ...loaded, problems: [...problems, ...loaded.problems] });
    });
  }

  /** Rebuilds the world; it runs on if it ran. */
  async load(scenario: Scenario): Promise<void> {
    await this.#build(scenario.nodes, async () => {
      const stopped = this.#failure !== null;
      this.took(await this.port.load(scenario));
      if (stopped) await this.port.run();
    });
  }

  /** Asks for the whole series of the watched node again: who drew it has forgotten it. */
  renewSeries(): void {
    this.#series = null;
    this.#seriesAfterS = -1;
  }

  async #build(nodes: number, work: () => Promise<void>): Promise<void> {
    this.#building = slowToBuild(nodes);
    await this.#attempt(work);
    this.#building = null;
  }

  /** A world was built. */
  took({ scenario, problems }: LoadedAddress): void {
    this.#scenario = scenario;
    this.#problems = problems;
    this.#failure = null;
    this.#fleetConfig = { ...configDefaults };
    this.#detail = null;
    this.#series = null;
    const { tier } = this.#info[this.#selected] ?? {};
    // Fog and cloud come after the edge nodes, so their places change with the fleet.
    if (tier === 'fog' || tier === 'cloud') this.#selected = scenario.nodes + (tier === 'fog' ? 0 : 1);
    else if (this.#selected >= scenario.nodes) this.#selected = 0;
    if (this.#watched >= scenario.nodes) this.#watched = 0;
    this.#detailAtMs = -Infinity;
  }

  /** The simulation cannot go on; `reason` says so and what to do. */
  fail(reason: string): void {
    this.#failure = reason;
  }

  dismissProblems(): void {
    this.#problems = [];
  }

  /** After how many milliseconds the next frame is wanted. */
  get frameAfterMs(): number {
    if (this.covered) return COVERED_AFTER_MS;
    return this.#info.length > LARGE_FLEET || this.#frame?.running === false ? SELDOM_AFTER_MS : FRAME_AFTER_MS;
  }

  /** Asks for the next frame, unless one is on its way. */
  async pull(nowMs: number): Promise<void> {
    if (this.#asking || this.#failure) return;
    this.#asking = true;
    const wantDetail = nowMs - this.#detailAtMs >= DETAIL_EVERY_MS;
    if (wantDetail) this.#detailAtMs = nowMs;
    const request: FrameRequest = {
      epoch: this.#frame?.epoch ?? -1,
      roster: this.#frame?.roster ?? 0,
      selected: this.#selected,
      watched: this.#watched,
      seriesAfterS: this.#seriesAfterS,
      lastNotice: this.#notices[0]?.id ?? 0,
      wantDetail,
    };
    try {
      this.#take(await this.port.frame(request), request);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#failure = `The simulation stopped: ${reason} Reset to start it again.`;
    } finally {
      this.#asking = false;
    }
  }

  run(): void {
    this.#ask((port) => port.run());
  }

  pause(): void {
    this.#ask((port) => port.pause());
  }

  stepEvent(): void {
    this.#ask((port) => port.stepEvent());
  }

  advanceBy(deltaUs: number): void {
    const nowUs = this.#frame?.timeUs ?? 0;
    this.#ask((port) => port.advanceTo(nowUs + deltaUs));
  }

  advanceTo(timeUs: number): Promise<void> {
    return this.port.advanceTo(timeUs);
  }

  async reset(): Promise<void> {
    await this.load(this.#scenario);
  }

  setSpeed(speed: number): void {
    this.#ask((port) => port.setSpeed(speed));
  }

  setStrategy(strategy: Strategy): void {
    this.#scenario = { ...this.#scenario, strategy };
    this.#ask((port) => port.setStrategy(strategy));
  }

  async addGuest(name: string, bytes: Uint8Array): Promise<GuestAnswer> {
    let answer: GuestAnswer;
    try {
      answer = await this.port.addGuest(name, bytes);
    } catch (error) {
      answer = { ok: false, reason: `${name} could not be checked: ${error instanceof Error ? error.message : String(error)}` };
    }
    if (!answer.ok) this.report(answer.reason);
    return answer;
  }

  /** @param index one node, or null for all */
  async setGuest(index: number | null, id: GuestId): Promise<void> {
    await this.#attempt(async () => {
      const refusal = await this.port.setGuest(index, id);
      if (refusal) {
        this.report(refusal);
        return;
      }
      const now = this.#scenario;
      this.#scenario =
        index === null
          ? { ...now, guest: id, guests: {} }
          : { ...now, guests: withGuest(now, this.#info[index].id, id) };
    });
  }

  /** Sends a configuration to one node or, with null, to all; resolves when it is on its way. */
  async configure(index: number | null, config: NodeConfig): Promise<void> {
    if (index === null) this.#fleetConfig = { ...this.#fleetConfig, ...config };
    await this.#attempt(() => this.port.configure(index, config));
  }

  /** Asks something of what leads out of the page; a sentence for an answer is a refusal, and is reported. */
  askOutside(question: (port: OutsidePort) => Promise<unknown>): void {
    this.#ask(async (port) => {
      const refusal = await question(await port.outside());
      if (typeof refusal === 'string') this.report(refusal);
    });
  }

  #ask(question: (port: SimulationPort) => Promise<void>): void {
    void this.#attempt(() => question(this.port));
  }

  inject(index: number, fault: FaultKind | null): void {
    this.#ask((port) => port.inject(index, fault));
  }

  restart(index: number): void {
    this.#ask((port) => port.restart(index));
  }

  power(index: number, on: boolean): void {
    this.#ask((port) => port.power(index, on));
  }

  log(): Promise<ExportedLog> {
    return this.port.log();
  }

  #take(frame: Frame, request: FrameRequest): void {
    const rebuilt = frame.epoch !== request.epoch;
    if (rebuilt) this.#seriesAfterS = -1;
    if (frame.info) this.#info = frame.info;
    if (frame.detail) this.#detail = frame.detail;
    if (frame.notices.length > 0 || rebuilt) {
      const kept = rebuilt ? [] : this.#notices;
      this.#notices = [...frame.notices.toReversed(), ...kept].slice(0, NOTICES_KEPT);
    }
    // The user may have chosen another node while the frame was on its way.
    if (request.watched === this.#watched && (rebuilt || request.seriesAfterS === this.#seriesAfterS)) {
      this.#takeSeries(frame.series, frame.epoch);
    }
    this.#frame = frame;
  }

  #takeSeries(columns: SeriesColumns, epoch: number): void {
    const { length } = columns.timeS;
    if (length === 0) return;
    if (this.#seriesAfterS < 0) this.onFirstTelemetry();
    this.#seriesAfterS = columns.timeS[length - 1];
    this.#series = { node: this.#watched, epoch, columns };
  }

  /** Shows a sentence until it is dismissed. */
  report(problem: string): void {
    this.#problems = [...this.#problems, problem];
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.report(error instanceof Error ? error.message : String(error));
    }
  }
}

/** The nodes with a guest of their own; one that runs what all run has none. */
function withGuest({ guest, guests }: Scenario, node: string, id: GuestId): Record<string, GuestId> {
  const others = Object.entries(guests).filter(([each]) => each !== node);
  return Object.fromEntries(id === guest ? others : [...others, [node, id]]);
}
