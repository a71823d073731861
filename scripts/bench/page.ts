/** How much the first screen loads, and how soon telemetry is on it. */
import { gzipSync } from 'node:zlib';
import type { ServedPage } from '../setup/served-page.ts';
import { quantile, round } from './statistics.ts';

const RUNS = 7;
/** Time for what the first screen loads after its first telemetry: the chart draws by then. */
const SETTLE_MS = 1500;

interface Load {
  firstTelemetryMs: number;
  firstPaintMs: number;
  /** Gzipped size by file ending. */
  gzipBytes: Map<string, number>;
}

export async function benchPage(served: ServedPage) {
  const loads: Load[] = [];
  for (let run = 0; run < RUNS; run += 1) loads.push(await loadOnce(served));
  const telemetry = loads.map(({ firstTelemetryMs }) => firstTelemetryMs);
  const { gzipBytes } = loads[0];
  const kb = (ending: string): number => round((gzipBytes.get(ending) ?? 0) / 1000);
  return {
    initialJsGzipKb: kb('js'),
    initialCssGzipKb: kb('css'),
    initialWasmGzipKb: kb('wasm'),
    initialTotalGzipKb: round([...gzipBytes.values()].reduce((sum, bytes) => sum + bytes, 0) / 1000),
    firstTelemetryMs: Math.round(quantile(telemetry, 0.5)),
    firstTelemetryMinMs: Math.round(Math.min(...telemetry)),
    firstTelemetryMaxMs: Math.round(Math.max(...telemetry)),
    firstPaintMs: Math.round(quantile(loads.map(({ firstPaintMs }) => firstPaintMs), 0.5)),
    runs: RUNS,
  };
}

/** A first visit: an empty cache, no service worker in charge. Everything fetched for the screen counts, the worker's files too. */
async function loadOnce({ browser, url }: ServedPage): Promise<Load> {
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const gzipBytes = new Map<string, number>();
  const counting: Promise<void>[] = [];
  context.on('requestfinished', (request) => {
    counting.push(
      (async () => {
        const body = await (await request.response())?.body();
        const ending = /\.([a-z]+)$/.exec(new URL(request.url()).pathname)?.[1] ?? 'html';
        if (body) gzipBytes.set(ending, (gzipBytes.get(ending) ?? 0) + gzipSync(body, { level: 9 }).length);
      })(),
    );
  });
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
  await page.waitForTimeout(SETTLE_MS);
  const marks = await page.evaluate(() => ({
    firstTelemetryMs: performance.getEntriesByName('continuum:first-telemetry')[0].startTime,
    firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  }));
  await Promise.all(counting);
  await context.close();
  return { ...marks, gzipBytes };
}
