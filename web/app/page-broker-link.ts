/**
 * Joins the simulation to the broker inside this page as `BrokerLink` joins it to the user's: the same messages both
 * ways, but no socket, so nothing waits and nothing is lost.
 */
import { Delivery } from '../mqtt/link/delivery.ts';
import { LinkLog } from '../mqtt/link/link-log.ts';
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport, LinkState } from '../mqtt/link/report.ts';
import type { SimulationChannel } from '../mqtt/link/simulation-channel.ts';
import type { MqttMessage } from '../protocol/message.ts';
import type { BrokerPort, BrokerSession } from '../sim/broker-port.ts';
import type { FromLink, Incoming, Outgoing, ToLink } from '../sim/link-port.ts';

export interface PageBrokerLinkParts {
  broker: BrokerPort;
  /** Since 1970. */
  nowMs(): number;
  /** Since 1970, microseconds. */
  epochUs(): number;
}

interface HeldNode {
  session: BrokerSession;
  online: string;
  offline: string;
}

export class PageBrokerLink {
  readonly #parts: PageBrokerLinkParts;
  readonly #log: LinkLog;
  readonly #delivery: Delivery;
  readonly #held = new Map<string, HeldNode>();
  #channel: SimulationChannel | null = null;
  #state: LinkState = { kind: 'left' };
  #profile: BrokerProfile | null = null;
  #session: BrokerSession | null = null;
  #received = 0;
  #sent = 0;

  constructor(parts: PageBrokerLinkParts) {
    this.#parts = parts;
    this.#log = new LinkLog(() => parts.nowMs());
    // Where nothing is lost there is no use in holding anything back: the simulation takes it in when it can.
    this.#delivery = new Delivery((message) => this.#tell(message), { hold: () => undefined, release: () => undefined });
  }

  /** The channel to the simulation; a later one replaces it. */
  connect(channel: SimulationChannel): void {
    this.#channel?.listen(null);
    this.#channel = channel;
    this.#delivery.reset();
    channel.listen((message) => this.#hear(message));
    if (this.#state.kind === 'joined') this.#tellJoined();
  }

  join(profile: BrokerProfile): void {
    this.leave();
    const { broker, nowMs, epochUs } = this.#parts;
    this.#profile = profile;
    this.#state = { kind: 'joined', sinceMs: nowMs(), mqtt: 5, resumed: false };
    this.#log.say('Joined the broker inside this page.');
    this.#tellJoined();
    this.#session = broker.connect(profile.clientId, {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message, packetId, own) => {
        if (packetId !== null) own.acknowledge(packetId);
        this.#take(message, profile.root, epochUs());
      },
    });
    this.#session.subscribe(`${profile.root}/#`, 1, { noLocal: true });
    this.#tell({ kind: 'delay', oneWayUs: 0, errorUs: 0 });
  }

  leave(): void {
    if (!this.#session) return;
    for (const [node, held] of this.#held) {
      this.#sayPresence(node, held.session, held.offline);
      held.session.disconnect();
    }
    this.#held.clear();
    this.#session.disconnect();
    this.#session = null;
    this.#delivery.flush();
    this.#state = { kind: 'left' };
    this.#profile = null;
    this.#log.say('Left the broker inside this page.');
    this.#tell({ kind: 'left' });
  }

  report(): LinkReport {
    return {
      state: this.#state,
      profile: this.#profile,
      clientId: this.#profile?.clientId ?? '',
      rtt: null,
      received: this.#received,
      sent: this.#sent,
      duplicates: 0,
      outbox: { messages: 0, bytes: 0, oldestMs: null, stored: true, storeProblem: null, dropped: 0 },
      held: this.#held.size,
      log: this.#log.entries,
    };
  }

  #hear(message: ToLink): void {
    switch (message.kind) {
      case 'publish':
        for (const outgoing of message.messages) this.#publish(outgoing);
        return;
      case 'hold':
        return this.#hold(message.node, message.online, message.offline);
      case 'release':
        this.#held.get(message.node)?.session.disconnect();
        this.#held.delete(message.node);
        return;
      case 'took':
        return this.#delivery.took(message.messages);
    }
  }

  #publish(outgoing: Outgoing): void {
    if (!this.#session) return;
    const { topic, payload, qos, retain, userProperties, responseTopic, correlationData } = outgoing;
    this.#sent += 1;
    this.#session.publish({
      topic: `${this.#profile!.root}/${topic}`,
      ...(typeof payload === 'string' ? { payload } : { payload: '', binary: payload }),
      qos,
      retain,
      ...(userProperties !== null && { userProperties }),
      ...(responseTopic !== null && { responseTopic }),
      ...(correlationData !== null && { correlationData }),
    });
  }

  /** A node of this page: a client of its own, as a board is, so that its last will is kept. */
  #hold(node: string, online: string, offline: string): void {
    if (!this.#session) return;
    const before = this.#held.get(node);
    if (before?.online === online && before.offline === offline) return;
    before?.session.disconnect();
    const will = { topic: this.#presenceTopic(node), payload: offline, qos: 1, retain: true } as const;
    const session = this.#parts.broker.connect(`${this.#profile!.clientId}.${node}`, {
      will,
      keepAliveS: 0,
      cleanStart: true,
      onMessage: () => undefined,
    });
    this.#held.set(node, { session, online, offline });
    this.#sayPresence(node, session, online);
  }

  #sayPresence(node: string, session: BrokerSession, payload: string): void {
    session.publish({ topic: this.#presenceTopic(node), payload, qos: 1, retain: true });
  }

  #presenceTopic(node: string): string {
    return `${this.#profile!.root}/${node}/presence`;
  }

  #take(message: MqttMessage, root: string, receivedUs: number): void {
    const topic = message.topic.slice(root.length + 1);
    if (topic === '' || this.#isOwnPresence(topic, message.payload)) return;
    this.#received += 1;
    this.#delivery.add(incoming(message, topic, Math.round(receivedUs)));
  }

  #isOwnPresence(topic: string, payload: string): boolean {
    if (!topic.endsWith('/presence')) return false;
    const held = this.#held.get(topic.slice(0, -'/presence'.length));
    return held !== undefined && (payload === held.online || payload === held.offline);
  }

  #tellJoined(): void {
    const { clientId, root } = this.#profile!;
    this.#tell({ kind: 'joined', clientId, mqtt: 5, root });
  }

  /** Whether there is a simulation to hear it. */
  #tell(message: FromLink): boolean {
    this.#channel?.post(message);
    return this.#channel !== null;
  }
}

function incoming(message: MqttMessage, topic: string, receivedUs: number): Incoming {
  const { payload, binary, qos, retain, userProperties, responseTopic, correlationData } = message;
  return {
    topic,
    payload: topic.endsWith('/guest') ? (binary ?? new Uint8Array(0)) : payload,
    problem: null,
    qos,
    retain,
    userProperties: userProperties ? { ...userProperties } : null,
    responseTopic: responseTopic ?? null,
    correlationData: correlationData ?? null,
    receivedUs,
  };
}
