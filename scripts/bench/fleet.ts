/**
 * Thousands of unmodified loop guests in one tab, all the way to the cloud, beside what the engine's bare stack
 * switching could do with as many. The network is given room: a site's 10 Mbit/s and QoS 1 with Mosquitto's twenty
 * messages in flight would carry a tenth of it, and that limit is not what is measured here.
 */
import type { Browser, Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabtModule from 'wabt';
import type { ServedPage } from '../setup/served-page.ts';
import { residentMb } from './resident-memory.ts';
import { quantile, round } from './statistics.ts';

const DEFAULT_NODES = 10_000;
const WARM_UP_MS = 10_000;
const MEASURE_MS = 20_000;
const CREATE_LIMIT_MS = 180_000;
const BARE_ROUNDS = 30;
/** A room that the fleet does not fill, Mbit/s. */
const WAN_MBPS = 1000;

const guestPath = (name: string): string => fileURLToPath(new URL(`../../tests/guests/${name}.wasm`, import.meta.url));
const script = (name: string): { path: string } => ({ path: fileURLToPath(new URL(`./${name}`, import.meta.url)) });

declare global {
  interface Window {
    bareJspi(bytes: number[], stacks: number, rounds: number): Promise<{ inTurn: number[]; atOnce: number[] }>;
  }
}

/** A loop that suspends and does nothing else, in a memory that it shares. */
const bareGuest = `(module (import "env" "wait" (func $wait (param i32) (result i32))) (import "env" "memory" (memory 0))
  (func (export "main") (loop $again (drop (call $wait (i32.const 1))) (br $again))))`;

export async function benchFleet({ browser, url }: ServedPage) {
  const nodes = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? DEFAULT_NODES);
  const bareBefore = await bareJspi(browser, url, nodes);
  // The same guest with two lengths of its cycle: what bounds the speed is how much happens, not how many there are.
  const fleet = await measureFleet(browser, url, nodes, 'fleet-loop');
  const everyHalfMinute = await measureFleet(browser, url, nodes, 'fleet-loop-30s');
  const inTwoTabs = await measureHalves(browser, url, nodes, 'fleet-loop');
  const bareAfter = await bareJspi(browser, url, nodes);
  const median = (of: 'inTurn' | 'atOnce'): number => Math.round(quantile([...bareBefore[of], ...bareAfter[of]], 0.5));
  const jsBareWakeupsPerSec = median('inTurn');
  return {
    ...fleet,
    jsBareWakeupsPerSec,
    jsBareAtOnceWakeupsPerSec: median('atOnce'),
    ratioToBare: round(fleet.wakeupsPerSec / jsBareWakeupsPerSec, 2),
    everyHalfMinute,
    /** What two threads without a word to each other would reach: more than a fleet that is divided ever could. */
    inTwoTabs: { ...inTwoTabs, ratioToOne: round(inTwoTabs.wakeupsPerSec / fleet.wakeupsPerSec, 2) },
  };
}

async function bareJspi(browser: Browser, url: string, stacks: number) {
  const wabt = await wabtModule();
  const { buffer } = wabt.parseWat('bare.wat', bareGuest).toBinary({});
  const page = await browser.newPage();
  await page.goto(`${url}#nodes=1`);
  await page.addScriptTag(script('bare-jspi.js'));
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const rates = await page.evaluate(([bytes, count, rounds]) => window.bareJspi(bytes, count, rounds), [[...buffer], stacks, BARE_ROUNDS] as [number[], number, number]);
  await page.close();
  return rates;
}

/** A page in which a fleet of that guest runs as fast as it goes. */
async function openFleet(browser: Browser, url: string, nodes: number, name: string): Promise<{ page: Page; createMs: number }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const guest = createHash('sha256').update(readFileSync(guestPath(name))).digest('hex');
  await page.goto(`${url}#nodes=1`);
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
  // The page keeps a module that was brought to it, so that an address can name it.
  await page.locator('input[type=file]').first().setInputFiles(guestPath(name));
  await page.getByRole('dialog').getByText(`${name}.wasm`).first().waitFor();
  await page.keyboard.press('Escape');

  const startMs = performance.now();
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `nodes=${nodes}&guest=${guest}&qos=0&p.link.wan.bandwidthMbps=${WAN_MBPS}&speed=max`);
  await page.waitForFunction((all) => (window.continuumLab.latestFrame()?.health.running ?? 0) >= all, nodes + 2, {
    polling: 50,
    timeout: CREATE_LIMIT_MS,
  });
  return { page, createMs: performance.now() - startMs };
}

/** Two tabs with half the nodes each, at once; the first is in sight. */
async function measureHalves(browser: Browser, url: string, nodes: number, name: string) {
  const half = Math.ceil(nodes / 2);
  const tabs = [await openFleet(browser, url, half, name), await openFleet(browser, url, half, name)];
  await tabs[0].page.bringToFront();
  await tabs[0].page.waitForTimeout(WARM_UP_MS);
  const measured = await Promise.all(
    tabs.map(async ({ page }) => {
      const before = await counts(page);
      await page.waitForTimeout(MEASURE_MS);
      const after = await counts(page);
      const wallMs = after.atMs - before.atMs;
      return { realtimeFactor: (after.virtualMs - before.virtualMs) / wallMs, wakeupsPerSec: ((after.wakeups - before.wakeups) / wallMs) * 1000 };
    }),
  );
  for (const { page } of tabs) await page.close();
  return {
    /** Of the slower one: the other would wait for it. */
    realtimeFactor: round(Math.min(...measured.map(({ realtimeFactor }) => realtimeFactor))),
    wakeupsPerSec: Math.round(measured.reduce((sum, { wakeupsPerSec }) => sum + wakeupsPerSec, 0)),
  };
}

async function measureFleet(browser: Browser, url: string, nodes: number, name: string) {
  const { page, createMs } = await openFleet(browser, url, nodes, name);
  await page.waitForTimeout(WARM_UP_MS);

  await page.addScriptTag(script('sample-frames.js'));
  const before = await counts(page);
  const { frameMs, virtualMs, wallMs } = await page.evaluate((ms) => window.sampleFrames(ms), MEASURE_MS);
  const after = await counts(page);
  const rssMb = await residentMb(browser);
  await page.close();
  return {
    guest: `${name}.wasm`,
    /** Edge nodes that run; the fog and the cloud run beside them. */
    nodes: after.running - 2,
    realtimeFactor: round(virtualMs / wallMs),
    wakeupsPerSec: Math.round(((after.wakeups - before.wakeups) / wallMs) * 1000),
    messagesPerSec: Math.round(((after.messages - before.messages) / wallMs) * 1000),
    createMs: Math.round(createMs),
    rssMb,
    frameP50Ms: round(quantile(frameMs, 0.5)),
    frameP95Ms: round(quantile(frameMs, 0.95)),
    frameMaxMs: round(Math.max(...frameMs)),
    anomalies: after.anomalies,
    qos: 0,
    wanMbps: WAN_MBPS,
  };
}

function counts(page: Page) {
  return page.evaluate(() => {
    const frame = window.continuumLab.latestFrame();
    const health = frame?.health;
    return {
      atMs: performance.now(),
      virtualMs: (frame?.timeUs ?? 0) / 1000,
      running: health?.running ?? 0,
      wakeups: health?.wakeups ?? 0,
      messages: health?.messages ?? 0,
      anomalies: health?.anomalies ?? 0,
    };
  });
}
