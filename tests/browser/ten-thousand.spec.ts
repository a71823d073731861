/** What a fleet of ten thousand has to hold, beside its speed, which `npm run bench -- fleet` measures. */
import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { assemble } from '../guests/assemble.ts';
import { openLab } from './support/lab.ts';

const NODES = 10_000;
/** All have booted after 5.5 s; each has then sampled three or four times. */
const UNTIL_US = 15e6;
const FLEET = `nodes=${NODES}&qos=0&p.link.wan.bandwidthMbps=1000`;

test.describe.configure({ timeout: 300_000 });

interface Outcome {
  digest: string;
  lines: number;
  faulted: number;
  published: number[];
}

/** A fresh world of this address at `UNTIL_US`. */
async function runTo(page: Page, address: string): Promise<Outcome> {
  await page.goto('about:blank');
  await page.goto(`./#${address}`);
  await page.waitForFunction(() => (window.continuumLab?.latestFrame()?.timeUs ?? -1) >= 0);
  const reached = await page.evaluate((untilUs) => window.continuumLab.advanceTo(untilUs), UNTIL_US);
  expect(reached).toBeUndefined();
  const { digest, lines, timeUs } = await page.evaluate(() => window.continuumLab.log());
  expect(timeUs).toBe(UNTIL_US);
  await page.waitForFunction((untilUs) => window.continuumLab.latestFrame()?.timeUs === untilUs, UNTIL_US);
  const shown = await page.evaluate(() => {
    const frame = window.continuumLab.latestFrame();
    return { faulted: frame?.health.faulted ?? -1, published: [...(frame?.nodes.published ?? [])] };
  });
  return { digest, lines, ...shown };
}

test('one seed gives one log at ten thousand nodes, also when a hundred of them have a memory each', async ({ page }) => {
  const shared = await runTo(page, FLEET);
  expect(shared.faulted).toBe(0);
  expect(shared.lines).toBeGreaterThan(10 * NODES);
  const again = await runTo(page, FLEET);
  expect(again).toEqual(shared);
  const apart = await runTo(page, `${FLEET}&ownMemory=100`);
  expect(apart).toEqual(shared);
  const other = await runTo(page, `${FLEET}&seed=7`);
  expect(other.digest).not.toBe(shared.digest);
});

test('a guest that never blocks is stopped in the midst of ten thousand, and the others lose nothing', async ({ page }) => {
  const endless = await assemble('endless-loop');
  await openLab(page, 'nodes=1');
  await page.getByLabel('Choose a .wasm module').setInputFiles({
    name: 'endless-loop.wasm',
    mimeType: 'application/wasm',
    buffer: Buffer.from(endless),
  });
  await expect(page.getByRole('dialog')).toContainText('endless-loop.wasm');
  const alone = await runTo(page, FLEET);
  const sha256 = createHash('sha256').update(endless).digest('hex');
  const { faulted, published } = await runTo(page, `${FLEET}&guests=esp32-5000:${sha256}`);
  expect(faulted).toBe(1);
  const edges = (counts: number[]): number[] => counts.slice(0, NODES);
  expect(edges(published).with(4999, 0)).toEqual(edges(alone.published).with(4999, 0));
  await page.getByRole('button', { name: /^Notices: [1-9]/ }).click();
  await expect(page.getByRole('dialog')).toContainText(/esp32-5000.*instructions without a pause/s);
});
