/** A hostile guest on one edge node of a whole simulated continuum, beside the same continuum without it. */
import { createEngine, type GuestEngine } from '../../guest/engine.ts';
import { loadGuest, type GuestLimits, type LoadedGuest } from '../../guest/loaded-guest.ts';
import type { LoopGuest } from '../../guest/types.ts';
import type { BrokerPort } from '../../sim/broker-port.ts';
import type { DailyWeather } from '../../sim/models/daily-weather.ts';
import type { ParameterOverrides } from '../../sim/parameters.ts';
import { defaultScenario, type GuestId, type Scenario } from '../../sim/scenario.ts';
import { nodeStates } from '../../sim/snapshot.ts';
import { World } from '../../sim/world.ts';
import { topicBreach } from './bare-host.ts';
import { PASSED } from './hostile-guest.ts';
import { differing } from './honest-guest.ts';
import type { End, Observation } from './observation.ts';
import { refused } from './transformed-run.ts';

/** Long enough for all boards to join, for some readings, and for a guest that ends to be started again. */
const RUN_S = 20;
const NODES = 3;
const HOSTILE = 1;
const hostileId = `esp32-${HOSTILE + 1}`;
const neighbourIds = ['esp32-1', 'esp32-3'];
const pins = new Set(['18', '19', '21', '23', 'all']);
const MOST_KEPT = 3;
/** Links whose chance is switched off: else one message less gives all later ones other latencies. */
const steadyLinks: ParameterOverrides = {
  'link.wifi.latencySigma': 0,
  'link.lan.latencySigma': 0,
  'link.wan.latencySigma': 0,
  'link.wifi.lossProbability': 0,
  'link.wan.lossProbability': 0,
};

export interface NodeParts {
  honest: LoadedGuest;
  limits: GuestLimits;
  weather: DailyWeather[];
  newBroker(): BrokerPort;
  nowMs(): number;
}

interface Watched {
  /** What each neighbour did, with its virtual time. */
  acts: string[];
  /** Virtual microseconds at which a neighbour's reading came to the fog and to the cloud, by node, topic and place. */
  arrivals: Map<string, number>;
  /** What the fog and the cloud made of the neighbours' readings. */
  results: string[];
  hostileActs: { kind: string; detail: string }[];
  finished: World;
}

/** Times the slices of one guest. */
class TimedLoop implements LoopGuest {
  readonly #loop: LoopGuest;
  readonly #nowMs: () => number;
  readonly #took: (ms: number) => void;

  constructor(loop: LoopGuest, nowMs: () => number, took: (ms: number) => void) {
    this.#loop = loop;
    this.#nowMs = nowMs;
    this.#took = took;
  }
  start(): Promise<void> {
    return this.#slice(() => this.#loop.start());
  }
  resume(value: number): Promise<void> {
    return this.#slice(() => this.#loop.resume(value));
  }
  retired(): number {
    return this.#loop.retired();
  }
  stop(): void {
    this.#loop.stop();
  }
  memory() {
    return this.#loop.memory();
  }
  async #slice(run: () => void | Promise<void>): Promise<void> {
    const began = this.#nowMs();
    await run();
    this.#took(this.#nowMs() - began);
  }
}

export class NodeRuns {
  readonly #parts: NodeParts;
  #engine: Promise<GuestEngine> | null = null;
  #undisturbed: Promise<Watched> | null = null;

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  async run(name: string, bytes: Uint8Array): Promise<Observation> {
    const { limits, nowMs, honest } = this.#parts;
    const undisturbed = await (this.#undisturbed ??= this.#simulate(honest, () => undefined));
    const loadBegan = nowMs();
    const loaded = await loadGuest(name, bytes, limits);
    const loadMs = nowMs() - loadBegan;
    if (!loaded.ok) return refused(loaded.reason, loadMs);
    if (!loaded.guest.metered) return refused(`It uses ${loaded.guest.obstacle?.feature ?? 'what cannot be rewritten'}; this run is of guests that are counted.`, loadMs);
    if (!loaded.guest.checked.entry) return refused('It exports no `main`, so there is no loop to run.', loadMs);
    const slicesMs: number[] = [];
    let seen: Watched;
    try {
      seen = await this.#simulate(loaded.guest, (ms) => slicesMs.push(ms));
    } catch (error) {
      return { ...refused('', loadMs), end: { kind: 'host-failed', said: error instanceof Error ? error.message : String(error) } };
    }
    return this.#observed(seen, undisturbed, slicesMs);
  }

  #observed({ acts, arrivals, results, hostileActs, finished }: Watched, undisturbed: Watched, slicesMs: readonly number[]): Observation {
    const edge = finished.edges[HOSTILE];
    const lines = edge.journal.console();
    const fault = finished.notices.toArray().find(({ severity, nodeIndex }) => severity === 'error' && nodeIndex === HOSTILE);
    const breaches: string[] = [];
    for (const { kind, detail } of hostileActs) {
      if (breaches.length === MOST_KEPT) break;
      const breach = kind === 'publish' ? foreignTopic(detail) : kind === 'output' && !pins.has(detail.split('=')[0]) ? `It drove pin ${detail}.` : null;
      if (breach !== null) breaches.push(breach);
    }
    const down = finished.nodes.filter(({ identity }) => identity.index !== HOSTILE && nodeStates[finished.columns.state[identity.index]] !== 'running');
    if (down.length > 0) breaches.push(`It took others down: ${down.map(({ identity }) => identity.id).join(', ')}.`);
    const said = (stream: 'out' | 'error'): string[] => lines.filter((line) => line.stream === stream).map(({ text }) => text);
    const waits = [...undisturbed.arrivals].map(([key, atUs]) => (arrivals.get(key) ?? Infinity) - atUs);
    const lost = waits.filter((wait) => wait === Infinity).length;
    const end: End = fault ? { kind: 'fault', fault: { kind: faultKind(fault.text), reason: reasonOf(fault.text) } } : { kind: 'goes-on' };
    return {
      end,
      passed: said('out').includes(String(PASSED)),
      refusals: fault ? [] : said('error').slice(0, MOST_KEPT),
      breaches,
      answers: said('out').filter((text) => text !== String(PASSED)).slice(0, MOST_KEPT),
      noticedMs: slicesMs.length > 0 ? Math.max(...slicesMs) : null,
      neighbours: {
        who: 'two honest edge nodes, the fog and the cloud',
        bytesChanged: null,
        bytesCompared: null,
        resultsChanged: differing(acts, undisturbed.acts) + differing(results, undisturbed.results) + lost,
        resultsCompared: undisturbed.acts.length + undisturbed.results.length + undisturbed.arrivals.size,
        longestExtraWaitMs: Math.max(0, ...waits.filter(Number.isFinite)) / 1000,
        clock: 'virtual',
        lost: false,
      },
    };
  }

  async #simulate(guest: LoadedGuest, took: (ms: number) => void): Promise<Watched> {
    const { honest, weather, newBroker, nowMs } = this.#parts;
    const engine = await (this.#engine ??= openEngine());
    const id: GuestId = guest.sha256;
    const scenario: Scenario = { ...defaultScenario, nodes: NODES, parameters: steadyLinks, guests: { [hostileId]: id } };
    const timed: GuestEngine = {
      ...engine,
      loop: (runs, budget, host) => {
        const loop = engine.loop(runs, budget, host);
        return runs === guest && guest !== honest ? new TimedLoop(loop, nowMs, took) : loop;
      },
    };
    const world = new World({
      scenario,
      guests: new Map([['c', honest], ['rust', honest], [id, guest]]),
      alone: new Map(),
      newBroker,
      installer: { install: () => Promise.resolve({ ok: false, reason: 'No guest is installed in this run.' }) },
      engine: timed,
      weather,
      meter: null,
    });
    const watched: Watched = { acts: [], arrivals: new Map(), results: [], hostileActs: [], finished: world };
    listen(world, watched);
    try {
      await world.kernel.runUntil(RUN_S * 1e6);
    } finally {
      world.stop();
    }
    return watched;
  }
}

/** What happens, as it is written into the log, whose text keeps only the last events. */
function listen(world: World, { acts, arrivals, results, hostileActs }: Watched): void {
  const { log } = world;
  const append = log.append.bind(log);
  const counts = new Map<string, number>();
  log.append = (timeUs, node, kind, detail) => {
    append(timeUs, node, kind, detail);
    if (node === hostileId) {
      if (kind === 'publish' || (kind === 'output' && hostileActs.length < 1000)) hostileActs.push({ kind, detail: wordsOf(detail) });
      return;
    }
    if (neighbourIds.includes(node)) {
      acts.push(`${timeUs} ${node} ${kind} ${wordsOf(detail)}`);
      return;
    }
    const words = wordsOf(detail);
    const about = neighbourIds.find((id) => words.includes(id));
    if (about === undefined) return;
    if (kind === 'receive') {
      const key = `${node} ${words}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      arrivals.set(`${key} ${count}`, timeUs);
    } else results.push(`${node} ${kind} ${withoutTimes(words)}`);
  };
}

/** The fog stamps what it says with the time, which may differ by what it waited; that is measured apart. */
function withoutTimes(words: string): string {
  return words.replaceAll(/"(timestamp|latency_ms|t_wasm_ms|t_native_ms)":[^,}]+/g, '"$1":?');
}

function wordsOf(detail: string | number | { topic: string; payload: string }): string {
  return typeof detail === 'object' ? `${detail.topic} ${detail.payload}` : String(detail);
}

/** The host itself speaks under these; the guest's messages are the others. */
const hostTopics = /^ic\/esp32-2\/(presence|metrics|config\/ack|reply|guest\/state)$/;

function foreignTopic(detail: string): string | null {
  const [topic] = detail.split(' ');
  return hostTopics.test(topic) ? null : topicBreach(hostileId, topic);
}

const restart = / It restarts in [\d.]+ s\.$/;

function reasonOf(notice: string): string {
  return notice.replace(`${hostileId}: `, '').replace(restart, '');
}

/** The node tells people, not programs: its sentence is all there is. */
function faultKind(notice: string): 'trap' | 'budget' | 'pointer' {
  if (/instructions without a pause/.test(notice)) return 'budget';
  return /(text of wasm_log|(topic|payload) of mqtt_publish)/.test(notice) ? 'pointer' : 'trap';
}

async function openEngine(): Promise<GuestEngine> {
  const engine = await createEngine('jspi', null);
  if (typeof engine === 'string') throw new Error(engine);
  return engine;
}
