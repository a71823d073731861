/** A hundred loop guests of each language in one tab at 60 times real time. */
import { fileURLToPath } from 'node:url';
import type { ServedPage } from '../setup/served-page.ts';
import { quantile, round } from './statistics.ts';

const NODES = 100;
const SPEED = 60;
const WARM_UP_MS = 5000;
const MEASURE_MS = 15_000;

declare global {
  interface Window {
    sampleFrames(measureMs: number): Promise<{ frameMs: number[]; virtualMs: number; wallMs: number }>;
  }
}

async function measure({ browser, url }: ServedPage, guest: 'c' | 'rust') {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}#nodes=${NODES}&guest=${guest}&speed=${SPEED}`);
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
  await page.waitForTimeout(WARM_UP_MS);
  await page.addScriptTag({ path: fileURLToPath(new URL('./sample-frames.js', import.meta.url)) });
  const { frameMs, virtualMs, wallMs } = await page.evaluate((ms) => window.sampleFrames(ms), MEASURE_MS);
  const running = await page.evaluate(() => window.continuumLab.latestFrame()?.health.running ?? 0);
  await page.close();
  return {
    guest,
    /** Edge nodes that run; the fog and the cloud run beside them. */
    nodes: running - 2,
    realtimeFactor: round(virtualMs / wallMs),
    frameP50Ms: round(quantile(frameMs, 0.5)),
    frameP95Ms: round(quantile(frameMs, 0.95)),
    frameMaxMs: round(Math.max(...frameMs)),
    framesPerSecond: round((frameMs.length * 1000) / wallMs),
  };
}

/** The worse of the two languages at the top, both below. */
export async function benchTab(served: ServedPage) {
  const runs = [await measure(served, 'c'), await measure(served, 'rust')];
  return {
    nodes: Math.min(...runs.map(({ nodes }) => nodes)),
    realtimeFactor: Math.min(...runs.map(({ realtimeFactor }) => realtimeFactor)),
    frameP95Ms: Math.max(...runs.map(({ frameP95Ms }) => frameP95Ms)),
    framesPerSecond: Math.min(...runs.map(({ framesPerSecond }) => framesPerSecond)),
    runs,
  };
}
