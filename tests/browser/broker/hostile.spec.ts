/** Anybody can publish anything on a broker: the page counts it, says why it was refused, and goes on. */
import { expect, test } from '@playwright/test';
import mqtt from 'mqtt';
import { fileURLToPath } from 'node:url';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { startMosquitto } from '../../../scripts/setup/mosquitto.mjs';
import { joinBroker } from '../support/broker.ts';
import { expectNoErrors, openLab, selectNode } from '../support/lab.ts';

const MESSAGES = 10_000;
const TOGETHER = 50;
/** What people call a freeze, on a machine that is busy with the broker and the sender, too. */
const LONGEST_FRAME_MS = 2000;
const kinds = ['data', 'status', 'config', 'config/ack', 'presence', 'metrics', 'guest', 'guest/state', 'cmd', 'reply', 'processed', 'analytics', 'x/y/z'];

test('ten thousand hostile messages on every topic cost no exception and no freeze, and all are accounted for', async ({ page }) => {
  test.setTimeout(300_000);
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9);
  console.log(`seed ${seed}`);
  const random = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(random, 0, limit - 1);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)];
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));

  // Brokers end the connection of whoever sends control characters in a topic; the rest of Latin-1 they pass on.
  const odd = (): string => Buffer.from(Array.from({ length: below(20) }, () => pick([32, 160]) + below(95))).toString('latin1').replaceAll(/[+#]/g, '');

  const broker = await startMosquitto();
  const hostile = await mqtt.connectAsync(broker.mqttUrl, { protocolVersion: 5 });
  const noErrors = expectNoErrors(page);
  await openLab(page, 'nodes=2');
  await joinBroker(page, broker.url);

  // Deep enough for a parser that recurses, and short enough to be read at all.
  const deep = '['.repeat(8000);
  const payloads = [
    () => bytes(below(200)),
    () => Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
    () => deep,
    () => `{"raw":${deep}`,
    () => '{"raw":1e999,"pct":-5,"irrigar":"maybe"}',
    () => '{"__proto__":{"raw":1},"constructor":1}',
    () => '<img src=x onerror=alert(1)>',
    () => '',
    () => '{"online":1,"tier":"emperor"}',
    () => JSON.stringify({ raw: below(5000), pct: below(100), irrigar: below(2) }),
    () => JSON.stringify({ online: true, kind: 'real', tier: 'edge' }),
  ];
  const names = [() => `ic/n${below(3000)}`, () => `ic/esp32-1`, () => `ic/${odd()}`, () => 'ic', () => 'ic/fog', () => 'ic/..%2f..', () => `ic/${'x'.repeat(500)}`];
  await page.addScriptTag({ path: fileURLToPath(new URL('../../../scripts/bench/sample-frames.js', import.meta.url)) });
  const frames = page.evaluate(() => window.sampleFrames(20_000));
  for (let sent = 0; sent < MESSAGES; sent += TOGETHER) {
    const publishing = Array.from({ length: TOGETHER }, (_, each) => {
      // Mosquitto hands large messages to WebSockets in small pieces, so these few take the most time.
      const payload = (sent + each) % 4000 === 7 ? Buffer.alloc(1_000_000, sent === 0 ? '[' : 0xff) : pick(payloads)();
      const topic = `${pick(names)()}/${pick(kinds)}`;
      return hostile.publishAsync(topic, payload, { qos: 1, retain: below(50) === 0 });
    });
    await Promise.all(publishing);
  }
  const arrived = (): Promise<number> => page.evaluate(() => window.continuumLab.latestFrame()!.bridge!.received);
  await expect.poll(arrived, { timeout: 180_000 }).toBeGreaterThan(MESSAGES * 0.99);
  const { frameMs } = await frames;
  expect(Math.max(...frameMs)).toBeLessThan(LONGEST_FRAME_MS);

  const bridge = await page.evaluate(() => window.continuumLab.latestFrame()!.bridge!);
  expect(bridge.rejected.total).toBeGreaterThan(MESSAGES / 4);
  expect(bridge.remote).toBeLessThanOrEqual(1000);
  for (const { reason } of bridge.rejected.byReason) expect(reason).toMatch(/^[A-Z].*[.)]$/su);
  // The guest of a node that nobody else claimed runs on.
  await selectNode(page, 'esp32-2');
  const steps = (): Promise<number> => page.evaluate(() => window.continuumLab.latestDetail()?.steps ?? 0);
  const before = await steps();
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(before);

  await page.getByRole('button', { name: /^Joined/ }).click();
  await expect(page.getByRole('dialog').getByText(/rejected/i).first()).toBeVisible();
  noErrors();
  await hostile.endAsync();
  await broker.stop();
});
