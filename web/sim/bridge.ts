/**
 * Joins the world's own broker to the user's, as a bridge between two brokers does: what this page's nodes say goes
 * out, what others say comes in. Every node has one owner, who alone speaks for it, so no message goes in circles.
 */
import type { MqttMessage } from '../protocol/message.ts';
import type { CommandName } from '../protocol/control-payloads.ts';
import { parseNodeConfig, parsePresence, type Presence } from '../protocol/payloads.ts';
import { DEFAULT_ROOT } from '../protocol/topics.ts';
import type { BridgeSnapshot } from './bridge-snapshot.ts';
import type { BrokerSession } from './broker-port.ts';
import { AddressBook, type Address } from './bridge-address.ts';
import { innerMessage, innerReading } from './bridge-in.ts';
import { listenTo } from './bridge-ear.ts';
import { BridgeOut } from './bridge-out.ts';
import { BridgePings } from './bridge-pings.ts';
import { BridgeStay } from './bridge-stay.ts';
import type { FromLink, Incoming, ToLink } from './link-port.ts';
import { signOfLife } from './sign-of-life.ts';
import { Rejections } from './rejections.ts';
import { RemoteControl } from './remote-control.ts';
import type { Slot } from './slot.ts';
import type { Slots } from './slots.ts';
import { forgetSlots, slotsIn } from './world-slots.ts';
import { WallTie } from './wall-tie.ts';
import { isSlot, type World } from './world.ts';

/** Retained messages come at once after subscribing; after so long it is known who speaks for which node. */
const SETTLE_US = 1e6;
const PING_EVERY_US = 20e6;
/** Nodes of others that a page shows, and whose configurations it keeps until they show themselves. */
export const MOST_REMOTE = 1000;

export interface BridgeParts {
  post(message: ToLink): void;
  /** Microseconds since 1970. */
  epochUs(): number;
}

export class Bridge {
  readonly #parts: BridgeParts;
  readonly #rejections = new Rejections();
  readonly #book = new AddressBook();
  readonly #owned = new Set<string>();
  readonly #ceded = new Map<string, string | null>();
  /** Retained configurations of nodes that have not shown themselves. */
  readonly #configs = new Map<string, MqttMessage>();
  readonly #out: BridgeOut;
  readonly #pings: BridgePings;
  readonly #tie: WallTie;
  #world: World;
  #slots: Slots;
  #session: BrokerSession | null = null;
  #up = false;
  #delay = { oneWayUs: 0, errorUs: 0 };
  /** What came before it was known who speaks for whom; null once it is. */
  #early: Incoming[] | null = null;
  #claims = new Map<string, Presence>();
  #received = 0;
  #turnedAway = 0;
  #stay = new BridgeStay();

  constructor(world: World, parts: BridgeParts) {
    this.#world = world;
    this.#slots = slotsIn(world);
    this.#parts = parts;
    this.#out = new BridgeOut(parts.post);
    this.#pings = new BridgePings(this.#out, parts.epochUs);
    this.#tie = new WallTie(parts.epochUs);
  }

  /** Whether a broker has been joined, be it out of reach now. */
  get joined(): boolean {
    return this.#session !== null || this.#early !== null;
  }

  /** How well the way to the broker is known, microseconds. */
  get delayErrorUs(): number {
    return this.#delay.errorUs;
  }

  /** Of this page on the broker. */
  get clientId(): string {
    return this.#out.clientId;
  }

  /** Goes on with another world: its nodes take the places of those before, what is known of others stays. */
  attach(world: World): void {
    const [before, owned] = [[...this.#slots.all()], new Set(this.#owned)];
    const shiftUs = this.#world.kernel.nowUs - world.kernel.nowUs;
    before.forEach((slot) => slot.twin?.stop());
    this.#world = world;
    this.#slots = slotsIn(world);
    if (!this.joined) return;
    this.#session = null;
    this.#enter();
    this.#pingLater();
    if (this.#early) {
      this.#stay.later(this.#world.kernel, SETTLE_US, () => this.#settle());
      return;
    }
    for (const id of owned) if (!world.nodeOf(id)) this.#out.withdraw(id);
    this.#owned.clear();
    for (const slot of before) {
      const { id } = slot.identity;
      slot.peer.shift(-shiftUs);
      const { mode } = this.#slots.open(id, slot.peer);
      if (owned.has(id)) this.#owned.add(id);
      if (slot.mode !== mode) this.#slots.setMode(id, slot.mode);
    }
    // Who else speaks on the broker has a slot by now, or is a fog or cloud that was ceded.
    for (const id of world.byId.keys()) if (!this.#slots.get(id) && !this.#ceded.has(id)) this.#owned.add(id);
    this.#begin(new Set());
  }

  /** Between two events of the kernel. */
  take(message: FromLink): void {
    switch (message.kind) {
      case 'joined':
        this.#join(message.clientId, message.root);
        break;
      case 'lost':
        this.#up = false;
        break;
      case 'left':
        this.#leave();
        break;
      case 'delay':
        this.#delay = message;
        this.#tie.follow(this.#world);
        break;
      case 'messages':
        this.#tie.follow(this.#world);
        for (const each of message.messages) this.#arrive(each);
        this.#parts.post({ kind: 'took', messages: message.messages.length });
    }
    this.flush();
  }

  /** Hands over what the nodes have published since. */
  flush(): void {
    this.#out.flush();
  }

  /** Sends a request to a node that somebody else runs. */
  command(slot: Slot, cmd: CommandName): void {
    this.#pings.command(slot, cmd);
  }

  /** This page runs the node from now on, if nobody else does. Whether it now speaks for it. */
  claim(slot: Slot): boolean {
    const { id } = slot.identity;
    if (!slot.peer.gone(this.#world.kernel.nowUs)) return false;
    this.#ceded.delete(id);
    this.#owned.add(id);
    return true;
  }

  /** This page does not speak for the node any more. */
  release(id: string): void {
    if (this.#owned.delete(id)) this.#out.withdraw(id);
  }

  snapshot(): BridgeSnapshot {
    return {
      up: this.#up,
      root: this.#out.root,
      clientId: this.#out.clientId,
      owned: this.#owned.size,
      remote: this.#slots.size,
      ceded: Array.from(this.#ceded, ([node, owner]) => ({ node, owner })),
      received: this.#received,
      published: this.#out.published,
      rejected: this.#rejections.snapshot(),
      turnedAway: this.#turnedAway,
    };
  }

  #join(clientId: string, root: string): void {
    this.#up = true;
    this.#out.clientId = clientId;
    this.#out.root = root;
    if (this.joined) return;
    this.#enter();
    this.#early = [];
    this.#claims = new Map();
    this.#stay.later(this.#world.kernel, SETTLE_US, () => this.#settle());
    this.#pingLater();
  }

  #enter(): void {
    this.#world.bridge = this;
    this.#world.slots = this.#slots;
    this.#world.control ??= new RemoteControl(this.#world);
    this.#tie.tie(this.#world);
  }

  #leave(): void {
    this.#stay.end();
    this.#stay = new BridgeStay();
    this.#session?.disconnect();
    this.#session = null;
    this.#early = null;
    this.#owned.clear();
    this.#ceded.clear();
    this.#out.forget();
    this.#up = false;
    this.#world.control?.rollout?.cancel();
    this.#world.bridge = null;
    this.#world.wall.epochUs = 0;
    forgetSlots(this.#world);
  }

  /** By now every retained presence is here: what nobody else runs is this page's. */
  #settle(): void {
    const early = this.#early ?? [];
    for (const { identity: { id } } of this.#world.nodes) {
      const claim = this.#claims.get(id);
      const taken = claim?.online === true && (claim.kind === 'real' || (claim.owner ?? null) !== this.#out.clientId);
      if (taken) this.#cede(id, claim?.owner ?? null);
      else this.#owned.add(id);
    }
    this.#early = null;
    const told = new Set(early.flatMap(({ topic, retain }) => (retain && topic.endsWith('/config') ? [topic.slice(0, -'/config'.length)] : [])));
    this.#begin(told);
    for (const each of early) this.#deliver(each);
    this.flush();
  }

  /**
   * Listens to the world's broker: retained messages of its nodes come first.
   * @param told nodes that have a configuration on the broker outside, which is then the one in force
   */
  #begin(told: ReadonlySet<string>): void {
    this.#session = listenTo(this.#world.broker, (message, replayed) => this.#forward(message, replayed ? told : null));
  }

  /** @param told null for what is new; else the message is one that was retained before, and a configuration is only for nodes of this page that have none yet */
  #forward(message: MqttMessage, told: ReadonlySet<string> | null): void {
    const address = this.#book.of(message.topic.slice(DEFAULT_ROOT.length + 1));
    if (!address) return;
    const { node, kind } = address;
    const mine = this.#owned.has(node);
    if (kind === 'config' || (!mine && (kind === 'cmd' || kind === 'guest'))) {
      if (told && (!mine || told.has(node))) return;
      if (kind === 'config') this.#tell(node, message);
      this.#out.send(message, this.#world.wall.epochUs);
    } else if (mine && kind === 'presence') this.#out.announce(node, message);
    else if (mine && kind !== 'cmd' && kind !== 'guest') this.#out.send(message, this.#world.wall.epochUs);
  }

  #tell(node: string, message: MqttMessage): void {
    const slot = this.#slots.get(node);
    const config = slot && parseNodeConfig(message.payload);
    if (config?.ok) slot?.tell(config.value);
  }

  #arrive(incoming: Incoming): void {
    this.#received += 1;
    if (!this.#early) {
      this.#deliver(incoming);
      return;
    }
    const address = this.#book.of(incoming.topic);
    const presence = address?.kind === 'presence' && typeof incoming.payload === 'string' ? parsePresence(incoming.payload) : null;
    if (address && presence?.ok) this.#claims.set(address.node, presence.value);
    this.#early.push(incoming);
  }

  #deliver(incoming: Incoming): void {
    const { topic, payload, problem } = incoming;
    const address = this.#book.of(topic);
    if (!address) {
      this.#reject(incoming, 'The topic is not one of a node: NODE/KIND, where a node id has at most 32 letters, digits, - and _.');
      return;
    }
    if (payload === null) {
      this.#reject(incoming, problem ?? 'The payload could not be read.');
      return;
    }
    if (this.#owned.has(address.node)) this.#deliverToOwn(address, incoming, payload);
    else this.#deliverRemote(address, incoming, payload);
  }

  /** Others may command this page's nodes, not speak for them. */
  #deliverToOwn({ node, kind }: Address, incoming: Incoming, payload: string | Uint8Array): void {
    if (kind === 'config' || kind === 'cmd' || kind === 'guest') {
      const { retain } = incoming;
      // A module or command that is retained would strike again at each connection.
      if (retain && kind !== 'config') this.#reject(incoming, `A retained message under ${kind} is not obeyed; send it without the retain flag.`);
      else if (typeof payload === 'string' || kind === 'guest') this.#session?.publish(innerMessage(incoming, payload, retain, this.#out.root));
    } else if (kind === 'presence') {
      const presence = typeof payload === 'string' ? parsePresence(payload) : null;
      if (presence?.ok && presence.value.online) this.#contest(node, presence.value);
    } else if (kind === 'data' && !incoming.retain && this.#world.nodeOf(node)?.identity.tier === 'edge') {
      // Only a reading shows that somebody else senses there; anything can be published by mistake.
      const sign = signOfLife(kind, String(payload));
      if (!sign.ok) this.#reject(incoming, sign.reason);
      else {
        this.#cede(node, null);
        this.#deliverRemote({ node, kind }, incoming, payload);
      }
    }
  }

  /** Two pages came at the same time: one of them yields, and both know which by their ids. */
  #contest(node: string, { kind, owner = null }: Presence): void {
    if (owner === this.#out.clientId) return;
    if (kind === 'real' || owner === null || owner < this.#out.clientId) this.#cede(node, owner);
    else {
      const own = this.#world.nodeOf(node);
      if (own && !isSlot(own)) own.announce();
    }
  }

  /** Somebody else speaks for a node of this page: it is shown here, and not run. */
  #cede(id: string, owner: string | null): void {
    if (this.#owned.delete(id)) this.#out.release(id);
    this.#ceded.set(id, owner);
    const who = owner === null ? 'A board' : `The page ${owner}`;
    if (this.#world.nodeOf(id)?.identity.tier !== 'edge') {
      this.#world.notify('info', null, `${who} runs ${id} on this broker; the ${id} of this page works for this page alone.`);
      return;
    }
    this.#world.notify('info', null, `${who} speaks for ${id} on this broker: here it is shown, and not simulated.`);
    // It may have been shown before, and been simulated while nobody else did it.
    if (this.#show(id).mode !== 'real') this.#slots.setMode(id, 'real');
  }

  /** Another's fog or cloud has gone: this page's works for all again. Edge nodes wait for the user's word. */
  #takeBack(id: string, payload: string | Uint8Array): void {
    const own = this.#world.nodeOf(id);
    const presence = parsePresence(payload);
    if (!own || isSlot(own) || own.identity.tier === 'edge' || !presence.ok || presence.value.online) return;
    this.#ceded.delete(id);
    this.#owned.add(id);
    own.announce();
  }

  #deliverRemote({ node, kind }: Address, incoming: Incoming, payload: string | Uint8Array): void {
    // What others tell a node is of interest only as far as it changes what the node does.
    if (kind === 'presence' && this.#ceded.has(node)) this.#takeBack(node, payload);
    if (kind === 'cmd' || kind === 'guest' || kind === 'processed' || kind === 'analytics' || typeof payload !== 'string') return;
    const slot = this.#slots.get(node) ?? this.#discover(node, kind, incoming, payload);
    if (!slot) return;
    const { index } = slot.identity;
    const message = kind === 'data' ? innerReading(slot, incoming, payload, this.#book, this.#world.wall.epochUs, this.#delay.oneWayUs) : innerMessage(incoming, payload, incoming.retain, this.#out.root);
    if (kind === 'data' && incoming.retain) return;
    const problem = slot.take(kind, message);
    if (problem !== null) {
      this.#reject(incoming, problem);
      return;
    }
    // It was asked for while another page still ran it; a board that has gone is expected back.
    if (kind === 'presence' && slot.mode === 'simulated' && slot.peer.kind === 'simulated' && this.claim(slot)) slot.edge?.announce();
    if (kind === 'presence') this.#slots.sourceChanged(slot);
    if (kind === 'reply') this.#pings.hear(slot, incoming, payload);
    // Fog and cloud, and the page's own eyes, take it from the world's broker as they take a simulated node's.
    const shown = slot.mode !== 'simulated' && !incoming.retain;
    if (shown && (kind === 'data' || kind === 'config/ack' || kind === 'guest/state' || kind === 'presence')) this.#session?.publish(message);
    this.#world.columns.published[index] = slot.peer.journal.traffic.messagesIn;
  }

  /** A node shows itself by its presence or a reading; anything else could be about nobody. */
  #discover(node: string, kind: Address['kind'], incoming: Incoming, payload: string): Slot | null {
    if (kind === 'config') {
      if (this.#configs.size < MOST_REMOTE) this.#configs.set(node, innerMessage(incoming, payload, false, this.#out.root));
      return null;
    }
    const sign = signOfLife(kind, payload);
    if (!sign.ok) this.#reject(incoming, sign.reason);
    // A retained reading says nothing of now.
    if (!sign.ok || !sign.value || (incoming.retain && kind === 'data')) return null;
    // A fog or cloud of this page that another speaks for is still no edge node.
    if ((this.#world.nodeOf(node)?.identity.tier ?? 'edge') !== 'edge') return null;
    if (this.#slots.size >= MOST_REMOTE) {
      this.#turnedAway += 1;
      return null;
    }
    return this.#show(node);
  }

  #show(id: string): Slot {
    const slot = this.#slots.open(id);
    const config = this.#configs.get(id);
    if (config) slot.take('config', config);
    this.#configs.delete(id);
    return slot;
  }

  #reject({ receivedUs, topic, payload }: Incoming, reason: string): void {
    this.#rejections.add(receivedUs / 1000, topic, reason, payload);
  }

  #pingLater(): void {
    this.#stay.later(this.#world.kernel, PING_EVERY_US, () => {
      this.#pings.round(this.#slots.all(), this.#world.kernel.nowUs);
      this.#pingLater();
    });
  }
}
