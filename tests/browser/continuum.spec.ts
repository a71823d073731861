import { expect, test } from '@playwright/test';
import { expectNoErrors, inspector, openLab, openTab, selectNode } from './support/lab.ts';

test('the first screen moves without a click', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  await openLab(page);
  const health = page.getByLabel('Health');
  await expect(health).toContainText('14 of 14');
  const clock = page.getByLabel('Virtual time');
  const before = await clock.textContent();
  await expect(clock).not.toHaveText(before ?? '');
  await expect(page.getByRole('region', { name: 'Topology' })).toBeVisible();
  await expect(page.locator('.chart canvas').first()).toBeVisible();
  await expect(health).toContainText(/Sense to cloud\s*\d+ ms/);
  noErrors();
});

test('runs, pauses, steps by event and by second, changes speed and resets', async ({ page }) => {
  await openLab(page);
  const timeUs = () => page.evaluate(() => window.continuumLab.latestFrame()?.timeUs ?? -1);
  const events = () => page.evaluate(() => window.continuumLab.latestFrame()?.events ?? -1);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  await page.waitForTimeout(200);
  const [pausedUs, pausedEvents] = [await timeUs(), await events()];
  await page.waitForTimeout(300);
  expect(await timeUs()).toBe(pausedUs);
  await page.getByRole('button', { name: 'Step: execute the next event' }).click();
  await expect.poll(events).toBe(pausedEvents + 1);
  const steppedUs = await timeUs();
  await page.getByRole('button', { name: 'Step 1 s: run one virtual second' }).click();
  await expect.poll(timeUs).toBe(steppedUs + 1e6);
  await page.getByLabel('Speed').selectOption('max');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(timeUs).toBeGreaterThan(steppedUs + 600e6);
  expect(page.url()).toContain('speed=max');
  await page.getByLabel('Speed').selectOption('1×');
  await page.getByRole('button', { name: /^Reset/ }).click();
  await expect.poll(timeUs).toBeLessThan(10e6);
});

test('every strategy switches live and says what runs where', async ({ page }) => {
  await openLab(page);
  for (const [letter, runtime] of [
    ['A', /WAMR/],
    ['E', /native/],
    ['B', /WAMR/],
    ['D', /WAMR/],
    ['C', /WAMR/],
  ] as const) {
    await page.getByRole('radio', { name: new RegExp(`^${letter}:`) }).check({ force: true });
    await expect(inspector(page)).toContainText(runtime);
    await expect.poll(() => page.evaluate(() => window.continuumLab.latestFrame()?.strategy)).toBe(letter);
  }
});

test('a calibration is sent as config, acknowledged, and in force without a restart', async ({ page }) => {
  await openLab(page);
  await selectNode(page, 'esp32-2');
  await openTab(page, 'Calibration');
  const form = inspector(page);
  await form.getByLabel(/^Threshold/).fill('3000');
  await expect(form).toContainText(/must be below dry/);
  await form.getByLabel(/^Threshold/).fill('1300');
  await form.getByRole('button', { name: /send/i }).click();
  await expect(form).toContainText(/accepted/i);
  await openTab(page, 'Overview');
  await expect(form).toContainText(/0 restarts/);
  await expect(form).toContainText(/threshold\s*1300/);
});

test('all nodes are calibrated at once, and the dialog counts the acknowledgements', async ({ page }) => {
  await openLab(page);
  await page.getByRole('button', { name: 'Calibrate all…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Threshold/).fill('1650');
  await dialog.getByRole('button', { name: /send/i }).click();
  await expect(dialog).toContainText('All 12 nodes have acknowledged.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a sensor fault that is injected shows as an anomaly and can be cleared', async ({ page }) => {
  await openLab(page);
  await openTab(page, 'Site');
  await inspector(page).getByRole('button', { name: /stuck/i }).click();
  await expect(page.getByLabel('Health')).toContainText(/Anomalies\s*1/);
  await inspector(page).getByRole('button', { name: /clear/i }).click();
  await expect(page.getByLabel('Health')).toContainText(/Anomalies\s*0/);
});

test('fleet size, seed and parameters live in the address, and a link brings them back', async ({ page, context }) => {
  await openLab(page);
  await page.getByLabel('Edge nodes').fill('5');
  await page.getByLabel('Edge nodes').press('Enter');
  await expect(page.getByLabel('Health')).toContainText('7 of 7');
  await page.getByLabel('Seed').fill('99');
  await page.getByLabel('Seed').press('Enter');
  await page.getByRole('button', { name: /^Parameters/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByPlaceholder(/search/i).fill('link.wan.latencyMedianMs');
  await dialog.locator('input[type=text]').first().fill('200');
  await dialog.getByRole('button', { name: 'Start again with these' }).click();
  await expect.poll(() => page.url()).toContain('p.link.wan.latencyMedianMs=200');
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByLabel('Health')).toContainText('7 of 7');
  await expect(other.getByLabel('Seed')).toHaveValue('99');
  await expect
    .poll(() => other.evaluate(() => window.continuumLab.latestFrame()?.health.latencyMedianMs))
    .toBeGreaterThan(150);
});

test('a link with nonsense in it runs the default and says what was wrong', async ({ page }) => {
  await openLab(page, 'nodes=99999&strategy=Z&speed=fast');
  const alert = page.getByRole('alert').first();
  await expect(alert).toContainText('The number of nodes has to be 1 to 20000');
  await expect(alert).toContainText('There is no strategy "Z"');
  await expect(alert).toContainText('The speed has to be a number above 0');
  await expect(page.getByLabel('Health')).toContainText('14 of 14');
});

test('the chart tells the values under the mouse, hides a series, and holds a stretch that is drawn over it', async ({ page }) => {
  await openLab(page);
  await page.evaluate(() => window.continuumLab.advanceTo(600e6));
  const chart = page.getByLabel('Series of the watched node');
  const canvas = chart.locator('canvas');
  const picture = () => canvas.evaluate((drawn: HTMLCanvasElement) => drawn.toDataURL());
  await expect(chart).toContainText(/latest, .*00:09:5\d/);
  const whole = await picture();
  await chart.getByRole('button', { name: /^Threshold/ }).click();
  await expect.poll(picture).not.toBe(whole);
  await chart.getByRole('button', { name: /^Threshold/ }).click();
  await expect.poll(picture).toBe(whole);

  const { x, y, width, height } = (await canvas.boundingBox())!;
  await page.mouse.move(x + width * 0.4, y + height / 2);
  await expect(chart).toContainText(/at \d+ \w+ \d{4}, 00:0[2-6]:/);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(chart.getByRole('button', { name: 'Back to live' })).toBeVisible();
  await expect.poll(picture).not.toBe(whole);
  await page.mouse.dblclick(x + width * 0.5, y + height / 2);
  await expect(chart.getByRole('button', { name: 'Live', exact: true })).toBeVisible();
  await expect.poll(picture).toBe(whole);
});
