/**
 * What the lab relies on in a broker. The same suite runs on the in-page broker and, through an adapter, on a
 * real one, so that a simulated fleet behaves as a real one will.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MqttMessage } from '../protocol/message.ts';
import type { SubscribeOptions } from '../sim/broker-port.ts';

export interface ContractClient {
  readonly sessionPresent: boolean;
  /** Everything delivered on this connection, in order; retransmissions too. */
  readonly received: readonly MqttMessage[];
  subscribe(filter: string, qos: 0 | 1, options?: SubscribeOptions): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  publish(message: MqttMessage): Promise<void>;
  disconnect(): Promise<void>;
  /** Cuts the connection without a DISCONNECT packet. */
  cut(): Promise<void>;
}

export interface ContractOptions {
  /** As in `ConnectOptions`; true unless given. */
  cleanStart?: boolean;
  will?: MqttMessage;
  /** False: never acknowledge a QoS 1 delivery. True unless given. */
  acknowledges?: boolean;
}

export interface BrokerHarness {
  /** Begins every topic and client id of a test; a real broker must never have seen it before. */
  readonly namespace: string;
  connect(clientId: string, options?: ContractOptions): Promise<ContractClient>;
  /** Resolves when all that was published before has arrived. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Declares the suite; `open` is called once for each test. */
export function describeBrokerContract(name: string, open: () => Promise<BrokerHarness>): void {
  describe(`${name} keeps the broker contract`, () => {
    let broker: BrokerHarness;
    beforeEach(async () => {
      broker = await open();
    });
    afterEach(() => broker.close());

    const connect = (id: string, options?: ContractOptions) =>
      broker.connect(`${broker.namespace}-${id}`, options);
    const under = (topic: string) => `${broker.namespace}/${topic}`;
    const message = (topic: string, payload: string, more: Partial<MqttMessage> = {}): MqttMessage => ({
      topic: under(topic),
      payload,
      qos: 1,
      retain: false,
      ...more,
    });
    const payloads = (client: ContractClient) => client.received.map(({ payload }) => payload);

    describe('delivery', () => {
      it('hands on payload and properties whole, or latency stamps and umlauts would be lost', async () => {
        const fog = await connect('fog');
        const edge = await connect('edge');
        await fog.subscribe(under('+/data'), 1);
        const sent = message('n1/data', '{"t":"ü€😀"}', {
          userProperties: { sampledAt: '1000', publishedAt: '1200' },
          responseTopic: 'a/reply',
          correlationData: '7',
        });
        await edge.publish(sent);
        await edge.publish(message('n1/status', 'not for the fog'));
        await broker.settle();
        expect(fog.received).toEqual([sent]);
      });

      it.each([
        [0, 0, 0],
        [0, 1, 0],
        [1, 0, 0],
        [1, 1, 1],
      ] as const)('delivers QoS %i to a QoS %i subscription at QoS %i', async (sent, granted, delivered) => {
        const client = await connect('client');
        await client.subscribe(under('t'), granted);
        await client.publish(message('t', 'x', { qos: sent }));
        await broker.settle();
        expect(client.received.map(({ qos }) => qos)).toEqual([delivered]);
      });

      it('keeps the order of one publisher, or a chart would run backwards', async () => {
        const fog = await connect('fog');
        const edge = await connect('edge');
        await fog.subscribe(under('#'), 1);
        const sent = Array.from({ length: 100 }, (_, i) => String(i));
        for (const payload of sent) await edge.publish(message('t', payload));
        await broker.settle();
        expect(payloads(fog)).toEqual(sent);
      });

      it('reaches overlapping subscriptions at the highest QoS granted', async () => {
        const client = await connect('client');
        await client.subscribe(under('a/#'), 0);
        await client.subscribe(under('a/+'), 1);
        await client.publish(message('a/b', 'x'));
        await broker.settle();
        // MQTT 5, section 3.3.4, allows one copy for all of them, as it allows one for each.
        expect(Math.max(...client.received.map(({ qos }) => qos))).toBe(1);
      });

      it('echoes to the publisher, unless it asked for no local messages', async () => {
        const client = await connect('client');
        await client.subscribe(under('echo'), 0);
        await client.subscribe(under('mute'), 0, { noLocal: true });
        await client.publish(message('echo', 'e'));
        await client.publish(message('mute', 'm'));
        await broker.settle();
        expect(payloads(client)).toEqual(['e']);
      });

      it('stops after unsubscribe', async () => {
        const client = await connect('client');
        await client.subscribe(under('t'), 0);
        await client.unsubscribe(under('t'));
        await client.publish(message('t', 'x'));
        await broker.settle();
        expect(client.received).toEqual([]);
      });
    });

    describe('retained messages', () => {
      const retained = (topic: string, payload: string) => message(topic, payload, { retain: true });

      it('wait for late subscribers, or a node that boots would have no configuration', async () => {
        const page = await connect('page');
        await page.publish(retained('n1/config', 'one'));
        await page.publish(retained('n2/config', 'two'));
        await page.publish(message('n3/config', 'not retained'));
        const node = await connect('node');
        await node.subscribe(under('n1/config'), 1);
        await broker.settle();
        expect(node.received).toEqual([retained('n1/config', 'one')]);
        const fog = await connect('fog');
        await fog.subscribe(under('+/config'), 0);
        await broker.settle();
        expect(payloads(fog).sort()).toEqual(['one', 'two']);
        expect(fog.received.map(({ qos, retain }) => [qos, retain])).toEqual([[0, true], [0, true]]);
      });

      it('come with the flag cleared to those who listen already, unless they asked to see it', async () => {
        const plain = await connect('plain');
        const asPublished = await connect('as-published');
        await plain.subscribe(under('t'), 0);
        await asPublished.subscribe(under('t'), 0, { retainAsPublished: true });
        await plain.publish(retained('t', 'x'));
        await broker.settle();
        expect(plain.received.map(({ retain }) => retain)).toEqual([false]);
        expect(asPublished.received.map(({ retain }) => retain)).toEqual([true]);
      });

      it('replace each other, survive live messages, and go with an empty payload', async () => {
        const page = await connect('page');
        const listener = await connect('listener');
        await listener.subscribe(under('t'), 1);
        await page.publish(retained('t', 'old'));
        await page.publish(retained('t', 'new'));
        await page.publish(message('t', 'live'));
        const second = await connect('second');
        await second.subscribe(under('t'), 1);
        await broker.settle();
        expect(payloads(second)).toEqual(['new']);
        await page.publish(retained('t', ''));
        const third = await connect('third');
        await third.subscribe(under('t'), 1);
        await broker.settle();
        expect(third.received).toEqual([]);
        expect(payloads(listener)).toEqual(['old', 'new', 'live', '']);
      });
    });

    describe('last will', () => {
      const offline = () => message('n1/presence', 'offline', { retain: true });

      it('is published and retained when a node vanishes, or a dead node would look alive', async () => {
        const page = await connect('page');
        await page.subscribe(under('+/presence'), 1);
        const node = await connect('node', { will: offline() });
        await node.cut();
        await broker.settle();
        expect(page.received).toEqual([{ ...offline(), retain: false }]);
        const late = await connect('late');
        await late.subscribe(under('+/presence'), 1);
        await broker.settle();
        expect(late.received).toEqual([offline()]);
      });

      it('is not published after an orderly end', async () => {
        const page = await connect('page');
        await page.subscribe(under('+/presence'), 1);
        const node = await connect('node', { will: offline() });
        await node.disconnect();
        await broker.settle();
        expect(page.received).toEqual([]);
      });

      it('is published when another connection takes over the client id and its messages', async () => {
        const page = await connect('page');
        await page.subscribe(under('+/presence'), 1);
        const first = await connect('node', { will: offline() });
        await first.subscribe(under('t'), 0);
        const second = await connect('node');
        await second.subscribe(under('t'), 0);
        await page.publish(message('t', 'x'));
        await broker.settle();
        expect(payloads(page)).toEqual(['offline']);
        expect(first.received).toEqual([]);
        expect(payloads(second)).toEqual(['x']);
      });
    });

    describe('sessions', () => {
      it('keep subscriptions and QoS 1 messages for an absent client, in order', async () => {
        const before = await connect('node', { cleanStart: false });
        expect(before.sessionPresent).toBe(false);
        await before.subscribe(under('t'), 1);
        await before.cut();
        const page = await connect('page');
        await page.publish(message('t', 'first'));
        await page.publish(message('t', 'QoS 0 is not kept', { qos: 0 }));
        await page.publish(message('t', 'second'));
        await broker.settle();
        const after = await connect('node', { cleanStart: false });
        await broker.settle();
        expect(after.sessionPresent).toBe(true);
        expect(payloads(after)).toEqual(['first', 'second']);
      });

      it('send again what was not acknowledged, and only that', async () => {
        const page = await connect('page');
        const deaf = await connect('node', { cleanStart: false, acknowledges: false });
        await deaf.subscribe(under('t'), 1);
        await page.publish(message('t', 'a'));
        await page.publish(message('t', 'b'));
        await broker.settle();
        expect(payloads(deaf)).toEqual(['a', 'b']);
        await deaf.cut();
        const again = await connect('node', { cleanStart: false });
        await broker.settle();
        expect(payloads(again)).toEqual(['a', 'b']);
        await again.cut();
        const third = await connect('node', { cleanStart: false });
        await broker.settle();
        expect(third.received).toEqual([]);
      });

      it('are forgotten by a clean start, and end with the connection that began with one', async () => {
        const page = await connect('page');
        const kept = await connect('node', { cleanStart: false });
        await kept.subscribe(under('t'), 1);
        await kept.disconnect();
        await page.publish(message('t', 'x'));
        const clean = await connect('node', { cleanStart: true });
        await clean.subscribe(under('u'), 1);
        await clean.disconnect();
        await page.publish(message('u', 'y'));
        const last = await connect('node', { cleanStart: false });
        await broker.settle();
        expect(clean.sessionPresent).toBe(false);
        expect(clean.received).toEqual([]);
        expect(last.sessionPresent).toBe(false);
        expect(last.received).toEqual([]);
      });
    });
  });
}
