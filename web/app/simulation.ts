/** The simulation as the page sees it: wires kernel, broker, guests and weather, and paces them. */
import type { GuestEngine } from '../guest/engine.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { Broker } from '../mqtt/broker.ts';
import type { GuestOffer } from '../protocol/control-payloads.ts';
import type { NodeConfig } from '../protocol/payloads.ts';
import type { EdgeNode } from '../sim/edge-node.ts';
import { buildFrame } from '../sim/frame-builder.ts';
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import type { GuestInstaller, Installed } from '../sim/guest-installer.ts';
import { Pacer, type WallClock } from '../sim/pacer.ts';
import { defaultScenario, type GuestId, type Scenario } from '../sim/scenario.ts';
import type { FaultKind, Frame, FrameRequest, Strategy } from '../sim/snapshot.ts';
import type { StreamNode } from '../sim/stream-node.ts';
import { World } from '../sim/world.ts';
import { DEFAULT_SPEED } from '../ui/session/address.ts';
import type { ExportedLog, GuestAnswer, LoadedAddress, SimulationPort } from '../ui/simulation-port.ts';
import type { GuestLibrary } from './guest-library.ts';
import type { TrustedKeys } from './guest-installer.ts';
import type { OutsideControl } from './outside-control.ts';

export interface SimulationParts {
  engine: GuestEngine;
  library: GuestLibrary;
  weather: DailyWeather[];
  clock: WallClock;
  /** Keys whose modules this page's nodes take over MQTT. */
  trustedKeys: TrustedKeys;
}

export class Simulation implements Omit<SimulationPort, 'outside'> {
  readonly #parts: SimulationParts;
  readonly #pacer: Pacer;
  #outside: OutsideControl | null = null;
  #installer: GuestInstaller | null = null;
  #world: World;
  #epoch = 0;
  #failure: Error | null = null;

  private constructor(parts: SimulationParts, scenario: Scenario, alone: Guests) {
    this.#parts = parts;
    this.#world = this.#build(scenario, alone);
    this.#pacer = new Pacer(parts.clock, this.#world.kernel, DEFAULT_SPEED);
    this.#pacer.onSlice = () => this.#outside?.joining.flush();
  }

  /** Opens with the scenario of an address (without its `#`), paused; `problems` as `loadAddress` gives them. */
  static async open(parts: SimulationParts, address: string): Promise<{ simulation: Simulation } & LoadedAddress> {
    const { scenario, problems } = await asked(address);
    const usable = await usableHere(scenario, parts, problems);
    const alone = await aloneGuests(parts.library, usable);
    return { simulation: new Simulation(parts, usable, alone), scenario: wanted(scenario, usable), problems };
  }

  async loadAddress(address: string): Promise<LoadedAddress> {
    const { scenario, problems } = await asked(address);
    return this.load(scenario, problems);
  }

  async load(scenario: Scenario, problems: string[] = []): Promise<LoadedAddress> {
    const usable = await usableHere(scenario, this.#parts, problems);
    const alone = await aloneGuests(this.#parts.library, usable);
    await this.#pacer.exclusively(() => {
      const next = this.#build(usable, alone);
      this.#world.stop();
      this.#world = next;
      this.#failure = null;
      this.#epoch += 1;
      this.#pacer.setKernel(this.#world.kernel);
      this.#outside?.joining.attach(next);
    });
    return { scenario: wanted(scenario, usable), problems };
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
    this.#outside?.joining.throwIfJoined();
    this.#pacer.pause();
    return this.#pacer.exclusively(() => undefined);
  }

  stepEvent(): Promise<void> {
    this.#outside?.joining.throwIfJoined();
    return this.#pacer.exclusively(async () => void (await this.#world.kernel.step()));
  }

  async advanceTo(timeUs: number): Promise<void> {
    if (!Number.isSafeInteger(timeUs) || timeUs < 0) {
      throw new RangeError(`${timeUs} is no virtual time; it has to be a whole number of microseconds.`);
    }
    await this.pause();
    await this.#pacer.exclusively(async () => void (await this.#world.kernel.runUntil(timeUs)));
  }

  setSpeed(speed: number): Promise<void> {
    return this.#pacer.exclusively(() => (this.#outside?.joining ?? this.#pacer).setSpeed(speed));
  }

  setStrategy(strategy: Strategy): Promise<void> {
    return this.#change((world) => world.setStrategy(strategy));
  }

  addGuest(name: string, bytes: Uint8Array): Promise<GuestAnswer> {
    return this.#parts.library.add(name, bytes);
  }

  async setGuest(index: number | null, id: GuestId): Promise<string | null> {
    const guest = await this.#parts.library.find(id);
    if (!guest) return 'That module is not here any more; drop its file on the page again.';
    const { guestProblem } = await import('./guest-fit.ts');
    const world = this.#world;
    const tier = index === null ? 'edge' : world.nodes[index].identity.tier;
    const problem = guestProblem(guest, tier, world.parameters.get('node.edge.memoryCeilingPages'));
    if (problem) return problem;
    if (!guest.metered) {
      const { crowdProblem } = await import('./guest-crowd.ts');
      const runs = (node: EdgeNode | StreamNode): LoadedGuest | null =>
        index === null || node.identity.index === index ? guest : node.guest;
      const crowd = crowdProblem(world.edges.map(runs), runs(world.fog), runs(world.cloud));
      if (crowd) return crowd;
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

  /** What leads out of the page; loaded when first asked for. */
  async outside(): Promise<OutsideControl> {
    const { OutsideControl } = await import('./outside-control.ts');
    this.#outside ??= new OutsideControl({
      pacer: this.#pacer,
      library: this.#parts.library,
      world: () => this.#world,
      run: () => void this.run(),
    });
    return this.#outside;
  }

  async log(): Promise<ExportedLog> {
    const { logText } = await import('../sim/log-text.ts');
    return this.#change(({ log, kernel }) => ({
      digest: log.digest(),
      lines: log.lines,
      timeUs: kernel.nowUs,
      text: logText(log),
    }));
  }

  #change<T>(change: (world: World) => T): Promise<T> {
    return this.#pacer.exclusively(() => change(this.#world));
  }

  async #install(bytes: Uint8Array, offer: GuestOffer): Promise<Installed> {
    const { guestInstaller } = await import('./guest-installer.ts');
    const { library, trustedKeys } = this.#parts;
    const edgePages = (): number => this.#world.parameters.get('node.edge.memoryCeilingPages');
    this.#installer ??= guestInstaller(library, trustedKeys, edgePages);
    return this.#installer.install(bytes, offer);
  }

  #build(scenario: Scenario, alone: Guests): World {
    const { library, engine, weather } = this.#parts;
    return new World({
      scenario,
      guests: library.guests,
      alone,
      newBroker: () => new Broker(),
      installer: { install: (bytes, offer) => this.#install(bytes, offer) },
      engine,
      weather,
      meter: null,
    });
  }
}

type Guests = ReadonlyMap<GuestId, LoadedGuest>;

/** The scenario of an address (without its `#`); the default one needs no reading, so its page does not load what reads. */
async function asked(address: string): Promise<LoadedAddress> {
  if (address === '') return { scenario: defaultScenario, problems: [] };
  const { decodeScenario } = await import('../sim/scenario-address.ts');
  return decodeScenario(address);
}

/** The scenario with what cannot be had here replaced. The default one runs anywhere, so its page does not load what looks. */
async function usableHere(scenario: Scenario, { library, engine, weather }: SimulationParts, problems: string[]): Promise<Scenario> {
  if (scenario === defaultScenario) return scenario;
  const { usableScenario } = await import('./usable-scenario.ts');
  return usableScenario(scenario, library, engine.maxLoops, weather, problems);
}

function aloneGuests(library: GuestLibrary, { ownMemory }: Scenario): Promise<Guests> {
  return ownMemory > 0 ? library.withOwnMemory() : Promise.resolve(new Map());
}

/** What runs, but with the guests that were asked for: a link keeps naming a module that has yet to be brought here. */
function wanted(asked: Scenario, usable: Scenario): Scenario {
  return { ...usable, guest: asked.guest, guests: asked.guests };
}
