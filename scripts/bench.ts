/** `npm run bench -- NAME [--json] [--no-build]`: measures; with --json the last line is one JSON object. */
import { benchHistory } from './bench/history.ts';
import { benchMeter } from './bench/meter.ts';
import { benchExperiment } from './bench/experiment.ts';
import { benchFlash } from './bench/flash.ts';
import { benchFleet } from './bench/fleet.ts';
import { benchMqtt } from './bench/mqtt.ts';
import { benchPage } from './bench/page.ts';
import { benchTab } from './bench/tab.ts';
import { servePage, type ServedPage } from './setup/served-page.ts';

const [name = '', ...flags] = process.argv.slice(2);

async function onPage(bench: (served: ServedPage) => Promise<object>): Promise<object> {
  const served = await servePage({ reuse: flags.includes('--no-build') });
  try {
    return await bench(served);
  } finally {
    await served.close();
  }
}

const benches = {
  experiment: () => onPage(benchExperiment),
  flash: benchFlash,
  fleet: () => onPage(benchFleet),
  history: () => onPage(benchHistory),
  meter: benchMeter,
  mqtt: () => onPage(benchMqtt),
  page: () => onPage(benchPage),
  tab: () => onPage(benchTab),
};

const bench = Object.hasOwn(benches, name) ? benches[name as keyof typeof benches] : null;
if (!bench) {
  console.error(`There is no benchmark "${name}"; there are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const figures = await bench();
if (!flags.includes('--json')) console.table(figures);
console.log(JSON.stringify(figures));
