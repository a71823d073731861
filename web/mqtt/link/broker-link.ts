/** The connection to the user's own broker: joins it, seeks it again after an outage, and carries messages both ways. */
import type { FromLink, Outgoing, ToLink } from '../../sim/link-port.ts';
import { checkProfile } from './check-profile.ts';
import { randomClientId, type ClientIds, type HeldClientId } from './client-ids.ts';
import type { Connection, ConnectionEnd, ConnectionFailure, MqttVersion } from './connection.ts';
import { Delivery } from './delivery.ts';
import { cutAgainAndAgain, endVerdict, subscribeRefused, usedInAnotherTab, type Verdict } from './diagnoses.ts';
import { HeldNodes } from './held-nodes.ts';
import { hostPlace } from './host-place.ts';
import { Inbox } from './inbox.ts';
import { LinkLog } from './link-log.ts';
import { explainFailure, openBroker } from './open-broker.ts';
import { MemoryOutboxStore, type OutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';
import { OwnEchoes } from './own-echoes.ts';
import { pageAccess } from './page-access.ts';
import type { BrokerProfile } from './profile.ts';
import type { Diagnosis, LinkReport, LinkState, TestResult } from './report.ts';
import { RoundTrips } from './round-trips.ts';
import type { SimulationChannel } from './simulation-channel.ts';
import { testProfile, type TestParts } from './test-profile.ts';
import { unanswered } from './unanswered.ts';

export interface BrokerLinkParts extends TestParts {
  clientIds: ClientIds;
  outboxStore: OutboxStore;
  /** From 0 to below 1. */
  random(): number;
  /** Since 1970. */
  nowMs(): number;
}

/** While away for a day at most, the broker keeps what came at QoS 1. */
const SESSION_S = 86_400;
const CONNECT_MS = 10_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Two clients with one id cut each other's connections; a connection that stands longer than this has no rival. */
const SHORT_MS = 10_000;
const MOST_SHORT = 3;
/** So that of two rivals one works undisturbed, mostly. */
const RIVAL_WAIT_MS = 120_000;
/** Asking around takes time and touches other ports, so not at each attempt. */
const PROBE_EVERY = 5;
const FIRST_PINGS = 5;
const FIRST_PINGS_MS = 1000;
const PINGS_MS = 10_000;
const DRAIN_MS = 1000;
/** MQTT 5, section 3.14.2.1. */
const PACKET_TOO_LARGE = 0x95;

/** One stay at one broker, from `join` to `leave`. */
interface Stay {
  profile: BrokerProfile;
  password: string;
  /** Null until it has been taken. */
  clientId: HeldClientId | null;
  outbox: Outbox;
  attempt: number;
  everJoined: boolean;
  /** Connections in a row that were cut, without a reason, soon after they stood. */
  short: number;
  /** Aborted when the user leaves. */
  end: AbortController;
}

const nothingWaits: LinkReport['outbox'] = { messages: 0, bytes: 0, oldestMs: null, stored: true, storeProblem: null, dropped: 0 };

export class BrokerLink {
  readonly #parts: BrokerLinkParts;
  readonly #log: LinkLog;
  readonly #held: HeldNodes;
  readonly #delivery: Delivery;
  readonly #roundTrips = new RoundTrips();
  readonly #echoes = new OwnEchoes();
  readonly #inbox: Inbox;
  readonly #memory = new MemoryOutboxStore();
  /** By address: what a broker was found to speak. */
  readonly #versions = new Map<string, MqttVersion>();
  #channel: SimulationChannel | null = null;
  #state: LinkState = { kind: 'left' };
  #stay: Stay | null = null;
  #connection: Connection | null = null;
  #lastProblem: Diagnosis | null = null;
  #wait: ReturnType<typeof setTimeout> | null = null;
  #pings: ReturnType<typeof setTimeout> | null = null;
  #changing: Promise<void> = Promise.resolve();
  #joining: Promise<void> = Promise.resolve();
  #sent = 0;

  constructor(parts: BrokerLinkParts) {
    this.#parts = parts;
    this.#log = new LinkLog(() => parts.nowMs());
    this.#held = new HeldNodes((text) => this.#log.say(text));
    this.#delivery = new Delivery((message) => this.#tell(message), {
      hold: () => {
        this.#log.say('The simulation cannot keep up with what comes from the broker: the broker is made to wait.');
        this.#connection?.hold();
      },
      release: () => this.#connection?.release(),
    });
    this.#inbox = new Inbox(this.#delivery, this.#held, this.#echoes);
  }

  /** The channel to the simulation; a later one replaces it. */
  connect(channel: SimulationChannel): void {
    this.#channel?.listen(null);
    this.#channel = channel;
    this.#delivery.reset();
    channel.listen((message) => this.#hear(message));
    if (this.#state.kind === 'joined') this.#tellJoined(this.#connection!);
  }

  test(profile: BrokerProfile, password: string): Promise<TestResult> {
    return testProfile(profile, password, `${profile.clientId || randomClientId()}-test`, this.#parts);
  }

  /** Joins, and keeps seeking the broker until `leave`. Resolves when what was before is left in order. */
  join(profile: BrokerProfile, password: string): Promise<void> {
    // Two at once would leave one connection behind.
    this.#joining = this.#joining.then(() => this.#join(profile, password));
    return this.#joining;
  }

  async #join(profile: BrokerProfile, password: string): Promise<void> {
    await this.leave();
    const unfit = checkProfile(profile);
    const outbox = this.#newOutbox(this.#parts.outboxStore, null);
    const stay: Stay = { profile, password, clientId: null, outbox, attempt: 0, everJoined: false, short: 0, end: new AbortController() };
    this.#stay = stay;
    if (unfit !== null) {
      this.#refuse({ kind: 'bad-address', sentence: unfit, advice: ['Correct it and join again.'] });
      return;
    }
    this.#log.say(`Joining ${profile.url}.`);
    this.#state = { kind: 'joining', attempt: 1 };
    this.#changing = this.#begin(stay);
  }

  async leave(): Promise<void> {
    const stay = this.#stay;
    if (!stay) return;
    this.#stay = null;
    stay.end.abort();
    this.#stopTimers();
    // An attempt under way gives up at once, and ends what it had opened.
    await this.#changing;
    const connection = this.#connection;
    if (connection?.connected) {
      await this.#held.goodbye();
      await stay.outbox.drained(DRAIN_MS);
    }
    this.#connection = null;
    this.#held.disconnected();
    await connection?.end(true);
    await stay.outbox.close();
    stay.clientId?.release();
    this.#delivery.flush();
    this.#state = { kind: 'left' };
    this.#log.say(`Left ${stay.profile.url}.`);
    this.#tell({ kind: 'left' });
  }

  retryNow(): Promise<void> {
    const { kind } = this.#state;
    if (this.#stay && (kind === 'waiting' || kind === 'refused') && this.#stay.clientId) this.#attempt(this.#stay);
    return Promise.resolve();
  }

  report(): Promise<LinkReport> {
    const stay = this.#stay;
    return Promise.resolve({
      state: this.#state,
      profile: stay?.profile ?? null,
      clientId: stay?.clientId?.clientId ?? '',
      rtt: this.#roundTrips.summary,
      received: this.#inbox.received,
      sent: this.#sent,
      duplicates: this.#inbox.repeated,
      outbox: stay?.outbox.summary ?? nothingWaits,
      held: this.#held.count,
      log: this.#log.entries,
    });
  }

  async discardOutbox(): Promise<void> {
    const outbox = this.#stay?.outbox;
    if (!outbox) return;
    const { messages } = outbox.summary;
    await outbox.discard();
    this.#log.say(`Gave up ${messages} messages that the broker had not acknowledged.`);
  }

  async #begin(stay: Stay): Promise<void> {
    const { profile } = stay;
    const url = new URL(profile.url);
    const access = pageAccess(url, this.#parts.page, await this.#parts.localNetworkPermission(hostPlace(url.hostname)));
    if (access.kind === 'refused') return this.#refuse(access.problem);
    const held = await this.#parts.clientIds.acquire(profile);
    if (!held) return this.#refuse(usedInAnotherTab(profile));
    stay.clientId = held;
    if (held.problem !== null) stay.outbox = this.#newOutbox(this.#memory, held.problem);
    // What is meant for one broker and user never goes to another.
    const left = await stay.outbox.open(`${profile.url} ${profile.username} ${profile.root} ${held.clientId}`, held.clientId);
    if (left > 0) this.#log.say(`${left} messages from before are still to be delivered; they go first.`);
    if (!stay.end.signal.aborted) this.#attempt(stay);
  }

  #attempt(stay: Stay): void {
    this.#stopTimers();
    stay.attempt += 1;
    this.#state = { kind: 'joining', attempt: stay.attempt };
    this.#changing = this.#seek(stay);
  }

  async #seek(stay: Stay): Promise<void> {
    const { profile, password } = stay;
    const { clientId } = stay.clientId!;
    this.#inbox.close();
    let connection: Connection | null = null;
    const opened = await openBroker(
      {
        url: profile.url,
        username: profile.username,
        password,
        clientId,
        sessionS: SESSION_S,
        openSocket: this.#parts.openSocket,
        timeoutMs: CONNECT_MS,
        signal: stay.end.signal,
        onMessage: (packet, arrivedMs) => this.#inbox.take(packet, arrivedMs),
        onRoundTrip: (ms) => this.#measured(ms),
        onEnd: (end) => this.#ended(stay, connection, end),
      },
      this.#versions.get(profile.url) ?? null,
    );
    if (stay.end.signal.aborted) {
      if (opened.ok) await opened.connection.end(true);
      return;
    }
    if (!opened.ok) {
      // Not waited for: it asks around for seconds, and `leave` is not to.
      void this.#explain(stay, opened.failure);
      return;
    }
    connection = opened.connection;
    this.#versions.set(profile.url, connection.version);
    const filter = `${profile.root}/#`;
    const subscribed = await Promise.race([connection.subscribe(filter, 1, true), unanswered(stay.end.signal, CONNECT_MS)]);
    if (stay.end.signal.aborted) {
      await connection.end(true);
    } else if (subscribed.ok) {
      this.#joined(stay, connection);
    } else if (subscribed.code !== null) {
      await connection.end(true);
      this.#refuse(subscribeRefused(filter, profile.username));
    } else if (this.#state.kind === 'joining') {
      void connection.end(true);
      this.#failed(stay, endVerdict(null, false));
    }
  }

  async #explain(stay: Stay, failure: ConnectionFailure): Promise<void> {
    let verdict: Verdict;
    // What is known to have worked needs no asking around.
    if (stay.everJoined && failure.code === null) verdict = endVerdict(null, false);
    else if (this.#lastProblem && failure.code === null && stay.attempt % PROBE_EVERY !== 1) {
      verdict = { problem: this.#lastProblem, final: false };
    } else verdict = await explainFailure(failure, stay.profile, stay.clientId!.clientId, this.#parts);
    if (!stay.end.signal.aborted) this.#failed(stay, verdict);
  }

  #joined(stay: Stay, connection: Connection): void {
    const { profile, password } = stay;
    this.#connection = connection;
    this.#lastProblem = null;
    if (stay.short === 0) stay.attempt = 0;
    stay.everJoined = true;
    const resumed = connection.sessionPresent;
    this.#state = { kind: 'joined', sinceMs: this.#parts.nowMs(), mqtt: connection.version, resumed };
    const version = connection.version === 5 ? '5' : '3.1.1';
    this.#log.say(`Joined by MQTT ${version} as ${connection.clientId}${resumed ? ', the broker had kept our place' : ''}.`);
    this.#tellJoined(connection);
    this.#inbox.open(profile.root);
    stay.outbox.connected(connection);
    const { openSocket } = this.#parts;
    const options = { url: profile.url, username: profile.username, password, version: connection.version, openSocket, timeoutMs: CONNECT_MS };
    this.#held.connected(connection, options, profile.root);
    if (this.#delivery.held) connection.hold();
    this.#roundTrips.clear();
    this.#ping(connection, 0);
  }

  #ended(stay: Stay, connection: Connection | null, { reasonCode, overflowed }: ConnectionEnd): void {
    if (stay.end.signal.aborted || (this.#connection !== connection && this.#connection !== null)) return;
    const stood = this.#state.kind === 'joined' ? this.#parts.nowMs() - this.#state.sinceMs : null;
    if (stood !== null) stay.short = stood < SHORT_MS && reasonCode === null && !overflowed ? stay.short + 1 : 0;
    this.#connection = null;
    stay.outbox.disconnected(reasonCode === PACKET_TOO_LARGE);
    this.#held.disconnected();
    this.#delivery.flush();
    if (stood !== null) this.#tell({ kind: 'lost' });
    if (stay.short >= MOST_SHORT) this.#failed(stay, { problem: cutAgainAndAgain(stay.clientId!.clientId), final: false }, RIVAL_WAIT_MS);
    else if (stood !== null || reasonCode !== null) this.#failed(stay, endVerdict(reasonCode, overflowed));
  }

  #failed(stay: Stay, { problem, final }: Verdict, leastMs = 0): void {
    if (final) return this.#refuse(problem);
    this.#stopTimers();
    if (this.#lastProblem?.sentence !== problem.sentence) this.#log.say(problem.sentence);
    this.#lastProblem = problem;
    const longMs = Math.max(leastMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, stay.attempt - 1)));
    // Pages that lost the same broker do not all come back at once.
    const waitMs = longMs * (0.75 + this.#parts.random() / 4);
    this.#state = { kind: 'waiting', attempt: stay.attempt, retryAtMs: Math.round(this.#parts.nowMs() + waitMs), problem };
    this.#wait = setTimeout(() => this.#attempt(stay), waitMs);
  }

  #refuse(problem: Diagnosis): void {
    this.#stopTimers();
    this.#log.say(problem.sentence);
    this.#state = { kind: 'refused', problem };
  }

  #hear(message: ToLink): void {
    switch (message.kind) {
      case 'publish':
        for (const outgoing of message.messages) this.#publish(outgoing);
        return;
      case 'hold':
        return this.#held.hold(message.node, message.online, message.offline);
      case 'release':
        return this.#held.release(message.node);
      case 'took':
        return this.#delivery.took(message.messages);
    }
  }

  #publish(outgoing: Outgoing): void {
    const stay = this.#stay;
    if (!stay) return;
    const topic = `${stay.profile.root}/${outgoing.topic}`;
    if (outgoing.qos === 1) return stay.outbox.add(topic, outgoing);
    const connection = this.#connection;
    if (!connection?.connected || connection.congested) return;
    const { payload, retain, userProperties, responseTopic, correlationData, expiryS } = outgoing;
    this.#noteSent(topic, payload);
    connection.publish(topic, payload, {
      qos: 0,
      retain,
      userProperties: userProperties ?? undefined,
      responseTopic: responseTopic ?? undefined,
      correlationData: correlationData ?? undefined,
      expiryS: expiryS ?? undefined,
    });
  }

  #noteSent(topic: string, payload: string | Uint8Array): void {
    this.#sent += 1;
    if (this.#connection?.version === 4) this.#echoes.sent(topic, payload, this.#parts.nowMs());
  }

  #newOutbox(store: OutboxStore, storeProblem: string | null): Outbox {
    return new Outbox({
      store,
      storeProblem,
      nowMs: () => this.#parts.nowMs(),
      say: (text) => this.#log.say(text),
      onSent: (topic, payload) => this.#noteSent(topic, payload),
    });
  }

  #ping(connection: Connection, done: number): void {
    if (!connection.connected) return;
    connection.ping();
    this.#pings = setTimeout(() => this.#ping(connection, done + 1), done < FIRST_PINGS ? FIRST_PINGS_MS : PINGS_MS);
  }

  #measured(ms: number): void {
    this.#roundTrips.add(ms);
    const { delay } = this.#roundTrips;
    if (delay) this.#tell({ kind: 'delay', ...delay });
  }

  #tellJoined({ clientId, version }: Connection): void {
    this.#tell({ kind: 'joined', clientId, mqtt: version, root: this.#stay!.profile.root });
  }

  /** Whether there is a simulation to hear it. */
  #tell(message: FromLink): boolean {
    this.#channel?.post(message);
    return this.#channel !== null;
  }

  #stopTimers(): void {
    if (this.#wait !== null) clearTimeout(this.#wait);
    if (this.#pings !== null) clearTimeout(this.#pings);
    this.#wait = this.#pings = null;
  }
}
