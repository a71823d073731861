/** The lab's tabs about guests, as a researcher uses them in the built page. */
import { expect, test, type Page } from '@playwright/test';
import { expectNoSeriousAxe } from '../support/axe.ts';
import { openLab } from '../support/lab.ts';

async function openPart(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  await page.getByRole('tablist', { name: 'Parts of the lab' }).getByRole('tab', { name, exact: true }).click();
}

const inTab = async (page: Page, name: string): Promise<void> => page.getByRole('tablist', { name: 'About these modules' }).getByRole('tab', { name, exact: true }).click();

test('C and Rust are laid side by side, behave alike, and are timed with intervals', async ({ page }) => {
  await openLab(page);
  await openPart(page, 'Guests');
  await expect(page.getByRole('row', { name: /Instructions per step/ })).toContainText(/\d/, { timeout: 60_000 });
  await expectNoSeriousAxe(page, 'guests, make-up');
  await inTab(page, 'Code');
  await expect(page.getByRole('region', { name: /^Code of A/ })).toBeVisible();
  await page.getByLabel('Search the code of A').fill('i32.div');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
  await inTab(page, 'Behaviour');
  await page.getByLabel('Inputs').selectOption('1000');
  await page.getByRole('button', { name: 'Compare behaviour' }).click();
  await expect(page.getByText('Equal on 1,000 inputs.')).toHaveCount(3, { timeout: 30_000 });
  await inTab(page, 'Time per call');
  await page.getByLabel('Batches of 5 ms').selectOption('20');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(page.getByRole('img', { name: /^process: time of one call/ })).toBeVisible({ timeout: 60_000 });
  await expectNoSeriousAxe(page, 'guests, times');
});

test('a module that is dropped in is compared, and a file that is none is refused with a sentence', async ({ page }) => {
  await openLab(page);
  await openPart(page, 'Guests');
  const files = page.getByLabel('Modules to compare');
  await files.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no module') });
  await expect(page.getByRole('alert')).toHaveText('notes.txt is no WebAssembly module: it does not begin as one.');
  await files.setInputFiles({ name: 'empty.wasm', mimeType: 'application/wasm', buffer: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) });
  await expect(page.getByRole('row', { name: /^Size/ }).first()).toContainText('8 bytes');
});

test('pasted figures become a profile of the running scenario, and absurd ones are refused', async ({ page }) => {
  await openLab(page);
  await openPart(page, 'Calibration');
  const replies = page.getByLabel('Replies to bench');
  const read = page.getByRole('button', { name: 'Read', exact: true });
  await replies.fill('{"wasm_call_us":-1}');
  await read.click();
  await expect(page.getByRole('alert')).toContainText('must be a number from 0');
  await replies.fill('{"cmd":"bench","ok":1,"steps":40,"us_per_step":420,"wasm_call_us":19,"native_call_us":0.9,"wasm_host_call_us":9.2,"native_host_call_us":0.4}');
  await read.click();
  await expect(page.getByRole('row', { name: /^One step/ })).toContainText('predicted');
  await expect(page.getByRole('row', { name: /^One call, wasm/ })).toContainText('fitted');
  await expectNoSeriousAxe(page, 'calibration');
  await page.getByRole('button', { name: 'Use in the running scenario' }).click();
  await expect.poll(() => page.url()).toContain('p.cost.esp32.fast.nsPerInstruction=');
  await page.getByRole('button', { name: 'Take out of the scenario' }).first().click();
  await expect.poll(() => page.url()).not.toContain('p.cost.esp32.fast');
});

test('a hostile guest is run by keyboard, and the page says who stopped it and what its neighbours felt', async ({ page }) => {
  await openLab(page);
  await openPart(page, 'Isolation');
  await page.getByRole('button', { name: /^Reads outside its memory, Shared memory/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Run it here' }).click();
  await expect(page.getByText(/^Done in/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^noticed by: transform/).first()).toBeVisible();
  await expect(page.getByText(/no byte of .* changed/).first()).toBeVisible();
  await expectNoSeriousAxe(page, 'isolation');
});
