import { afterEach, expect, it } from 'vitest';
import { startMosquitto, type MosquittoOptions, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

let broker: RunningMosquitto | undefined;
afterEach(() => broker?.stop());

const absent = { clientId: 'page-away', clean: false, properties: { sessionExpiryInterval: 3600 } };
const config = { topic: 'ic/esp32/config', payload: '{"seco":2600,"molhado":1100,"limiar":1700}' };
const queued = Array.from({ length: 500 }, (_, index) => ({ topic: 'ic/esp32/data', payload: `{"raw":${index}}` }));

/** A board's retained config, and messages for a page that has gone away. */
async function leaveBehind(running: RunningMosquitto): Promise<void> {
  const page = await Client.open(running.url, absent);
  await page.subscribe('ic/esp32/data');
  await page.close();
  const board = await Client.open(running.mqttUrl);
  await board.publish(config.topic, config.payload, true);
  await Promise.all(queued.map(({ topic, payload }) => board.publish(topic, payload)));
  await board.close();
}

async function expectAllThere(running: RunningMosquitto): Promise<void> {
  const board = await Client.open(running.mqttUrl);
  await board.subscribe(config.topic);
  await board.saw(config.topic);
  expect(board.received).toEqual([config]);
  await board.close();
  const page = await Client.open(running.url, absent);
  await expect.poll(() => page.received.length, { timeout: 8000 }).toBe(queued.length);
  expect(page.received).toEqual(queued);
  await page.close();
}

async function start(options: MosquittoOptions = {}): Promise<RunningMosquitto> {
  return (broker = await startMosquitto({ persistence: true, ...options }));
}

it('calibrations and what waits for an absent page outlive a restart', async () => {
  const running = await start();
  await leaveBehind(running);
  await running.restart();
  await expectAllThere(running);
});

it('and a kill, from the last save on, at the same address', async () => {
  const running = await start();
  const { url, pid } = running;
  await leaveBehind(running);
  await running.saveNow();
  await running.kill();
  expect(running.pid).toBeUndefined();
  await expect(Client.open(url)).rejects.toThrow();
  await running.restart();
  expect(running.url).toBe(url);
  expect(running.pid).not.toBe(pid);
  await expectAllThere(running);
});

it('the broker saves by itself at its interval', async () => {
  const running = await start({ extraLines: ['autosave_interval 1'] });
  await leaveBehind(running);
  const saves = () => running.log().match(/Saving in-memory database/g)?.length ?? 0;
  const before = saves();
  await expect.poll(saves, { timeout: 8000, interval: 50 }).toBeGreaterThan(before);
  // It says so first and answers nobody until the file is in place.
  await (await Client.open(running.mqttUrl)).close();
  await running.kill();
  await running.restart();
  await expectAllThere(running);
});
