/** Real boards: what the page does with the browser's ways to them, and without. */
import { expect, test } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { openLab } from '../support/lab.ts';
import { addVirtualBoard, connect, devices, openDevices, tab } from './devices-page.ts';

test.setTimeout(200_000);

async function boardScript(): Promise<string> {
  const entry = fileURLToPath(new URL('serial-board.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', lib: { entry, formats: ['iife'], name: 'serialBoard', fileName: 'serial-board' } },
  });
  return (built as Rolldown.RolldownOutput[])[0]!.output[0].code;
}

test('a board behind navigator.serial is chosen, connected and described; an image for virtual boards is not for it', async ({ page }) => {
  await page.addInitScript(await boardScript());
  await openLab(page, 'nodes=3');
  await openDevices(page);
  await devices(page).getByRole('button', { name: 'Connect a board…' }).click();
  await expect(devices(page).getByRole('heading', { name: 'Board 1' })).toBeVisible();
  await connect(page);
  await expect(devices(page).getByRole('region', { name: 'Chip' })).toContainText('ESP32-C3');
  await expect(devices(page).getByRole('tab', { name: 'Faults' })).toHaveCount(0);
  await tab(page, 'Install');
  await expect(devices(page).getByRole('radio', { name: /^For virtual boards/ })).toHaveCount(0);
});

test('a browser without serial ports says which browsers have them, and virtual boards work in it', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['serial', 'usb']) Object.defineProperty(Navigator.prototype, name, { configurable: true, value: undefined });
  });
  await openLab(page, 'nodes=3');
  await openDevices(page);
  await expect(devices(page).getByText(/Real boards need Chrome, Edge or Opera/)).toBeVisible();
  await addVirtualBoard(page);
  await connect(page);
});
