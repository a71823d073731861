import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectNoSeriousAxe } from './support/axe.ts';
import { expectNoErrors } from './support/lab.ts';
import { record, recordNoise } from './support/history.ts';

const startMs = Date.UTC(2026, 5, 1);
const READINGS = 20_000;
const SPIKE_AT = 5000;
const spikeMs = startMs + SPIKE_AT * 3000;

// Else a field's past lies in the browser and nobody can look at it.
test('a spike among twenty thousand readings is seen in the whole and found by zooming, with the event beside it', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  await page.goto('./');
  await page.waitForFunction(() => 'continuumLab' in window);
  await recordNoise(page, 'board-a', startMs, READINGS, SPIKE_AT);
  await record(page, {
    series: [{ node: 'board-b', quantity: 'raw' }],
    samples: [[0, startMs, 1700]],
    events: [{ timeMs: spikeMs, node: 'board-a', kind: 'calibration', text: 'New configuration in force.' }],
  });

  const opener = page.getByRole('button', { name: 'History' });
  await opener.click();
  const view = page.getByRole('dialog', { name: 'History' });
  await expect(view.getByText('40,001 samples')).toBeVisible();
  const row = view.getByRole('row', { name: /^1 board-a Raw/ });
  await expect(row).toContainText('4095 ADC');
  await expect(row).toContainText('20,000');
  await view.getByRole('row', { name: /Calibration/ }).click();
  await expect(view.getByText('New configuration in force.')).toBeVisible();
  await expectNoSeriousAxe(page, 'History');

  // From the keyboard: to the beginning, then nearer until every reading is drawn.
  const chart = view.getByRole('application');
  await chart.focus();
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('+');
  await page.keyboard.press('Home');
  await expect(row).not.toContainText('20,000');
  await expect(row).not.toContainText('4095 ADC');
  await view.getByRole('button', { name: 'All' }).click();
  await expect(row).toContainText('4095 ADC');

  await view.getByRole('button', { name: 'Fog filtered' }).click();
  await expect(view.getByRole('row', { name: /^2 board-a Fog filtered/ })).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(view).toBeHidden();
  await expect(opener).toBeFocused();
  noErrors();
});

// Else what was measured cannot be given to anybody.
test('what is exported through the view has every reading and comes in again through it', async ({ page }) => {
  await page.goto('./');
  await page.waitForFunction(() => 'continuumLab' in window);
  await recordNoise(page, 'board-a', startMs, 1000);
  await page.getByRole('button', { name: 'History' }).click();
  const view = page.getByRole('dialog', { name: 'History' });
  await view.getByRole('button', { name: 'Export' }).click();
  const asked = page.getByRole('dialog', { name: /Export/ });
  const download = page.waitForEvent('download');
  await asked.getByRole('button', { name: /Export/ }).click();
  const path = await (await download).path();
  const lines = (await readFile(path, 'utf8')).split('\n').filter((text) => text.includes('board-a') && /,raw,/.test(text));
  expect(lines.length).toBeGreaterThanOrEqual(1000);

  await page.evaluate(async () => (await window.continuumLab.openHistory()).history.clear());
  await page.reload();
  await page.waitForFunction(() => 'continuumLab' in window);
  await page.getByRole('button', { name: 'History' }).click();
  await expect(view.getByText(/2,000 samples/)).toBeHidden();
  await view.locator('input[type=file]').setInputFiles({ name: 'history.csv', mimeType: 'text/csv', buffer: await readFile(path) });
  await expect(view.getByText(/^2,000 samples/)).toBeVisible();
});
