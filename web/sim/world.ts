/** One continuum: its nodes, its broker and all that can be done to it while it runs. */
import type { GuestEngine } from '../guest/engine.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { encodeNodeConfig, type NodeConfig } from '../protocol/payloads.ts';
import { DEFAULT_ROOT, nodeTopic } from '../protocol/topics.ts';
import type { Bridge } from './bridge.ts';
import type { BrokerPort } from './broker-port.ts';
import { CloudNode } from './cloud-node.ts';
import { EdgeBoard } from './edge-board.ts';
import { EdgeNode } from './edge-node.ts';
import { EventLog } from './event-log.ts';
import { newColumns } from './fleet-columns.ts';
import { FogNode } from './fog-node.ts';
import { HopBuffer } from './hop-buffer.ts';
import { Kernel } from './kernel.ts';
import { siteFor } from './models/site.ts';
import type { GuestInstaller } from './guest-installer.ts';
import type { DailyWeather } from './models/daily-weather.ts';
import { HourlyWeather } from './models/weather.ts';
import { keptHistory, type KeptHistory } from './kept-history.ts';
import type { FleetTotals, NodeContext, NodeIdentity } from './node-context.ts';
import { Observer } from './observer.ts';
import { Parameters } from './parameters.ts';
import { stream } from './random.ts';
import type { RemoteControl } from './remote-control.ts';
import { Ring } from './ring.ts';
import type { RunMeter } from './run-meter.ts';
import type { GuestId, Scenario } from './scenario.ts';
import type { FaultKind, NodeColumns, Notice, Strategy, Tier } from './snapshot.ts';
import type { Series } from './series.ts';
import type { Slot } from './slot.ts';
import type { Slots } from './slots.ts';
import type { StreamNode } from './stream-node.ts';
import type { Unobserved } from './unobserved.ts';
import { strategies } from './strategy.ts';

export interface WorldParts {
  scenario: Scenario;
  /** Every guest that the scenario names. */
  guests: ReadonlyMap<GuestId, LoadedGuest>;
  /** The same guests for the nodes that run theirs in a memory of its own. */
  alone: ReadonlyMap<GuestId, LoadedGuest>;
  newBroker(): BrokerPort;
  installer: GuestInstaller;
  engine: GuestEngine;
  weather: DailyWeather[];
  /** Null in runs that nobody measures. */
  meter: RunMeter | null;
  /**
   * Nobody looks at the world while it runs: no series, no journal, no log text, no hops, and the page's own client
   * hears of presences only. All that is simulated stays as it is, to the last bit; the digest is another, see `BriefLog`.
   */
  unobserved?: Unobserved;
}

/** Guests whose modules cannot filter a stream are replaced by this one on fog and cloud. */
const STREAM_GUEST: GuestId = 'c';

/** Ten thousand nodes fill buckets of a millisecond; fewer fill longer ones as well. */
function bucketUs(nodes: number): number {
  let [width, filling] = [1024, 10_000];
  while (filling > nodes && width < 131_072) {
    width *= 2;
    filling /= 2;
  }
  return width;
}

/** An edge node that was found on a broker and is none of the scenario's. */
export function isSlot(node: EdgeNode | StreamNode | Slot): node is Slot {
  return 'peer' in node;
}

export class World {
  readonly kernel: Kernel;
  readonly log: EventLog;
  readonly hops = new HopBuffer();
  readonly notices = new Ring<Notice>(100);
  readonly columns: NodeColumns;
  readonly totals: FleetTotals = { lost: 0, wakeups: 0 };
  readonly parameters: Parameters;
  readonly weather: HourlyWeather;
  readonly edges: EdgeNode[];
  readonly fog: FogNode;
  readonly cloud: CloudNode;
  readonly observer: Observer;
  /** Edge nodes, then fog and cloud, then edge nodes that were found on a broker: by index. */
  readonly nodes: (EdgeNode | StreamNode | Slot)[];
  readonly broker: BrokerPort;
  /** Nodes of others; null until a broker has been joined. */
  slots: Slots | null = null;
  readonly context: NodeContext;
  readonly #edgeContext: NodeContext;
  /** A broker apart, for a twin. */
  readonly newBroker: () => BrokerPort;
  /** The way to a broker outside; null while none is joined. */
  bridge: Bridge | null = null;
  readonly wall = { epochUs: 0 };
  /** Null until something was asked of a node over MQTT. */
  control: RemoteControl | null = null;
  readonly #guests: Map<GuestId, LoadedGuest>;
  readonly #alone: ReadonlyMap<GuestId, LoadedGuest>;
  readonly #ownMemory: number;
  readonly #kept: KeptHistory;
  readonly byId = new Map<string, EdgeNode | StreamNode | Slot>();
  readonly #chosen = new Map<string, GuestId>();
  #guestForAll: GuestId;
  #strategy: Strategy;
  #notices = 0;
  #energyNext = 0;

  constructor(parts: WorldParts) {
    const { scenario, guests, alone, weather, unobserved } = parts;
    const edgesOf = unobserved?.edgesOf;
    const fogOf = unobserved?.fogOf;
    this.kernel = edgesOf?.kernel ?? new Kernel(bucketUs(scenario.nodes));
    const broker = parts.newBroker();
    this.broker = broker;
    this.parameters = new Parameters(scenario.parameters);
    this.weather = edgesOf?.weather ?? new HourlyWeather(weather, scenario.start, this.parameters, scenario.seed);
    this.#guests = new Map(guests);
    this.#alone = alone;
    this.#ownMemory = scenario.ownMemory;
    this.#guestForAll = scenario.guest;
    for (const [id, guest] of Object.entries(scenario.guests)) this.#chosen.set(id, guest);
    this.#strategy = scenario.strategy;
    this.columns = newColumns(scenario.nodes + 2);
    this.#kept = unobserved?.kept ?? keptHistory(scenario.nodes);
    this.log = unobserved?.log ?? new EventLog(this.#kept.logEvents);
    const context = this.#newContext(parts, broker);
    this.context = context;
    this.newBroker = parts.newBroker;
    // An observed world has one context, which may be changed while it runs.
    const of = (side?: Partial<NodeContext>): NodeContext => (side ? { ...context, ...side } : context);
    this.#edgeContext = of(unobserved?.edge);
    this.edges =
      edgesOf?.edges ??
      Array.from({ length: scenario.nodes }, (_, index) => this.newEdge(this.#edgeContext, { index, id: `esp32-${index + 1}`, tier: 'edge' }, index));
    this.fog = fogOf?.fog ?? new FogNode(of(unobserved?.fog), this.#identity('fog', 0), this.#streamGuest('fog'), this.placement('fog'));
    this.cloud = new CloudNode(context, this.#identity('cloud', 1), this.#streamGuest('cloud'), this.placement('cloud'));
    this.nodes = [...this.edges, this.fog, this.cloud];
    for (const node of this.nodes) this.byId.set(node.identity.id, node);
    this.observer = new Observer({
      broker,
      columns: this.columns,
      root: DEFAULT_ROOT,
      weather: this.weather,
      listens: !unobserved,
      nowUs: () => this.kernel.nowUs,
      onLastWill: (id) => this.#lastWill(id, context),
    });
    for (const edge of this.edges) this.observer.show(edge.identity.index, edge.identity.id, edge);
    if (!fogOf) this.fog.start();
    this.cloud.start();
    if (!edgesOf) this.#switchOn(scenario);
  }

  #switchOn(scenario: Scenario): void {
    for (const edge of this.edges) {
      this.#applyStrategyTo(edge);
      edge.series.expect(this.lastComputed());
    }
    const stagger = stream(scenario.seed, 'boot');
    const spreadUs = this.parameters.us('node.bootSpreadMs', 1000);
    // Boards that are switched on together do not stay in step: their clocks and joins differ.
    for (const edge of this.edges) edge.powerOn(Math.floor(stagger.uniform() * spreadUs));
  }

  /** Of the edge node under this index; of the first for another index. */
  seriesOf(index: number): Series {
    const slot = this.slots?.at(index);
    if (slot && slot.mode !== 'simulated') return slot.series;
    return (slot?.edge ?? this.edges[index] ?? this.edges[0]).series;
  }

  get strategy(): Strategy {
    return this.#strategy;
  }

  /** Brings at most `most` edge nodes' energies in the columns up to date, the next ones at each call. */
  measureEnergy(most: number): void {
    const { edges, columns, kernel } = this;
    for (let left = Math.min(most, edges.length); left > 0; left -= 1) {
      this.#energyNext = (this.#energyNext + 1) % edges.length;
      columns.energyJ[this.#energyNext] = edges[this.#energyNext].board.energy.totalJ(kernel.nowUs);
    }
  }

  setStrategy(strategy: Strategy): void {
    this.#strategy = strategy;
    this.log.append(this.kernel.nowUs, 'page', 'strategy', strategy);
    for (const edge of this.edges) this.#applyStrategyTo(edge);
    for (const node of [this.fog, this.cloud]) this.#applyStrategyTo(node);
    this.observer.forget();
    this.cloud.forget();
    for (const edge of this.edges) edge.series.expect(this.lastComputed());
    for (const slot of this.slots?.all() ?? []) {
      this.#applyStrategyTo(slot);
      slot.series.expect(this.lastComputed());
    }
  }

  /** The last column of a series that comes in under the strategy in force. */
  lastComputed(): 'cloudEma' | 'fogEma' | 'raw' {
    if (this.placement('cloud') !== 'relay') return 'cloudEma';
    return this.placement('fog') !== 'relay' ? 'fogEma' : 'raw';
  }

  /** The loaded guest of this digest, or null. */
  guestBySha256(sha256: string): LoadedGuest | null {
    return this.#guests.get(sha256) ?? null;
  }

  /** Adds a guest that nodes can then be given. */
  addGuest(id: GuestId, guest: LoadedGuest): void {
    this.#guests.set(id, guest);
  }

  /** @param index one node, or null for all, those with a guest of their own included */
  setGuest(index: number | null, id: GuestId): void {
    if (index === null) {
      this.#guestForAll = id;
      this.#chosen.clear();
    } else this.#chosen.set(this.nodes[index].identity.id, id);
    this.log.append(this.kernel.nowUs, 'page', 'guest', `${index === null ? 'all' : this.nodes[index].identity.id} ${id}`);
    for (const node of index === null ? this.nodes : [this.nodes[index]]) this.#applyStrategyTo(node);
  }

  /** Sends `config` to one edge node, or to all, those of others included. */
  configure(index: number | null, config: NodeConfig): void {
    const targets = index === null ? this.nodes.filter(({ identity }) => identity.tier === 'edge') : [this.nodes[index]];
    for (const { identity } of targets) {
      this.observer.seen[identity.index].configsPending += 1;
      const topic = nodeTopic(DEFAULT_ROOT, identity.id, 'config');
      this.#edgeContext.log.append(this.kernel.nowUs, 'page', 'config', `${topic} ${encodeNodeConfig(config)}`);
      this.observer.publish({ topic, payload: encodeNodeConfig(config), qos: 1, retain: true });
    }
  }

  inject(index: number, fault: FaultKind | null): void {
    this.#simulatedEdge(index)?.inject(fault);
  }

  restart(index: number): void {
    const slot = this.slots?.at(index);
    if (slot && slot.mode !== 'simulated') this.bridge?.command(slot, 'restart');
    else (this.#simulatedEdge(index) ?? (this.nodes[index] as StreamNode)).restart();
  }

  power(index: number, on: boolean): void {
    const edge = this.#simulatedEdge(index);
    if (on) edge?.powerOn();
    else edge?.powerOff();
  }

  /** The node that this page simulates under the index: the edge node itself, or the twin beside a board. */
  #simulatedEdge(index: number): EdgeNode | null {
    const slot = this.slots?.at(index);
    if (!slot) return this.edges[index] ?? null;
    return slot.mode === 'simulated' ? slot.edge : (slot.twin?.node ?? null);
  }

  /** Frees every guest; the world must not run again. */
  stop(): void {
    this.slots?.stop();
    for (const edge of this.edges) edge.runner?.stop();
    for (const node of [this.fog, this.cloud]) node.shutDown();
  }

  #newContext({ scenario, engine, installer, meter, unobserved }: WorldParts, broker: BrokerPort): NodeContext {
    const { parameters } = this;
    return {
      kernel: this.kernel,
      log: this.log,
      parameters,
      broker,
      engine,
      root: DEFAULT_ROOT,
      seed: scenario.seed,
      qos: scenario.qos,
      retry: {
        timeoutUs: parameters.us('link.retryTimeoutMs', 1000),
        maxRetries: parameters.get('link.maxRetries'),
      },
      restart: {
        initialUs: parameters.us('node.restart.initialMs', 1000),
        maxUs: parameters.us('node.restart.maxMs', 1000),
        healthyUs: parameters.us('node.restart.healthyMs', 1000),
      },
      budget: parameters.get('node.sliceBudgetInstructions'),
      samplingUs: Math.round(parameters.get('node.sensor.samples') * parameters.get('node.sensor.sampleIntervalMs') * 1000),
      fogFilters: () => this.placement('fog') !== 'relay',
      wall: this.wall,
      sourceOf: (device) => this.slots?.get(device)?.kind ?? 'simulated',
      installer,
      controlled: false,
      onGuestReplaced: (index, guest) => this.#replaced(index, guest),
      kept: this.#kept,
      columns: this.columns,
      totals: this.totals,
      meter,
      onTransfer: unobserved ? null : (index, direction, message, lost) => this.hops.add(index, direction, message, lost),
      notify: (severity, nodeIndex, text) => this.notify(severity, nodeIndex, text),
    };
  }

  notify(severity: Notice['severity'], nodeIndex: number | null, text: string): void {
    this.#notices += 1;
    this.notices.push({ id: this.#notices, timeUs: this.kernel.nowUs, severity, nodeIndex, text });
    if (severity === 'error' && nodeIndex !== null) this.observer.tap?.event(nodeIndex, 'fault', text);
  }

  /** Null for an id that no node of this page has. */
  nodeOf(id: string): EdgeNode | StreamNode | Slot | null {
    return this.byId.get(id) ?? null;
  }

  /** The guest came over the air: it is the node's own from now on. */
  #replaced(index: number, guest: LoadedGuest): void {
    this.#guests.set(guest.sha256, guest);
    this.#chosen.set(this.nodes[index].identity.id, guest.sha256);
  }

  #lastWill(id: string, context: NodeContext): void {
    const slot = this.slots?.get(id);
    const text = slot ? `${id} is offline, as it or its last will has said.` : `The broker has lost ${id}: its last will says it is offline.`;
    this.log.append(this.kernel.nowUs, 'broker', 'will', id);
    context.notify('warning', this.byId.get(id)?.identity.index ?? null, text);
  }

  /** An edge node with a site of its own, not switched on. */
  newEdge(context: NodeContext, identity: NodeIdentity, siteIndex: number): EdgeNode {
    const { parameters, weather } = this;
    const site = siteFor(siteIndex, context.seed, parameters);
    const board = new EdgeBoard(identity.id, site, weather, parameters, context.seed);
    return new EdgeNode(context, identity, board, this.#edgeGuest(identity));
  }

  #identity(id: 'fog' | 'cloud', after: number): { index: number; id: string; tier: Tier } {
    return { index: this.edges.length + after, id, tier: id };
  }

  placement(tier: Tier) {
    return strategies[this.#strategy].placement[tier];
  }

  /** What a node of this id runs where it runs wasm. */
  guestOf(id: string): LoadedGuest {
    return this.#named(this.#chosen.get(id) ?? this.#guestForAll);
  }

  #edgeGuest({ id, index }: NodeIdentity): LoadedGuest {
    const guest = this.guestOf(id);
    return index < this.#ownMemory ? (this.#alone.get(guest.sha256) ?? guest) : guest;
  }

  #streamGuest(id: string): LoadedGuest {
    const guest = this.guestOf(id);
    return guest.checked.filterValue && guest.checked.detectAnomaly ? guest : this.#named(STREAM_GUEST);
  }

  #named(id: GuestId): LoadedGuest {
    const guest = this.#guests.get(id);
    if (!guest) throw new Error(`The guest ${id} is not loaded.`);
    return guest;
  }

  #applyStrategyTo(node: EdgeNode | StreamNode | Slot): void {
    const { id, tier } = node.identity;
    const placement = this.placement(tier);
    if (isSlot(node)) {
      for (const edge of [node.edge, node.twin?.node]) edge?.run(this.#edgeGuest(node.identity), placement === 'native');
    } else if (tier === 'edge') (node as EdgeNode).run(this.#edgeGuest(node.identity), placement === 'native');
    else (node as StreamNode).run(this.#streamGuest(id), placement);
  }
}
