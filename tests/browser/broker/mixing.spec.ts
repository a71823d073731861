/** Two pages and a plain board on one real Mosquitto. */
import { expect, test } from '@playwright/test';
import { startMosquitto, type RunningMosquitto } from '../../../scripts/setup/mosquitto.mjs';
import { joinBroker, waitForNode } from '../support/broker.ts';
import { expectNoErrors, inspector, openLab, openTab, selectNode } from '../support/lab.ts';
import { PlainBoard } from '../support/plain-board.ts';
import { Listener } from '../support/listener.ts';

/** Two pages and a broker on two cores take their time. */
test.setTimeout(150_000);

let broker: RunningMosquitto;
test.beforeEach(async () => {
  broker = await startMosquitto();
});
test.afterEach(() => broker.stop());

test('a node simulated in one page is seen, charted and calibrated from a second page, or pages could not share a fleet', async ({ browser }) => {
  const [first, second] = [await browser.newPage(), await browser.newPage()];
  const noErrors = [expectNoErrors(first), expectNoErrors(second)];
  await openLab(first, 'nodes=2');
  await joinBroker(first, broker.url);
  await openLab(second, 'nodes=1&seed=7');
  await joinBroker(second, broker.url);

  // The second page's own esp32-1 yields to the first page's, and esp32-2 is found.
  await waitForNode(second, 'esp32-2');
  await selectNode(second, 'esp32-1');
  await expect(inspector(second).getByText(/another page/i).first()).toBeVisible();
  await expect(inspector(second).getByRole('radio', { name: 'Real' })).toBeChecked();
  await selectNode(second, 'esp32-2');
  await second.waitForFunction(() => {
    const frame = window.continuumLab.latestFrame();
    return frame !== null && frame.nodes.raw[3] > 0;
  });
  await expect(second.getByRole('img', { name: /esp32-2/ }).or(second.getByText('esp32-2')).first()).toBeVisible();

  await openTab(second, 'Calibration');
  await inspector(second).getByLabel(/^Threshold/i).fill('1850');
  await inspector(second).getByRole('button', { name: 'Send to the node' }).click();
  await expect(inspector(second).getByText('The node answered:')).toBeVisible({ timeout: 10_000 });
  await expect(inspector(second).getByText('Accepted and in force.')).toBeVisible();

  await selectNode(first, 'esp32-2');
  await openTab(first, 'Calibration');
  await expect(inspector(first).locator('.in-force')).toContainText('1850');
  for (const check of noErrors) check();
});

test('a board that speaks only the plain topics is found, charted, filtered, calibrated and set beside its twin', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  const listener = await Listener.open(broker.mqttUrl, 'ic/+/processed');
  const board = new PlainBoard('vaso', broker.mqttPort);
  board.start(500);
  try {
    await openLab(page, 'nodes=1');
    await joinBroker(page, broker.url);
    await waitForNode(page, 'vaso');
    await selectNode(page, 'vaso');
    await expect(inspector(page).getByText('1,830').or(inspector(page).getByText('1830')).first()).toBeVisible();

    // The fog filters it, and what it makes of it is on the broker.
    await expect.poll(() => listener.payloads().find(({ device }) => device === 'vaso'), { timeout: 10_000 }).toMatchObject({
      source: 'real',
      raw: 1830,
      ema: expect.any(Number) as unknown,
    });
    await page.waitForFunction(() => (window.continuumLab.latestFrame()?.series.fogEma.length ?? 0) >= 0);

    await openTab(page, 'Calibration');
    await inspector(page).getByLabel(/^Threshold/i).fill('1900');
    await inspector(page).getByRole('button', { name: 'Send to the node' }).click();
    await expect.poll(() => board.config.limiar).toBe(1900);
    await expect(inspector(page).getByText(/readings agree/i)).toBeVisible({ timeout: 10_000 });

    await inspector(page).getByRole('radio', { name: 'Twin' }).click();
    await openTab(page, 'Twin');
    await page.waitForFunction(() => true);
    await expect(inspector(page).getByText(/comparisons/i).first()).toBeVisible({ timeout: 20_000 });
    await inspector(page).getByRole('radio', { name: 'Simulated' }).click();
    await openTab(page, 'Overview');
    await expect(inspector(page).getByRole('radio', { name: 'Simulated' })).toBeChecked();
    await expect(inspector(page).getByRole('heading', { name: 'Execution' })).toBeVisible();
    await inspector(page).getByRole('radio', { name: 'Real' }).click();
    await expect(inspector(page).getByRole('heading', { name: 'Execution' })).toBeHidden();
  } finally {
    board.stop();
    await listener.close();
  }
  noErrors();
});

test('a page that is killed leaves its nodes offline on the broker, or others would wait for the dead', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  const listener = await Listener.open(broker.mqttUrl, 'ic/+/presence');
  await openLab(page, 'nodes=2');
  await joinBroker(page, broker.url);
  const online = (id: string) => listener.last(`ic/${id}/presence`)?.online;
  await expect.poll(() => ['esp32-1', 'esp32-2', 'fog', 'cloud'].map(online), { timeout: 15_000 }).toEqual([1, 1, 1, 1].map(() => expect.anything() as unknown));
  // The page does not say goodbye: its process is gone.
  const session = await page.context().newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await expect.poll(() => ['esp32-1', 'esp32-2', 'fog', 'cloud'].map((id) => Boolean(online(id))), { timeout: 45_000 }).toEqual([false, false, false, false]);
  await listener.close();
});

test('a guest that is sent from one page runs on the node of another, which trusts the key, or a fleet could not be updated', async ({ browser }) => {
  // One browser, so that both pages have the same keys.
  const context = await browser.newContext();
  const [first, second] = [await context.newPage(), await context.newPage()];
  await openLab(first, 'nodes=1');
  await joinBroker(first, broker.url);
  // A page goes on where this browser was joined last.
  await openLab(second, 'nodes=1');
  await second.waitForFunction(() => window.continuumLab.latestFrame()?.bridge?.up === true, null, { timeout: 20_000 });
  await selectNode(second, 'esp32-1');
  await expect(inspector(second).getByRole('radio', { name: 'Real' })).toBeChecked();

  await second.getByRole('button', { name: 'Updates' }).click();
  const dialog = second.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Module' }).selectOption({ index: 1 });
  await dialog.getByRole('radio', { name: 'esp32-1' }).check();
  await dialog.getByPlaceholder(/Whose it is/).fill('Field lab');
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  await dialog.getByRole('button', { name: 'Sign and send' }).click();
  await second.waitForFunction(() => window.continuumLab.latestFrame()?.rollout?.state === 'done', null, { timeout: 45_000 });
  const accepted = await second.evaluate(() => window.continuumLab.latestFrame()!.rollout!.accepted);
  expect(accepted).toBe(1);
  await selectNode(first, 'esp32-1');
  await expect.poll(() => first.evaluate(() => window.continuumLab.latestDetail()?.guest?.language)).toBe('Rust');
  await context.close();
});
