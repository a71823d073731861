/** The simulation as the page sees it: wires kernel, broker, guests and weather, and paces them. */
import type { GuestEngine } from '../guest/engine.ts';
import { Broker } from '../mqtt/broker.ts';
import type { NodeConfig } from '../protocol/payloads.ts';
import { buildFrame } from '../sim/frame-builder.ts';
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import { Pacer, type WallClock } from '../sim/pacer.ts';
import { decodeScenario } from '../sim/scenario-address.ts';
import { defaultScenario, type GuestId, type Scenario } from '../sim/scenario.ts';
import type { FaultKind, Frame, FrameRequest, Strategy } from '../sim/snapshot.ts';
import { World } from '../sim/world.ts';
import type { GuestAnswer, LogDigest, SimulationPort } from '../ui/simulation-port.ts';
import type { GuestLibrary } from './guest-library.ts';

const DEFAULT_SPEED = 60;

export class Simulation implements SimulationPort {
  readonly #engine: GuestEngine;
  readonly #library: GuestLibrary;
  readonly #weather: DailyWeather[];
  readonly #pacer: Pacer;
  #world: World;
  #epoch = 0;
  #failure: Error | null = null;

  constructor(engine: GuestEngine, library: GuestLibrary, weather: DailyWeather[], clock: WallClock) {
    this.#engine = engine;
    this.#library = library;
    this.#weather = weather;
    this.#world = this.#build({ ...defaultScenario, nodes: 1 });
    this.#pacer = new Pacer(clock, this.#world.kernel, DEFAULT_SPEED);
  }

  async loadAddress(address: string): Promise<{ scenario: Scenario; problems: string[] }> {
    const { scenario, problems } = decodeScenario(address);
    problems.push(...(await this.load(scenario)));
    return { scenario, problems };
  }

  async load(scenario: Scenario): Promise<string[]> {
    const problems: string[] = [];
    const usable = await this.#usable(scenario, problems);
    await this.#pacer.exclusively(() => {
      this.#world.stop();
      this.#world = this.#build(usable);
      this.#failure = null;
      this.#epoch += 1;
      this.#pacer.setKernel(this.#world.kernel);
    });
    return problems;
  }

  frame(request: FrameRequest): Promise<Frame> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { running, speed, reached } = this.#pacer;
    return Promise.resolve(
      buildFrame(this.#world, { epoch: this.#epoch, running, asked: speed, reached }, request),
    );
  }

  run(): Promise<void> {
    this.#pacer.run().catch((error: unknown) => {
      this.#pacer.pause();
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
    return Promise.resolve();
  }

  pause(): Promise<void> {
    this.#pacer.pause();
    return this.#pacer.exclusively(() => undefined);
  }

  stepEvent(): Promise<void> {
    return this.#pacer.exclusively(async () => void (await this.#world.kernel.step()));
  }

  async advanceTo(timeUs: number): Promise<void> {
    await this.pause();
    await this.#pacer.exclusively(async () => void (await this.#world.kernel.runUntil(timeUs)));
  }

  setSpeed(speed: number): Promise<void> {
    return this.#pacer.exclusively(() => this.#pacer.setSpeed(speed));
  }

  setStrategy(strategy: Strategy): Promise<void> {
    return this.#change((world) => world.setStrategy(strategy));
  }

  addGuest(name: string, bytes: Uint8Array): Promise<GuestAnswer> {
    return this.#library.add(name, bytes);
  }

  async setGuest(index: number | null, id: GuestId): Promise<string | null> {
    const guest = await this.#library.find(id);
    if (!guest) return 'That module is not here any more; drop its file on the page again.';
    const world = this.#world;
    const isEdge = index === null || index < world.edges.length;
    if (isEdge && !guest.checked.entry) {
      return `${guest.name} has no \`main\`, so an edge node cannot run it. It can run on the fog or the cloud.`;
    }
    if (!isEdge && !(guest.checked.filterValue && guest.checked.detectAnomaly)) {
      return `${guest.name} exports no \`filter_value\` and \`detect_anomaly\`, which the fog and the cloud call.`;
    }
    await this.#change((changed) => {
      changed.addGuest(id, guest);
      changed.setGuest(index, id);
    });
    return null;
  }

  configure(index: number | null, config: NodeConfig): Promise<void> {
    return this.#change((world) => world.configure(index, config));
  }

  inject(index: number, fault: FaultKind | null): Promise<void> {
    return this.#change((world) => world.inject(index, fault));
  }

  restart(index: number): Promise<void> {
    return this.#change((world) => world.restart(index));
  }

  power(index: number, on: boolean): Promise<void> {
    return this.#change((world) => world.power(index, on));
  }

  logDigest(): Promise<LogDigest> {
    return this.#change(({ log, kernel }) => ({ sha256: log.digest(), lines: log.lines, timeUs: kernel.nowUs }));
  }

  logText(): Promise<string> {
    return this.#change(({ log }) => log.text());
  }

  #change<T>(change: (world: World) => T): Promise<T> {
    return this.#pacer.exclusively(() => change(this.#world));
  }

  #build(scenario: Scenario): World {
    return new World({
      scenario,
      guests: this.#library.guests,
      broker: new Broker(),
      engine: this.#engine,
      weather: this.#weather,
    });
  }

  /** The scenario with what cannot be had here replaced; `problems` says what and why. */
  async #usable(scenario: Scenario, problems: string[]): Promise<Scenario> {
    const usable = { ...scenario };
    const missing = async (id: GuestId): Promise<boolean> => (await this.#library.find(id)) === null;
    if (await missing(usable.guest)) {
      problems.push(`The link asks for the module ${usable.guest.slice(0, 12)}…, which is not here: drop its file on the page. The C guest runs instead.`);
      usable.guest = defaultScenario.guest;
    }
    const here: Record<string, GuestId> = {};
    for (const [node, id] of Object.entries(usable.guests)) {
      if (await missing(id)) {
        problems.push(`The link asks for the module ${id.slice(0, 12)}… on ${node}, which is not here: drop its file on that node.`);
      } else here[node] = id;
    }
    usable.guests = here;
    if (usable.nodes > this.#engine.maxLoops) {
      problems.push(`Without JSPI this browser runs at most ${this.#engine.maxLoops} guest loops; the fleet is cut from ${usable.nodes}. Chrome or Edge 137 and Firefox 153 run more.`);
      usable.nodes = this.#engine.maxLoops;
    }
    return usable;
  }
}
