/** Entry point of the workers that carry out experiments' runs, one task at a time each. */
import { expose } from 'comlink';
import weatherUrl from '../../node_modules/vega-datasets/data/seattle-weather.csv?url';
import { createEngine, type GuestEngine } from '../guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../guest/loaded-guest.ts';
import type { LabModule, RunWorker } from '../lab/experiment/run-worker.ts';
import { executeRuns, type RunParts } from '../lab/measure/run-experiment-run.ts';
import { Broker } from '../mqtt/broker.ts';
import { parseDailyWeather } from '../sim/models/daily-weather.ts';
import type { GuestId } from '../sim/scenario.ts';
import { loadBuiltInGuests } from './built-in-guests.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { guestProblem } from './guest-fit.ts';
import { guestLimits } from './guest-limits.ts';
import { RunTurns } from './lab-run-turns.ts';

export interface LabWorker {
  /** Rejects with a sentence when no runs can be carried out here, or a module cannot take part. */
  open(modules: readonly LabModule[]): Promise<void>;
  /** Rejects when it is cancelled, or with why it failed. */
  run: RunWorker['run'];
  pause(): void;
  goOn(): void;
  cancel(): void;
}

/** Null where the page is not cross-origin isolated and memory cannot be shared. */
const openThreads =
  typeof SharedArrayBuffer === 'undefined'
    ? null
    : async () => (await import('./open-guest-threads.ts')).openGuestThreads();

/** Chosen: a progress bar moves four times a second. */
const PROGRESS_MS = 250;

let parts: RunParts | null = null;
let turns: RunTurns | null = null;

const port: LabWorker = {
  async open(modules) {
    const engine = await createEngine(null, openThreads);
    if (typeof engine === 'string') throw new Error(engine);
    const [builtIn, weather] = await Promise.all([loadBuiltInGuests(), fetchBytes(weatherUrl)]);
    const guests = new Map<GuestId, LoadedGuest>();
    for (const [id, guest] of Object.entries(builtIn)) guests.set(id, guest).set(guest.sha256, guest);
    for (const module of modules) guests.set(module.id, await brought(module, engine));
    const days = parseDailyWeather(new TextDecoder().decode(weather));
    parts = { engine, guests, weather: days, newBroker: () => new Broker() };
  },
  async run(experiment, runs, progress) {
    if (!parts) throw new Error('The worker is not open yet.');
    let toldMs = -Infinity;
    turns = new RunTurns((share) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_MS) return;
      toldMs = nowMs;
      progress(share);
    });
    try {
      return await executeRuns(experiment, runs, parts, turns);
    } finally {
      turns = null;
    }
  },
  pause: () => turns?.pause(),
  goOn: () => turns?.goOn(),
  cancel: () => turns?.cancel(),
};

async function brought({ name, bytes }: LabModule, engine: GuestEngine): Promise<LoadedGuest> {
  const loaded = await loadGuest(name, bytes, guestLimits);
  if (!loaded.ok) throw new Error(`${name}: ${loaded.reason}`);
  const { guest } = loaded;
  if (!guest.metered) throw new Error(`${name} cannot be metered, so its instructions are not counted and its costs not known: it cannot take part in an experiment.`);
  const problem = guestProblem(guest, 'edge', guestLimits.maxPages) ?? (await engine.admit(guest));
  if (problem) throw new Error(problem);
  return guest;
}

expose(port);
