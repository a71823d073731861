import { describe, expect, test } from 'vitest';
import { Broker } from '../mqtt/broker.ts';
import { Place, Stamps } from '../protocol/latency.ts';
import { Message, type MqttMessage } from '../protocol/message.ts';
import { Connection } from './connection.ts';
import { Kernel } from './kernel.ts';
import { Link } from './models/link.ts';
import { stream } from './random.ts';

const profile = { latencyMedianMs: 10, latencySigma: 0, lossProbability: 0, bandwidthMbps: 8, overheadBytes: 0, frameOverheadUs: 0 };

function connected(lossProbability = 0) {
  const kernel = new Kernel();
  const broker = new Broker();
  const seen = { received: [] as MqttMessage[], air: [] as [string, number][], transfers: 0, givenUp: 0, atBroker: [] as MqttMessage[] };
  const far = broker.connect('far', { keepAliveS: 0, cleanStart: true, onMessage: (message) => seen.atBroker.push(message) });
  far.subscribe('ic/#', 0);
  const link = (name: string) => new Link({ ...profile, lossProbability }, stream(1, name));
  const connection = new Connection({
    kernel,
    broker,
    clientId: 'esp32-1',
    up: link('up'),
    down: link('down'),
    retry: { timeoutUs: 100_000, maxRetries: 2 },
    keepAliveS: 10,
    will: { topic: 'ic/esp32-1/presence', payload: '{}', qos: 1, retain: true },
    brokerStamp: Place.brokerAt,
    onMessage: (message) => seen.received.push(message),
    onTransfer: () => (seen.transfers += 1),
    onAir: (direction, airtimeUs) => seen.air.push([direction, airtimeUs]),
    onGiveUp: () => (seen.givenUp += 1),
  });
  connection.subscribe('to/me', 1);
  return { kernel, far, connection, seen };
}

const reading = (qos: 0 | 1) => new Message('ic/esp32-1/data', '{"raw":1}', qos, false, new Stamps(null, Place.sampledAt, 0));

describe('Connection', () => {
  test.each([0, 1] as const)('QoS %i: a message arrives after its time on the air and on the way, and bears the time', async (qos) => {
    const { kernel, connection, seen } = connected();
    const message = reading(qos);
    connection.publish(message, message.bytes);
    await kernel.runUntil(1e6);
    const [arrived] = seen.atBroker;
    expect(arrived.stamps?.at(Place.brokerAt)).toBe(10_000 + message.bytes);
    // At QoS 1 the broker acknowledges with four bytes.
    expect(seen.air).toEqual(qos === 0 ? [['up', message.bytes]] : [['up', message.bytes], ['down', 4]]);
  });

  test('a node that has fallen silent sends and receives nothing and spends nothing on it', async () => {
    const { kernel, far, connection, seen } = connected();
    connection.publish(reading(1), 40);
    await kernel.runUntil(5000);
    connection.fallSilent();
    const before = { air: seen.air.length, transfers: seen.transfers };
    far.publish({ topic: 'to/me', payload: 'x', qos: 1, retain: false });
    connection.publish(reading(0), 40);
    await kernel.runUntil(60e6);
    expect({ air: seen.air.length, transfers: seen.transfers }).toEqual(before);
    expect(seen.received).toEqual([]);
  });

  test('what is never acknowledged is given up after the last try, else a broken link would fill the memory', async () => {
    const { kernel, connection, seen } = connected(1);
    connection.publish(reading(1), 40);
    await kernel.runUntil(60e6);
    expect(seen).toMatchObject({ transfers: 3, givenUp: 1, atBroker: [] });
  });
});
