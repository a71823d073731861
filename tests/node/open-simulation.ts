/** The simulation in Node, as the worker opens it in the page. */
import { readFile } from 'node:fs/promises';
import { GuestLibrary } from '../../web/app/guest-library.ts';
import { guestLimits } from '../../web/app/guest-limits.ts';
import { Simulation } from '../../web/app/simulation.ts';
import { wallClock } from '../../web/app/wall-clock.ts';
import type { TrustedKey } from '../../web/devices/signing/verify-offer.ts';
import { createEngine } from '../../web/guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../../web/guest/loaded-guest.ts';
import { threadLimits } from '../../web/guest/thread-limits.ts';
import { parseDailyWeather } from '../../web/sim/models/daily-weather.ts';
import { nodeGuestThreads } from './node-guest-threads.ts';

const weatherPath = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const modules = new URL('../../web/guest/modules/', import.meta.url);

async function builtIn(name: string): Promise<LoadedGuest> {
  const loaded = await loadGuest(name, await readFile(new URL(name, modules)), guestLimits);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.guest;
}

export async function openSimulation(limits = threadLimits, trusted: readonly TrustedKey[] = []): Promise<Simulation> {
  const engine = await createEngine('workers', nodeGuestThreads, limits);
  if (typeof engine === 'string') throw new Error(engine);
  const library = new GuestLibrary(() => Promise.resolve(null), engine);
  library.addBuiltIn('c', await builtIn('irrigation-c.wasm'));
  library.addBuiltIn('rust', await builtIn('irrigation-rust.wasm'));
  const weather = parseDailyWeather(await readFile(weatherPath, 'utf8'));
  const { simulation } = await Simulation.open({ engine, library, weather, clock: wallClock(), trustedKeys: () => Promise.resolve(trusted) }, 'nodes=1');
  return simulation;
}
