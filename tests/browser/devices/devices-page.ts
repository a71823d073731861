/** The device page as its users work it. */
import { expect, type Locator, type Page } from '@playwright/test';

export const devices = (page: Page): Locator => page.getByRole('dialog', { name: 'Devices', exact: true });

export async function openDevices(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Devices' }).click();
  await expect(page.getByRole('heading', { name: 'Devices' })).toBeVisible({ timeout: 20_000 });
  return devices(page);
}

export async function tab(page: Page, name: string): Promise<void> {
  await devices(page).getByRole('tab', { name, exact: name !== 'Console' }).click();
}

export async function addVirtualBoard(page: Page): Promise<void> {
  await devices(page).getByRole('button', { name: 'Add a virtual board' }).click();
  await expect(devices(page).getByRole('tab', { name: 'Faults' })).toBeVisible({ timeout: 20_000 });
}

export async function connect(page: Page): Promise<void> {
  await devices(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(devices(page).getByRole('region', { name: 'Chip' })).toContainText('MAC', { timeout: 60_000 });
}

/** Installs what is offered first; resolves when it is verified. */
export async function install(page: Page): Promise<void> {
  await tab(page, 'Install');
  await devices(page).getByRole('button', { name: 'Install', exact: true }).click();
  await expect(devices(page).getByText(/verified/i).last()).toBeVisible({ timeout: 150_000 });
}

export async function setUp(page: Page, node: string): Promise<void> {
  await tab(page, 'Set up');
  await devices(page).getByRole('button', { name: /^Continuum Lab \(virtual\)/ }).click({ timeout: 60_000 });
  await devices(page).getByRole('textbox', { name: /^Node name/ }).fill(node);
  await devices(page).getByRole('button', { name: 'In this page' }).click();
  await devices(page).getByRole('button', { name: 'Set up' }).click();
  await expect(devices(page).getByRole('heading', { name: 'Online' })).toBeVisible({ timeout: 60_000 });
}
