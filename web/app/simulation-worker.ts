/** Entry point of the simulation's worker. */
import { expose, proxy, transfer } from 'comlink';
import weatherUrl from '../../node_modules/vega-datasets/data/seattle-weather.csv?url';
import { createEngine, type LoopKind } from '../guest/engine.ts';
import { parseDailyWeather } from '../sim/models/daily-weather.ts';
import type { LoadedAddress, SimulationPort } from '../ui/simulation-port.ts';
import { loadBuiltInGuests } from './built-in-guests.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { GuestLibrary } from './guest-library.ts';
import { Simulation } from './simulation.ts';
import { wallClock } from './wall-clock.ts';

/** Null where the page is not cross-origin isolated and memory cannot be shared. */
const openThreads =
  typeof SharedArrayBuffer === 'undefined'
    ? null
    : async () => (await import('./open-guest-threads.ts')).openGuestThreads();

/** The module that the user dropped on this page before; the store is loaded only when asked for. */
async function recall(sha256: string) {
  const { recallModule } = await import('../history/module-shelf.ts');
  return recallModule(sha256);
}

/** Keys of this browser; loaded only when a module comes. */
async function trustedKeys() {
  const { KeptKeys } = await import('../devices/signing/kept-keys.ts');
  return new KeptKeys().trusted();
}

// All that the first screen needs is on its way before the page asks for anything.
const loading = Promise.all([loadBuiltInGuests(), fetchBytes(weatherUrl)]);

export interface SimulationWorker {
  /**
   * Builds the world of an address (without its `#`), paused. Rejects with a sentence when no loop can run here.
   * @param loopKind how loops are suspended; null for the best there is
   */
  open(loopKind: LoopKind | null, address: string): Promise<LoadedAddress>;
}

let simulation: Simulation | null = null;

function opened(): Simulation {
  if (!simulation) throw new Error('The simulation is not open yet.');
  return simulation;
}

const port: SimulationWorker & SimulationPort = {
  async open(loopKind, address) {
    const engine = await createEngine(loopKind, openThreads);
    if (typeof engine === 'string') throw new Error(engine);
    const [guests, weather] = await loading;
    const library = new GuestLibrary(recall, engine);
    library.addBuiltIn('c', guests.c);
    library.addBuiltIn('rust', guests.rust);
    const days = parseDailyWeather(new TextDecoder().decode(weather));
    const opening = await Simulation.open({ engine, library, weather: days, clock: wallClock(), trustedKeys }, address);
    simulation = opening.simulation;
    return { scenario: opening.scenario, problems: opening.problems };
  },
  loadAddress: (address) => opened().loadAddress(address),
  load: (scenario) => opened().load(scenario),
  async frame(request) {
    const frame = await opened().frame(request);
    return transfer(frame, [frame.nodes.state.buffer as ArrayBuffer]);
  },
  run: () => opened().run(),
  pause: () => opened().pause(),
  stepEvent: () => opened().stepEvent(),
  advanceTo: (timeUs) => opened().advanceTo(timeUs),
  setSpeed: (speed) => opened().setSpeed(speed),
  setStrategy: (strategy) => opened().setStrategy(strategy),
  addGuest: (name, module) => opened().addGuest(name, module),
  setGuest: (index, id) => opened().setGuest(index, id),
  configure: (index, config) => opened().configure(index, config),
  inject: (index, fault) => opened().inject(index, fault),
  restart: (index) => opened().restart(index),
  power: (index, on) => opened().power(index, on),
  outside: async () => proxy(await opened().outside()),
  log: () => opened().log(),
};

expose(port);
