/** The lab's experiments as a researcher meets them: put together, run, read, saved, opened and varied, by the page alone. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expectNoErrors, openLab } from '../support/lab.ts';

test.slow();

interface Filed {
  experiment: { seed: number; factors: { nodes: number[] } };
  parameters: { id: string; value: number }[];
  modules: { id: string; name: string; sha256: string; base64: string }[];
}

const drifted = 'energy.deepSleepMa';

// Else the numbers of a paper are had by programmers only.
test('an experiment is put together, refused with what is wrong with it, run, and read', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  const lab = await openComposer(page);
  await lab.getByRole('textbox', { name: 'Edge nodes' }).fill('2, many');
  await expect(lab.getByRole('status').filter({ hasText: 'Edge nodes, value 2,' })).toBeVisible();
  await expect(lab.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
  await runSmall(lab);
  await lab.getByRole('tab', { name: 'Table', exact: true }).click();
  await expect(lab.getByRole('table').first()).toBeVisible();
  await lab.getByRole('tab', { name: 'Plots', exact: true }).click();
  await expect(lab.getByRole('tabpanel').getByRole('img').first()).toBeVisible();
  const filed = await saved(page, lab);
  expect(filed.experiment.factors.nodes).toEqual([2]);
  noErrors();
});

// Else what is varied on a colleague's experiment is not that experiment any more, and nobody sees why.
test('a duplicate of an experiment from elsewhere has the models and the guest that came with it', async ({ page }) => {
  const lab = await openComposer(page);
  await runSmall(lab);
  const file = await saved(page, lab);
  const parameter = file.parameters.find(({ id }) => id === drifted)!;
  parameter.value *= 2;
  const guest = file.modules.find(({ id }) => id === 'c')!;
  // A custom section: another build that does the same.
  const bytes = Buffer.concat([Buffer.from(guest.base64, 'base64'), Buffer.from([0, 2, 1, 0x78])]);
  guest.base64 = bytes.toString('base64');
  guest.sha256 = createHash('sha256').update(bytes).digest('hex');

  await lab.getByLabel('Choose an experiment’s file').setInputFiles({ name: 'theirs.continuum.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await expect(lab.getByText(/ships another build of .* than the file has/)).toBeVisible();
  await lab.getByRole('button', { name: 'Duplicate', exact: true }).click();
  await lab.getByLabel('Name').fill('With another seed');
  await lab.getByLabel('Seed').fill('11');
  await lab.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(lab.getByRole('status').filter({ hasText: /^done, 4 runs in/ })).toBeVisible({ timeout: 120_000 });
  await expect(lab.getByText(/One parameter of the models has the value of “.*”, not of this version/)).toBeVisible();
  await expect(lab.getByText(/runs the build of .* that came with “.*”/)).toBeVisible();

  const copy = await saved(page, lab);
  expect(copy.experiment.seed).toBe(11);
  expect(copy.parameters.find(({ id }) => id === drifted)).toMatchObject({ value: parameter.value });
  expect(copy.modules.find(({ id }) => id === 'c')).toMatchObject({ sha256: guest.sha256 });
  // From a preset everything is the page's own again.
  await lab.getByRole('button', { name: 'Duplicate', exact: true }).click();
  await lab.getByRole('button', { name: 'Which placement?' }).click();
  await runSmall(lab);
  const own = await saved(page, lab);
  expect(own.parameters.find(({ id }) => id === drifted)).toMatchObject({ value: parameter.value / 2 });
});

async function openComposer(page: Page): Promise<Locator> {
  await openLab(page, 'nodes=1');
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  return page.getByRole('dialog', { name: 'Lab' });
}

/** A and E with C, twice each. */
async function runSmall(lab: Locator): Promise<void> {
  const strategies = lab.getByRole('group', { name: 'Strategies' });
  for (const strategy of ['B', 'C', 'D']) await strategies.getByText(new RegExp(`^${strategy}:`)).click();
  await lab.getByRole('group', { name: 'Guests' }).getByText('Rust').click();
  for (const [label, value] of [['Edge nodes', '2'], ['Replications', '2'], ['Measured time, s', '1800'], ['Warm-up, s', '120']] as const) {
    await lab.getByLabel(label, { exact: true }).fill(value);
  }
  await expect(lab.getByText(/^2 cells, 4 runs/)).toBeVisible();
  await lab.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(lab.getByRole('status').filter({ hasText: /^done, 4 runs in/ })).toBeVisible({ timeout: 120_000 });
}

async function saved(page: Page, lab: Locator): Promise<Filed> {
  const download = page.waitForEvent('download');
  await lab.getByRole('button', { name: 'Save to reproduce' }).first().click();
  return JSON.parse(await readFile(await (await download).path(), 'utf8')) as Filed;
}
