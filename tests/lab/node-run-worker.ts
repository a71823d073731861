/** A worker for runs in Node: the same engine, guests and weather as in the page, in this very thread. */
import { readFile } from 'node:fs/promises';
import { guestLimits } from '../../web/app/guest-limits.ts';
import { RunTurns } from '../../web/app/lab-run-turns.ts';
import { createEngine, type GuestEngine } from '../../web/guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../../web/guest/loaded-guest.ts';
import type { RunWorker } from '../../web/lab/experiment/run-worker.ts';
import { executeRuns, type RunParts } from '../../web/lab/measure/run-experiment-run.ts';
import { Broker } from '../../web/mqtt/broker.ts';
import { parseDailyWeather } from '../../web/sim/models/daily-weather.ts';
import { nodeGuestThreads } from '../node/node-guest-threads.ts';

const weatherPath = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const modules = new URL('../../web/guest/modules/', import.meta.url);

async function builtIn(name: string): Promise<LoadedGuest> {
  const loaded = await loadGuest(name, await readFile(new URL(name, modules)), guestLimits);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.guest;
}

let engine: Promise<GuestEngine | string> | null = null;

export async function openNodeRunParts(): Promise<RunParts> {
  const opened = await (engine ??= createEngine('workers', nodeGuestThreads));
  if (typeof opened === 'string') throw new Error(opened);
  const guests = new Map([
    ['c', await builtIn('irrigation-c.wasm')],
    ['rust', await builtIn('irrigation-rust.wasm')],
  ]);
  const weather = parseDailyWeather(await readFile(weatherPath, 'utf8'));
  return { engine: opened, guests, weather, newBroker: () => new Broker() };
}

export async function openNodeRunWorker(): Promise<RunWorker> {
  const parts = await openNodeRunParts();
  let turns: RunTurns | null = null;
  return {
    run: (experiment, runs, progress) => {
      turns = new RunTurns(progress);
      return executeRuns(experiment, runs, parts, turns);
    },
    pause: () => turns?.pause(),
    goOn: () => turns?.goOn(),
    cancel: () => turns?.cancel(),
    close: () => {},
  };
}
