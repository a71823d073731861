/** The simulation in Node, as the worker opens it in the page. */
import { readFile } from 'node:fs/promises';
import { GuestLibrary } from '../../web/app/guest-library.ts';
import { Simulation } from '../../web/app/simulation.ts';
import { wallClock } from '../../web/app/wall-clock.ts';
import { createEngine } from '../../web/guest/engine.ts';
import { parseDailyWeather } from '../../web/sim/models/daily-weather.ts';
import { nodeGuestWorkers } from './node-guest-workers.ts';

const weatherPath = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const modules = new URL('../../web/guest/modules/', import.meta.url);

export async function openSimulation(): Promise<Simulation> {
  const engine = createEngine('workers', await nodeGuestWorkers());
  if (typeof engine === 'string') throw new Error(engine);
  const library = new GuestLibrary(4, () => Promise.resolve(null));
  await library.addBuiltIn('c', 'irrigation-c.wasm', await readFile(new URL('irrigation-c.wasm', modules)));
  await library.addBuiltIn('rust', 'irrigation-rust.wasm', await readFile(new URL('irrigation-rust.wasm', modules)));
  const weather = parseDailyWeather(await readFile(weatherPath, 'utf8'));
  const { simulation } = await Simulation.open({ engine, library, weather, clock: wallClock() }, 'nodes=1');
  return simulation;
}
