import { expect, test, type Page } from '@playwright/test';
import { assemble, gcGuest, simdGuest } from '../guests/assemble.ts';
import { inspector, openLab, openTab, selectNode } from './support/lab.ts';

/** Drops a file on the page, as a person does. */
async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], fileName));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    [name, [...bytes]] as [string, number[]],
  );
}

const accept = (page: Page, answer: RegExp) => page.getByRole('dialog').getByRole('button', { name: answer }).click();

test('a SIMD module dropped on the page runs on one node, unmodified, and its telemetry is seen', async ({ page }) => {
  await openLab(page, 'nodes=4');
  await selectNode(page, 'esp32-2');
  await drop(page, 'simd.wasm', await simdGuest());
  await expect(page.getByRole('dialog')).toContainText(/simd\.wasm uses SIMD.*not counted/);
  await expect(page.getByRole('alert').first()).toBeEmpty();
  await accept(page, /^On esp32-2 only/);
  await expect(inspector(page)).toContainText(/CPU per step\s*not counted/);
  // The lower cards are loaded when they come into view.
  await inspector(page).getByRole('heading', { name: 'Energy' }).scrollIntoViewIfNeeded();
  await expect(inspector(page)).toContainText('Without what the guest computes');
  await openTab(page, 'Guest');
  await expect(inspector(page)).toContainText('simd.wasm');
  await openTab(page, 'Console');
  await expect(inspector(page)).toContainText('vector guest up');
  await openTab(page, 'Messages');
  await expect(inspector(page)).toContainText(/"raw":\d+,"pct":\d+,"irrigar":[01]\}/);
  await expect(page.getByLabel('Health')).toContainText('6 of 6');
});

test('where it replaces a guest directly, what has to be known of it stands there as well', async ({ page }) => {
  await openLab(page, 'nodes=3');
  await openTab(page, 'Guest');
  const file = { name: 'simd.wasm', mimeType: 'application/wasm', buffer: Buffer.from(await simdGuest()) };
  await inspector(page).locator('input[type=file]').setInputFiles(file);
  await expect(inspector(page).getByRole('status').filter({ hasText: 'simd.wasm' })).toContainText(/has taken over\.\s*simd\.wasm uses SIMD.*not counted/);
  await expect(page.getByRole('alert').first()).toBeEmpty();
});

test('on all nodes it filters on the fog and the cloud as well', async ({ page }) => {
  await openLab(page, 'nodes=3');
  await drop(page, 'simd.wasm', await simdGuest());
  await accept(page, /^On all nodes/);
  for (const id of ['fog', 'cloud']) {
    await selectNode(page, id);
    await openTab(page, 'Guest');
    await expect(inspector(page)).toContainText('simd.wasm');
  }
  const before = await page.evaluate(() => window.continuumLab.latestFrame()?.timeUs ?? 0);
  await page.evaluate((untilUs) => window.continuumLab.advanceTo(untilUs), before + 60e6);
  const { text } = await page.evaluate(() => window.continuumLab.log());
  expect(text).toMatch(/\tfog\tpublish\tic\/fog\/processed.*"ema":\d/);
  expect(text).toMatch(/\tcloud\tpublish\tic\/cloud\/analytics/);
  await expect(page.getByLabel('Health')).toContainText('5 of 5');
});

test('an endless SIMD loop is stopped, its node says why, and the others go on', async ({ page }) => {
  await openLab(page, 'nodes=4');
  await drop(page, 'simd-endless.wasm', await assemble('simd-endless'));
  await accept(page, /^On esp32-\d+ only/);
  await page.getByRole('button', { name: /^Notices: [1-9]/ }).click();
  await expect(page.getByRole('dialog')).toContainText(/ran for 2 s without a pause and could not be counted/);
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Health')).toContainText(/[56] of 6/);
});

test('a module whose types only the engine can read runs, too', async ({ page }) => {
  await openLab(page, 'nodes=3');
  await drop(page, 'collected.wasm', await gcGuest());
  await accept(page, /^On esp32-1 only/);
  await openTab(page, 'Console');
  await expect(inspector(page)).toContainText(/\b1[0-9]{3}\b|\b2[0-9]{3}\b/);
  await openTab(page, 'Guest');
  await expect(inspector(page)).toContainText('collected.wasm');
});

test('where the page cannot share memory between threads, such a module is refused with what to do', async ({ page }) => {
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['cross-origin-opener-policy'];
    delete headers['cross-origin-embedder-policy'];
    await route.fulfill({ response, headers });
  });
  await openLab(page, 'nodes=3');
  await drop(page, 'simd.wasm', await simdGuest());
  await expect(page.getByRole('alert').first()).toContainText(/uses SIMD.*COOP same-origin and COEP require-corp/);
});
