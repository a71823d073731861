/** What goes wrong on real desks: each fault ends in a clear message or in success, and trying again succeeds. */
import { expect, test } from '@playwright/test';
import { openLab } from '../support/lab.ts';
import { addVirtualBoard, connect, devices, openDevices, tab } from './devices-page.ts';

test.setTimeout(240_000);

/** Those that no flasher can overcome say so; the others may be overcome unseen. */
const connecting = [
  ['Port taken', /another program or tab holds it/],
  ['No automatic reset', /starts its own program instead of the loader|does not answer/],
  ['Hung bridge', /does not answer|hears nothing|is gone|nothing/i],
  ['Cable pulled', /is gone|does not answer|cannot be opened/],
] as const;

for (const [fault, message] of connecting) {
  test(`connecting with ${fault.toLowerCase()} says what is wrong, and succeeds without it`, async ({ page }) => {
    await openLab(page, 'nodes=3');
    await openDevices(page);
    await addVirtualBoard(page);
    await tab(page, 'Faults');
    await devices(page).getByRole('button', { name: fault, exact: false }).first().click();
    await expect(devices(page).getByRole('status').filter({ hasText: 'in force' })).toBeVisible();
    await tab(page, 'Board');
    await devices(page).getByRole('button', { name: 'Connect', exact: true }).click();
    const alert = devices(page).getByRole('alert');
    await expect(alert.first()).toContainText(message, { timeout: 90_000 });
    await tab(page, 'Faults');
    await devices(page).getByRole('button', { name: 'Clear the fault' }).click();
    await tab(page, 'Board');
    await connect(page);
  });
}

/** One that a repeat overcomes and one that it does not; tests/flash has the others a thousand times. */
const installing = ['Noise', 'Cable pulled later'];

for (const fault of installing) {
  test(`installing with ${fault.toLowerCase()} is verified in the end`, async ({ page }) => {
    await openLab(page, 'nodes=3');
    await openDevices(page);
    await addVirtualBoard(page);
    await connect(page);
    await tab(page, 'Faults');
    await devices(page).getByRole('button', { name: new RegExp(`^${fault}`) }).last().click();
    await expect(devices(page).getByRole('status').filter({ hasText: 'in force' })).toBeVisible();
    await tab(page, 'Install');
    await devices(page).getByRole('button', { name: 'Install', exact: true }).click();
    const done = devices(page).getByText(/verified by MD5/);
    const again = devices(page).getByRole('button', { name: /^(Continue|Try again)$/ });
    await expect(done.or(again).first()).toBeVisible({ timeout: 180_000 });
    if (await again.isVisible()) {
      await expect(devices(page).getByRole('alert').getByRole('listitem').first()).toBeVisible();
      await tab(page, 'Faults');
      await devices(page).getByRole('button', { name: 'Clear the fault' }).click();
      await tab(page, 'Install');
      await again.click();
    }
    await expect(done).toBeVisible({ timeout: 180_000 });
  });
}
