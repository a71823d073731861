/** `npm run bench -- NAME [--json] [--no-build]`: measures; with --json the last line is one JSON object. */
import { benchPage } from './bench/page.ts';
import { benchTab } from './bench/tab.ts';
import { servePage } from './setup/served-page.ts';

const benches = { page: benchPage, tab: benchTab };

const [name = '', ...flags] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name as keyof typeof benches] : null;
if (!bench) {
  console.error(`There is no benchmark "${name}"; there are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const served = await servePage({ reuse: flags.includes('--no-build') });
try {
  const figures = await bench(served);
  if (!flags.includes('--json')) console.table(figures);
  console.log(JSON.stringify(figures));
} finally {
  await served.close();
}
