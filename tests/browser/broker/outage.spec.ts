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
  listener = await Listener.open(broker.mqttUrl, 'ic/+/data');
});
test.afterEach(async () => {
  await listener.close();
  await broker.stop();
});

/** Sequence numbers of each node that the far end has, each message once. */
function sequences(): Map<string, number[]> {
  const seen = new Set<string | null>();
  const byNode = new Map<string, number[]>();
  for (const { topic, payload, mid } of listener.heard) {
    expect(mid, 'every QoS 1 message has a name').not.toBeNull();
    if (seen.has(mid)) continue;
    seen.add(mid);
    byNode.set(topic, [...(byNode.get(topic) ?? []), (JSON.parse(payload) as { seq: number }).seq]);
  }
  return byNode;
}

/** Every reading of every node once, in order, without a gap. */
function expectWhole(): void {
  const byNode = sequences();
  expect(byNode.size).toBe(NODES);
  for (const [topic, found] of byNode) {
    expect(found, topic).toEqual(Array.from({ length: found.length }, (_, index) => found[0] + index));
  }
}

/** Readings of one node that the far end has and the history of this page has not. */
async function lacking(page: Page): Promise<number> {
  const shown = await page.evaluate(async () => {
    const { history } = await window.continuumLab.openHistory();
    await history.flush();
    const series = await history.series();
    return series.find(({ node, quantity }) => node === 'esp32-7' && quantity === 'raw')?.samples ?? 0;
  });
  return sequences().get('ic/esp32-7/data')!.length - shown;
}

/** QoS 1 messages that wait, as the page says it. */
async function waiting(page: Page): Promise<number> {
  const text = (await page.getByRole('button', { name: /^Broker|^Joined|^Reconnecting/ }).first().textContent()) ?? '';
  return Number(/([\d,]+) waiting/.exec(text)?.[1].replaceAll(',', '') ?? 0);
}

test('a broker that dies for a minute gets everything afterwards, and the page says what is happening', async ({ browser }) => {
  test.setTimeout(240_000);
  const [page, second] = [await browser.newPage(), await (await browser.newContext()).newPage()];
  await openLab(page, `nodes=${NODES}`);
  await joinBroker(page, broker.url);
  await openLab(second, 'nodes=1');
  await joinBroker(second, broker.url);
  await expect.poll(() => sequences().size, { timeout: 20_000 }).toBe(NODES);
  await page.waitForTimeout(5000);
  const lackedBefore = await lacking(second);
  await broker.saveNow();

  await broker.kill();
  await expect(page.getByText(/^Reconnecting/).first()).toBeVisible({ timeout: 15_000 });
  await page.waitForTimeout(OUTAGE_MS);
  expect(await waiting(page)).toBeGreaterThan((OUTAGE_MS / 1000) * 90);
  await broker.restart();
  await page.waitForFunction(() => window.continuumLab.latestFrame()?.bridge?.up === true, null, { timeout: 45_000 });
  await expect.poll(() => waiting(page), { timeout: 60_000 }).toBe(0);
  await page.waitForTimeout(3000);
  expectWhole();

  // The second page comes back in its own time, and shows each reading once: it lacks what was before it joined, and no more.
  await expect.poll(() => lacking(second), { timeout: 60_000 }).toBeLessThanOrEqual(lackedBefore + 1);
  expect(await lacking(second)).toBeGreaterThanOrEqual(lackedBefore - 1);
  await Promise.all([page.close(), second.context().close()]);
});

test('a tab that is closed during an outage delivers its outbox when it is opened again, and its history is whole', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext();
  const page = await context.newPage();
  await openLab(page, `nodes=${NODES}`);
  await joinBroker(page, broker.url);
  await expect.poll(() => sequences().size, { timeout: 20_000 }).toBe(NODES);
  await broker.saveNow();
  await broker.kill();
  await page.waitForTimeout(8000);
  const last = await page.evaluate(() => window.continuumLab.latestFrame()?.timeUs ?? 0);
  expect(last).toBeGreaterThan(0);
  const sent = await page.evaluate(() => {
    const out = window.continuumLab.latestDetail()?.messages.filter(({ direction, topic }) => direction === 'out' && topic.endsWith('/data'));
    return (JSON.parse(out?.at(-1)?.payload ?? '{}') as { seq: number }).seq;
  });
  await page.waitForTimeout(1000);
  await page.close({ runBeforeUnload: true });
  const before = sequences().get('ic/esp32-1/data')!.length;
  expect(before).toBeLessThan(sent);

  await broker.restart();
  const again = await context.newPage();
  const noErrors = expectNoErrors(again);
  await openLab(again, 'nodes=1');
  await expect.poll(() => sequences().get('ic/esp32-1/data')!.includes(sent), { timeout: 45_000 }).toBe(true);
  const whole = sequences().get('ic/esp32-1/data')!;
  const first = whole[0];
  // What the reopened page has sent itself comes after that.
  expect(whole.slice(0, sent - first + 1)).toEqual(Array.from({ length: sent - first + 1 }, (_, index) => first + index));

  const kept = await again.evaluate(async () => {
    const { history } = await window.continuumLab.openHistory();
    const series = await history.series();
    return series.find(({ node, quantity }) => node === 'esp32-1' && quantity === 'raw')?.samples ?? 0;
  });
  expect(kept).toBeGreaterThanOrEqual(sent - first + 1);
  noErrors();
  await context.close();
});
