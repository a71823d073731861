/** From the first click to a node of the continuum, without hardware. */
import { expect, test } from '@playwright/test';
import { expectNoSeriousAxe } from '../support/axe.ts';
import { waitForNode } from '../support/broker.ts';
import { expectNoErrors, openLab } from '../support/lab.ts';
import { addVirtualBoard, connect, devices, install, openDevices, setUp, tab } from './devices-page.ts';

test.setTimeout(300_000);

test('a virtual board is connected, installed, set up, seen online, given another guest, calibrated and erased', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  await openLab(page, 'nodes=3');
  await openDevices(page);
  await addVirtualBoard(page);
  await connect(page);
  await install(page);
  await setUp(page, 'greenhouse-1');

  await tab(page, 'Guest');
  const guest = devices(page).getByRole('region', { name: 'Replace the guest' });
  await guest.getByRole('combobox', { name: 'Module' }).selectOption('rust');
  await guest.getByRole('button', { name: 'Send' }).click();
  await expect(guest.getByText(/runs, .* after it was sent/)).toBeVisible({ timeout: 90_000 });

  const calibration = devices(page).getByRole('region', { name: 'Calibration' });
  await calibration.getByRole('spinbutton', { name: 'Threshold' }).fill('1650');
  await calibration.getByRole('button', { name: 'Calibrate' }).click();
  await expect(calibration.getByText('In force: dry 2600, wet 1100, threshold 1650.')).toBeVisible({ timeout: 20_000 });

  await expect(devices(page).getByRole('button', { name: 'Compare with its twin' })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await waitForNode(page, 'greenhouse-1');

  await openDevices(page);
  await tab(page, 'Install');
  await devices(page).getByRole('button', { name: 'Erase everything…' }).click();
  await devices(page).getByRole('button', { name: 'Erase', exact: true }).click();
  await expect(devices(page).getByText(/erased/i).last()).toBeVisible({ timeout: 90_000 });
  await tab(page, 'Board');
  await expect(devices(page).getByText(/^Nothing yet/)).toBeVisible({ timeout: 30_000 });
  noErrors();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any tab of the device page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openLab(page, 'nodes=3');
    await openDevices(page);
    await expectNoSeriousAxe(page, 'no board');
    await addVirtualBoard(page);
    await connect(page);
    for (const name of ['Board', 'Install', 'Set up', 'Console', 'Guest', 'Faults']) {
      await tab(page, name);
      await page.waitForTimeout(200);
      await expectNoSeriousAxe(page, name);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    const widthPx = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(widthPx, 'no sideways scrolling').toBeLessThanOrEqual(390);
  });
}
