import { expect, test } from '@playwright/test';
import { foreignGuest } from '../guests/assemble.ts';
import { openLab } from './support/lab.ts';

test('after one visit the page works without a network', async ({ page, context }) => {
  await openLab(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
  await expect(page.getByLabel('Health')).toContainText('14 of 14');
  await page.getByRole('button', { name: /^Parameters/ }).click();
  await expect(page.getByRole('dialog')).toContainText('Edge energy');
  await page.keyboard.press('Escape');
  // The checker and this dialog are loaded only now, from what the first visit kept.
  const module = { name: 'field.wasm', mimeType: 'application/wasm', buffer: Buffer.from(await foreignGuest()) };
  await page.getByLabel('Choose a .wasm module').setInputFiles(module);
  await expect(page.getByRole('dialog')).toContainText('field.wasm');
});

test('it can be installed: the manifest is complete', async ({ page, request }) => {
  await page.goto('./');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await request.get(href ?? '')).json()) as { name: string; icons: { src: string; sizes: string }[] };
  expect(manifest.name).toBe('Continuum Lab');
  for (const { src } of manifest.icons) expect((await request.get(src)).status()).toBe(200);
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
});
