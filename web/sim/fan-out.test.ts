import { expect, test } from 'vitest';
import { Broker } from '../mqtt/broker.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { FanOut } from './fan-out.ts';

const said = (payload: string): MqttMessage => ({ topic: 'ic/esp32-1/data', payload, qos: 0, retain: false });

function heardAt(broker: Broker): string[] {
  const heard: string[] = [];
  const session = broker.connect('listener', { keepAliveS: 0, cleanStart: true, onMessage: ({ payload }) => void heard.push(payload) });
  session.subscribe('ic/#', 0);
  return heard;
}

test('what a node publishes, its last will included, reaches every broker, and it hears the first alone', () => {
  const [first, second] = [new Broker(), new Broker()];
  const fan = new FanOut();
  fan.add(first);
  const heard: string[] = [];
  const node = fan.connect('node', { keepAliveS: 0, cleanStart: true, will: said('will'), onMessage: ({ payload }) => void heard.push(payload) });
  node.subscribe('to/node', 0);
  // A broker that comes later knows the node as well.
  fan.add(second);
  const atBrokers = [heardAt(first), heardAt(second)];
  node.publish(said('one'));
  for (const [at, broker] of [first, second].entries()) {
    const other = broker.connect('other', { keepAliveS: 0, cleanStart: true, onMessage: () => undefined });
    other.publish({ ...said(`from ${at}`), topic: 'to/node' });
  }
  expect(fan.drop('node')).toBe(true);
  expect(fan.drop('node')).toBe(false);
  expect(atBrokers).toEqual([['one', 'will'], ['one', 'will']]);
  expect(heard).toEqual(['from 0']);
  expect(node.connected).toBe(false);
});

test('after a goodbye no broker publishes a will', () => {
  const brokers = [new Broker(), new Broker()];
  const fan = new FanOut();
  for (const broker of brokers) fan.add(broker);
  const node = fan.connect('node', { keepAliveS: 0, cleanStart: true, will: said('will'), onMessage: () => undefined });
  const heard = brokers.map(heardAt);
  node.disconnect();
  expect(heard).toEqual([[], []]);
  expect(brokers.map((broker) => broker.drop('node'))).toEqual([false, false]);
});
