import { describe, expect, it } from 'vitest';
import { Message, Route, type MqttMessage } from '../protocol/message.ts';
import type { BrokerSession, ConnectOptions } from '../sim/broker-port.ts';
import { type BrokerHarness, describeBrokerContract } from './broker-contract.ts';
import { Broker } from './broker.ts';

async function inPage(): Promise<BrokerHarness> {
  const broker = new Broker();
  return {
    namespace: 'lab',
    async connect(clientId, { cleanStart = true, will, acknowledges = true } = {}) {
      const received: MqttMessage[] = [];
      const session = broker.connect(clientId, {
        cleanStart,
        will,
        keepAliveS: 60,
        onMessage(message, packetId, to) {
          received.push(message);
          if (packetId !== null && acknowledges) to.acknowledge(packetId);
        },
      });
      return {
        sessionPresent: session.sessionPresent,
        received,
        subscribe: async (filter, qos, options) => session.subscribe(filter, qos, options),
        unsubscribe: async (filter) => void session.unsubscribe(filter),
        publish: async (message) => session.publish(message),
        disconnect: async () => session.disconnect(),
        cut: async () => void broker.drop(clientId),
      };
    },
    settle: async () => {},
    close: async () => {},
  };
}

describeBrokerContract('The in-page broker', inPage);

const msg = (topic: string, payload = 'x', more: Partial<MqttMessage> = {}): MqttMessage => ({
  topic,
  payload,
  qos: 1,
  retain: false,
  ...more,
});

/** A client whose deliveries are logged as `payload` or `payload#packetId`. */
function client(broker: Broker, id: string, options: Partial<ConnectOptions> = {}) {
  const log: string[] = [];
  const session = broker.connect(id, {
    keepAliveS: 0,
    cleanStart: false,
    onMessage: ({ payload }, packetId) => log.push(packetId === null ? payload : `${payload}#${packetId}`),
    ...options,
  });
  return { session, log };
}

describe('Broker', () => {
  it('delivers once to overlapping subscriptions, or the fog would filter a reading twice', () => {
    const broker = new Broker();
    const { session, log } = client(broker, 'fog');
    session.subscribe('ic/+/data', 0);
    session.subscribe('ic/#', 1);
    session.subscribe('ic/n1/data', 0);
    session.publish(msg('ic/n1/data'));
    expect(log).toEqual(['x#1']);
  });

  it('lets a muted subscription not silence another that overlaps it', () => {
    const broker = new Broker();
    const { session, log } = client(broker, 'page');
    session.subscribe('a/#', 1, { noLocal: true });
    session.subscribe('a/b', 0);
    session.publish(msg('a/b'));
    expect(log).toEqual(['x']);
  });

  it('keeps a delivery pending under its packet id until the acknowledgement arrives', () => {
    const broker = new Broker();
    const { session, log } = client(broker, 'fog');
    session.subscribe('t', 1);
    session.publish(msg('t', 'a'));
    session.publish(msg('t', 'b'));
    expect(session.acknowledge(1)).toBe(true);
    // The acknowledgement of 2 was lost.
    expect(broker.pending('fog')).toEqual([{ packetId: 2, message: msg('t', 'b') }]);
    broker.retransmit('fog');
    expect(log).toEqual(['a#1', 'b#2', 'b#2']);
    expect(session.acknowledge(2)).toBe(true);
    expect(session.acknowledge(2)).toBe(false);
    broker.retransmit('fog');
    expect(log).toHaveLength(3);
    expect(broker.pending('nobody')).toEqual([]);
  });

  it('sends no more at once than may be in flight, and goes on with each acknowledgement', () => {
    const broker = new Broker({ maxInflight: 2 });
    const { session, log } = client(broker, 'fog');
    session.subscribe('t', 1);
    for (const payload of 'abcd') session.publish(msg('t', payload));
    session.publish(msg('t', 'zero', { qos: 0 }));
    expect(log).toEqual(['a#1', 'b#2', 'zero']);
    session.acknowledge(1);
    session.acknowledge(2);
    expect(log.slice(3)).toEqual(['c#3', 'd#4']);
  });

  it('gives the packet id of a pending delivery to no other, even after all ids went round', () => {
    const broker = new Broker();
    const ids: number[] = [];
    const { session } = client(broker, 'fog', {
      onMessage(_, packetId, to) {
        ids.push(packetId!);
        if (packetId !== 1) to.acknowledge(packetId!);
      },
    });
    session.subscribe('t', 1);
    for (let i = 0; i < 65_536; i++) session.publish(msg('t'));
    expect(ids.slice(-2)).toEqual([65_535, 2]);
  });

  it('counts what a full queue of an absent client loses, and keeps the oldest', () => {
    const broker = new Broker({ maxQueued: 3 });
    const absent = client(broker, 'absent');
    absent.session.subscribe('t', 1);
    broker.drop('absent');
    const { session } = client(broker, 'page');
    for (const payload of 'abcde') session.publish(msg('t', payload));
    expect(broker.stats.dropped).toBe(2);
    expect(client(broker, 'absent').log).toEqual(['a#1', 'b#2', 'c#3']);
  });

  it('empties a long queue to a client that acknowledges within the delivery', () => {
    const broker = new Broker({ maxQueued: 50_000 });
    client(broker, 'absent').session.subscribe('t', 1);
    broker.drop('absent');
    const { session } = client(broker, 'page');
    for (let i = 0; i < 50_000; i++) session.publish(msg('t', String(i)));
    const seen: string[] = [];
    client(broker, 'absent', {
      onMessage(message, packetId, to) {
        seen.push(message.payload);
        to.acknowledge(packetId!);
      },
    });
    expect(seen).toEqual(Array.from({ length: 50_000 }, (_, i) => String(i)));
    expect(broker.pending('absent')).toEqual([]);
  });

  it('shows every receiver the same order when one of them answers at once', () => {
    const broker = new Broker();
    const echo = client(broker, 'echo', {
      onMessage: ({ payload }, _, to) => {
        if (payload === 'question') to.publish(msg('t', 'answer', { qos: 0 }));
      },
    });
    echo.session.subscribe('t', 0);
    const witness = client(broker, 'witness');
    witness.session.subscribe('t', 0);
    witness.session.publish(msg('t', 'question'));
    expect(witness.log).toEqual(['question', 'answer']);
  });

  it('tells a client why its connection ended, and refuses its later verbs', () => {
    const broker = new Broker();
    const reasons: string[] = [];
    const onClose = (reason: string) => reasons.push(reason);
    const first = client(broker, 'node', { onClose });
    const second = client(broker, 'node', { onClose });
    expect(first.session.connected).toBe(false);
    expect(() => first.session.publish(msg('t'))).toThrow('connection of client "node" has ended');
    first.session.disconnect();
    expect(second.session.connected).toBe(true);
    expect(broker.drop('node')).toBe(true);
    expect(broker.drop('node')).toBe(false);
    expect(first.session.acknowledge(1)).toBe(false);
    const third = client(broker, 'node', { onClose });
    third.session.disconnect();
    expect(reasons).toEqual(['Another client connected under the id "node".', 'The connection was lost.']);
  });

  it('hands a resumed session its old messages before the will of the connection it takes over', () => {
    const broker = new Broker();
    const first = client(broker, 'node', { will: msg('t', 'will') });
    first.session.subscribe('t', 1);
    first.session.publish(msg('t', 'old'));
    expect(client(broker, 'node').log).toEqual(['old#1', 'will#2']);
  });

  it('ends a session that began clean when its connection is taken over', () => {
    const broker = new Broker();
    client(broker, 'node', { cleanStart: true }).session.subscribe('t', 1);
    const { session, log } = client(broker, 'node', { cleanStart: false });
    session.publish(msg('t'));
    expect([session.sessionPresent, log]).toEqual([false, []]);
  });

  it('lets nothing overtake the queue, not even what is published while it empties', () => {
    const broker = new Broker();
    client(broker, 'node').session.subscribe('t', 1);
    broker.drop('node');
    const { session } = client(broker, 'page');
    session.publish(msg('t', 'a'));
    session.publish(msg('t', 'b'));
    const seen: string[] = [];
    client(broker, 'node', {
      onMessage(message, packetId, to) {
        seen.push(message.payload);
        to.acknowledge(packetId!);
        if (message.payload === 'a') session.publish(msg('t', 'c'));
      },
    });
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('survives a client that reconnects the moment it was taken over', () => {
    const broker = new Broker();
    let third: BrokerSession | undefined;
    client(broker, 'node', { onClose: () => void (third = client(broker, 'node').session) });
    const second = client(broker, 'node');
    expect([second.session.connected, third?.connected]).toEqual([false, true]);
  });

  it('counts, so that the page can show what the broker does', () => {
    const broker = new Broker();
    const page = client(broker, 'page');
    page.session.subscribe('a/#', 0);
    page.session.subscribe('a/#', 1);
    page.session.subscribe('b', 0);
    page.session.publish(msg('a/1', 'x', { retain: true }));
    page.session.publish(msg('c'));
    expect(broker.stats).toEqual({ received: 2, delivered: 1, retained: 1, dropped: 0, subscriptions: 2 });
    expect(page.session.unsubscribe('b')).toBe(true);
    expect(page.session.unsubscribe('b')).toBe(false);
    client(broker, 'page', { cleanStart: true });
    expect(broker.stats.subscriptions).toBe(0);
  });

  it('refuses in words what MQTT does not allow', () => {
    const broker = new Broker();
    const { session } = client(broker, 'page');
    expect(() => session.publish(msg('a/+'))).toThrow('contains a wildcard');
    expect(() => session.subscribe('a/#/b', 0)).toThrow('must stand alone');
    expect(() => session.subscribe('$share/g/a', 0)).toThrow('Shared subscriptions are not supported');
    expect(() => client(broker, '')).toThrow('needs an id');
    expect(() => client(broker, 'x', { will: msg('#') })).toThrow('contains a wildcard');
  });

  it('works on after a receiver failed: the failure reaches the publisher alone', () => {
    const broker = new Broker();
    const faulty = client(broker, 'faulty', {
      onMessage: () => {
        throw new Error('receiver failed');
      },
    });
    faulty.session.subscribe('t', 0);
    const page = client(broker, 'page');
    expect(() => page.session.publish(msg('t'))).toThrow('receiver failed');
    page.session.subscribe('u', 0);
    page.session.publish(msg('u', 'works'));
    expect(page.log).toEqual(['works']);
  });
});

describe('routes', () => {
  const route = new Route();
  const message = () => new Message('ic/esp32-1/data', '{}', 0, false, null, 0, route);

  it('a remembered route follows the subscriptions, else a new subscriber would hear nothing', () => {
    const [broker, other] = [new Broker(), new Broker()];
    const heard: string[] = [];
    const join = (to: Broker, clientId: string) =>
      to.connect(clientId, { keepAliveS: 0, cleanStart: true, onMessage: () => void heard.push(clientId) });
    const sender = join(broker, 'sender');
    const elsewhere = join(other, 'elsewhere');
    const first = join(broker, 'first');
    first.subscribe('ic/+/data', 0);
    sender.publish(message());
    join(broker, 'second').subscribe('ic/#', 0);
    sender.publish(message());
    elsewhere.publish(message());
    first.unsubscribe('ic/+/data');
    sender.publish(message());
    sender.publish(message());
    expect(heard).toEqual(['first', 'second', 'first', 'second', 'second']);
  });

  it('a client that wants none of its own gets none by a remembered route either', () => {
    const broker = new Broker();
    const heard: string[] = [];
    const join = (clientId: string) => {
      const session = broker.connect(clientId, { keepAliveS: 0, cleanStart: true, onMessage: () => void heard.push(clientId) });
      session.subscribe('ic/#', 0, { noLocal: true });
      return session;
    };
    const [one, two] = [join('one'), join('two')];
    one.publish(message());
    two.publish(message());
    expect(heard).toEqual(['two', 'one']);
  });
});
