/** The page as its users meet it. */
import { expect, type Page } from '@playwright/test';

/** Opens an address and waits for the first telemetry. */
export async function openLab(page: Page, address = ''): Promise<void> {
  await page.goto(address === '' ? './' : `./#${address}`);
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
}

/** Fails the test when the page throws or logs an error. */
export function expectNoErrors(page: Page): () => void {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return () => expect(errors).toEqual([]);
}

/** Shows a node in the inspector. */
export async function selectNode(page: Page, id: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Node/ }).selectOption(id);
  await expect(inspector(page).getByRole('heading', { name: id, level: 2 })).toBeVisible();
}

export const inspector = (page: Page) => page.getByRole('complementary', { name: 'Selected node' });

export async function openTab(page: Page, name: string): Promise<void> {
  await inspector(page).getByRole('tab', { name }).click();
}

/** From a paused, fresh world to this virtual time; the digest of all that happened. */
export async function digestAt(page: Page, timeUs: number): Promise<{ digest: string; lines: number; timeUs: number }> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const epoch = await page.evaluate(() => window.continuumLab.latestFrame()?.epoch ?? -1);
  await page.getByRole('button', { name: /^Reset/ }).click();
  await page.waitForFunction((before) => (window.continuumLab.latestFrame()?.epoch ?? -1) > before, epoch);
  return page.evaluate(async (untilUs) => {
    await window.continuumLab.advanceTo(untilUs);
    const { digest, lines, timeUs: reachedUs } = await window.continuumLab.log();
    return { digest, lines, timeUs: reachedUs };
  }, timeUs);
}
