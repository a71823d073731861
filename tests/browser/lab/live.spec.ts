/** An experiment on the fleet that runs in the page, a board on a real Mosquitto among it. */
import { expect, test } from '@playwright/test';
import { startMosquitto, type RunningMosquitto } from '../../../scripts/setup/mosquitto.mjs';
import { joinBroker, waitForNode } from '../support/broker.ts';
import { expectNoErrors, openLab } from '../support/lab.ts';
import { PlainBoard } from '../support/plain-board.ts';

test.slow();

let broker: RunningMosquitto;
let board: PlainBoard;
test.beforeEach(async () => {
  broker = await startMosquitto();
  board = new PlainBoard('vaso', broker.mqttPort);
  board.start(500);
});
test.afterEach(async () => {
  board.stop();
  await broker.stop();
});

// Else what is found of simulated nodes could not be asked of real ones.
test('the strategies are measured on simulated nodes and a board together, in wall time', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  await openLab(page, 'nodes=2');
  await joinBroker(page, broker.url);
  await waitForNode(page, 'vaso');
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  const lab = page.getByRole('dialog', { name: 'Lab' });
  await lab.getByRole('button', { name: 'As it runs here' }).click();
  await expect(lab.getByText('3 edge nodes.')).toBeVisible();
  await lab.getByLabel('Measured time, s').fill('6');
  await lab.getByLabel('Warm-up, s').fill('2');
  const beganMs = performance.now();
  await lab.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(lab.getByText(/^done, 4 runs in/)).toBeVisible({ timeout: 120_000 });
  expect(performance.now() - beganMs).toBeGreaterThan(4 * 8000);

  const results = await page.evaluate(async () => {
    const port = await window.continuumLab.openLab();
    const [{ id }] = await port.list();
    return port.results(id);
  });
  expect(results.map(({ digest }) => digest)).toEqual(new Array(4).fill('measured live'));
  // The two simulated nodes read twice each in six seconds; the board does every half second.
  for (const { measures } of results) expect(measures.readings).toBeGreaterThan(8);
  await lab.getByRole('tab', { name: 'Summary', exact: true }).click();
  await expect(lab.getByText(/they are not tested against each other/)).toBeVisible();
  noErrors();
});
