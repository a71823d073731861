/** The network goes away under 100 QoS 1 messages a second, and the tab with it: nothing is lost and nothing is shown twice. */
import { expect, test, type Page } from '@playwright/test';
import { startMosquitto, type RunningMosquitto } from '../../../scripts/setup/mosquitto.mjs';
import { joinBroker } from '../support/broker.ts';
import { Listener } from '../support/listener.ts';
import { expectNoErrors, openLab } from '../support/lab.ts';

/** At a period of 3 s. */
const NODES = 300;
const OUTAGE_MS = 60_000;

let broker: RunningMosquitto;
let listener: Listener;
test.beforeEach(async () => {
  broker = await startMosquitto({ persistence: true });
  listener = await Listener.open(broker.mqttUrl, 'ic/#');
});
test.afterEach(async () => {
  await listener.close();
  await broker.stop();
});

/** Numbers that a sender gave its messages, in their order, each once. */
function numbersOf(sender: string): number[] {
  const numbers = new Set<number>();
  for (const { mid } of listener.heard) {
    if (mid?.startsWith(`${sender}-`)) numbers.add(Number(mid.slice(sender.length + 1)));
  }
  return [...numbers].sort((a, b) => a - b);
}

/**
 * Those that are lacking between the first and the last, with the place of each. That the page sends in order is for
 * `outbox.test.ts`: a broker hands on in its own time.
 */
function gapsOf(sender: string): string[] {
  const numbers = numbersOf(sender);
  return numbers.flatMap((number, index) => (index > 0 && number !== numbers[index - 1] + 1 ? [`${number - numbers[index - 1] - 1} before the ${index}th of ${numbers.length}`] : []));
}

const clientOf = (page: Page): Promise<string> => page.evaluate(() => window.continuumLab.latestFrame()!.bridge!.clientId);

/** Sequence numbers of one node's readings, each message once. A virtual link may give one up for lost. */
function readings(node: string): number[] {
  const byMid = new Map(listener.heard.filter(({ topic }) => topic === `ic/${node}/data`).map(({ mid, payload }) => [mid, payload]));
  return Array.from(byMid.values(), (payload) => (JSON.parse(payload) as { seq: number }).seq);
}

/** Readings of one node that the far end has and the history of this page has not. */
async function lacking(page: Page): Promise<number> {
  const shown = await page.evaluate(async () => {
    const { history } = await window.continuumLab.openHistory();
    await history.flush();
    const series = await history.series();
    return series.find(({ node, quantity }) => node === 'esp32-7' && quantity === 'raw')?.samples ?? 0;
  });
  return readings('esp32-7').length - shown;
}

/** QoS 1 messages that wait, as the page says it; of one that has joined, those beyond what is always on the way. */
async function waiting(page: Page): Promise<number> {
  const text = (await page.getByRole('button', { name: /^Broker|^Joined|^Reconnecting/ }).first().textContent()) ?? '';
  return Number(/([\d,]+) waiting/.exec(text)?.[1].replaceAll(',', '') ?? 0);
}

test('a broker that dies for a minute gets everything afterwards, and the page says what is happening', async ({ browser }) => {
  test.setTimeout(300_000);
  const [page, second] = [await browser.newPage(), await (await browser.newContext()).newPage()];
  await openLab(page, `nodes=${NODES}`);
  await joinBroker(page, broker.url);
  await openLab(second, 'nodes=1');
  await joinBroker(second, broker.url);
  await expect.poll(() => readings(`esp32-${NODES}`).length, { timeout: 20_000 }).toBeGreaterThan(0);
  // The least of some looks: a page that is behind for a moment lacks more.
  const looks: number[] = [];
  while (looks.length < 5) {
    await page.waitForTimeout(1000);
    looks.push(await lacking(second));
  }
  const lackedBefore = Math.min(...looks);
  await broker.saveNow();

  await broker.kill();
  await expect(page.getByText(/^Reconnecting/).first()).toBeVisible({ timeout: 15_000 });
  await page.waitForTimeout(OUTAGE_MS);
  const held = await waiting(page);
  expect(held).toBeGreaterThan((OUTAGE_MS / 1000) * 90);
  const heardBefore = numbersOf(await clientOf(page)).length;
  await broker.restart();
  await page.waitForFunction(() => window.continuumLab.latestFrame()?.bridge?.up === true, null, { timeout: 45_000 });
  await expect.poll(() => waiting(page), { timeout: 60_000 }).toBe(0);
  await expect.poll(async () => numbersOf(await clientOf(page)).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(heardBefore + held);
  await expect.poll(async () => gapsOf(await clientOf(page)), { timeout: 30_000 }).toEqual([]);

  // The second page comes back in its own time, and shows each reading once: it lacks what was before it joined, and no more.
  await expect.poll(() => lacking(second), { timeout: 60_000 }).toBeLessThanOrEqual(lackedBefore + 1);
  expect(await lacking(second)).toBeGreaterThanOrEqual(lackedBefore - 1);
  await Promise.all([page.close(), second.context().close()]);
});

test('a tab that is closed during an outage delivers its outbox when it is opened again, and its history is whole', async ({ browser }) => {
  test.setTimeout(180_000);
  const context = await browser.newContext();
  const page = await context.newPage();
  await openLab(page, `nodes=${NODES}`);
  await joinBroker(page, broker.url);
  await expect.poll(() => readings(`esp32-${NODES}`).length, { timeout: 20_000 }).toBeGreaterThan(0);
  await broker.saveNow();
  await broker.kill();
  await page.waitForTimeout(8000);
  const client = await clientOf(page);
  const first = readings('esp32-1')[0];
  const sent = await page.evaluate(() => {
    const out = window.continuumLab.latestDetail()?.messages.filter(({ direction, topic }) => direction === 'out' && topic.endsWith('/data'));
    return (JSON.parse(out?.at(-1)?.payload ?? '{}') as { seq: number }).seq;
  });
  await page.waitForTimeout(1000);
  await page.close({ runBeforeUnload: true });
  const heard = numbersOf(client).length;

  await broker.restart();
  const again = await context.newPage();
  const noErrors = expectNoErrors(again);
  await openLab(again, 'nodes=1');
  await expect.poll(() => readings('esp32-1').includes(sent), { timeout: 60_000 }).toBe(true);
  // The reopened page goes on under the same name, with numbers of its own.
  expect(await clientOf(again)).toBe(client);
  const numbers = numbersOf(client);
  const fresh = numbers.findIndex((number, at) => at > 0 && number !== numbers[at - 1] + 1);
  const ofBefore = fresh < 0 ? numbers : numbers.slice(0, fresh);
  expect(ofBefore.length).toBeGreaterThan(heard + 500);

  const kept = await again.evaluate(async () => {
    const { history } = await window.continuumLab.openHistory();
    const series = await history.series();
    return series.find(({ node, quantity }) => node === 'esp32-1' && quantity === 'raw')?.samples ?? 0;
  });
  const given = readings('esp32-1').filter((seq) => seq >= first && seq <= sent).length;
  expect(kept).toBeGreaterThanOrEqual(given);
  noErrors();
  await context.close();
});
