import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

let broker: RunningMosquitto;
beforeAll(async () => {
  broker = await startMosquitto();
});
afterAll(() => broker.stop());

const mebibyte = 1_048_576;

/** What a board hears of payloads that a client publishes, and that the broker lives on. */
async function heardOf(sizes: number[], url: string): Promise<number[]> {
  const board = await Client.open(broker.mqttUrl);
  await board.subscribe('ic/esp32/#');
  const heard: number[] = [];
  board.mqtt.on('message', (topic, payload) => topic === 'ic/esp32/guest' && heard.push(payload.length));
  for (const size of sizes) {
    const sender = await Client.open(url, { protocolVersion: 4 });
    const cut = new Promise<void>((resolve) => sender.mqtt.once('close', () => resolve()));
    await Promise.race([sender.publish('ic/esp32/guest', Buffer.alloc(size, 1)), cut]);
    await sender.close();
  }
  const last = await Client.open(url);
  await last.publish('ic/esp32/data', 'alive');
  await board.saw('ic/esp32/data');
  await Promise.all([board.close(), last.close()]);
  return heard;
}

describe.each([
  ['MQTT', () => broker.mqttUrl],
  ['WebSockets', () => broker.url],
])('over %s', (_, url) => {
  it('a guest of 1 MiB passes, a larger packet does not, and the broker lives', async () => {
    expect(await heardOf([mebibyte, mebibyte + 1, 1_200_000, 4_000_000], url())).toEqual([mebibyte]);
  });
});

it('a client is told the largest packet, and how many messages may be under way', async () => {
  const client = await Client.open(broker.url);
  const connack = new Promise<Record<string, unknown>>((resolve) => {
    client.mqtt.once('connect', (packet) => resolve((packet.properties ?? {}) as Record<string, unknown>));
  });
  client.mqtt.reconnect();
  expect(await connack).toMatchObject({ maximumPacketSize: 1_114_112, receiveMaximum: 100 });
  await client.close();
});

it('the outbox of a page that was away for long goes out whole: 20,000 messages to a page that is away itself', async () => {
  const absent = { clientId: 'second-page', clean: false, properties: { sessionExpiryInterval: 3600 } };
  const reader = await Client.open(broker.mqttUrl, absent);
  await reader.subscribe('ic/+/data');
  await reader.close();
  const writer = await Client.open(broker.url);
  const count = 20_000;
  let acknowledged = 0;
  const all = new Promise<void>((resolve) => {
    for (let index = 0; index < count; index += 1) {
      writer.mqtt.publish(`ic/esp32-${index % 100}/data`, `{"raw":${index},"pct":51,"irrigar":1}`, { qos: 1 }, () => {
        acknowledged += 1;
        if (acknowledged === count) resolve();
      });
    }
  });
  await all;
  await writer.close();
  const back = await Client.open(broker.mqttUrl, absent);
  await expect.poll(() => back.received.length, { timeout: 30_000, interval: 100 }).toBe(count);
  await back.close();
}, 60_000);
