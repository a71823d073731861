/** A page that joins a broker, as its user does it. */
import { expect, type Page } from '@playwright/test';

/** Joins through the dialog and closes it; resolves when the simulation takes part. */
export async function joinBroker(page: Page, url: string): Promise<void> {
  await page.getByRole('button', { name: /^Broker/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Address/ }).fill(url);
  await dialog.getByRole('button', { name: 'Join', exact: true }).click();
  await page.waitForFunction(() => window.continuumLab.latestFrame()?.bridge?.up === true);
  await expect(dialog.getByText(/^Joined/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

/** Waits until a node of the page is of this id, and selects it. */
export async function waitForNode(page: Page, id: string): Promise<void> {
  await expect(page.getByRole('combobox', { name: /^Node/ }).locator('option', { hasText: id }).first()).toBeAttached({ timeout: 15_000 });
}
