/**
 * Nodes of this page on the broker. Each has a connection of its own as a board has, so that its last will says
 * `offline` when the page vanishes. A page may not open many sockets: the nodes beyond share the page's own
 * connection, and their presence runs out by itself unless it is renewed.
 */
import { Connection, type ConnectionOptions } from './connection.ts';
import { Fifo } from '../fifo.ts';

/** Chrome allows a page 255 WebSockets. */
const MOST_CONNECTIONS = 100;
const OPENING_AT_ONCE = 4;
const RETRY_MS = 5000;
const TICK_MS = 250;
const RENEW_MS = 30_000;
const EXPIRY_S = 90;
const RENEWED_PER_TICK = 500;
const GOODBYE_MS = 2000;

/** What all connections to this broker have in common. */
export type NodeConnectionOptions = Pick<
  ConnectionOptions,
  'url' | 'username' | 'password' | 'version' | 'openSocket' | 'timeoutMs'
>;

interface HeldNode {
  node: string;
  online: string;
  offline: string;
  /** Grows with each `hold`: a connection that was begun for an older one is not kept. */
  turn: number;
  connection: Connection | null;
  opening: boolean;
  notBeforeMs: number;
}

/** Without a connection of its own. */
interface SharedNode {
  held: HeldNode;
  /** When its presence is to be renewed. */
  dueMs: number;
}

export class HeldNodes {
  readonly #say: (text: string) => void;
  readonly #nodes = new Map<string, HeldNode>();
  #sharing = new Fifo<SharedNode>();
  #main: Connection | null = null;
  #options: NodeConnectionOptions | null = null;
  #root = '';
  #timer: ReturnType<typeof setInterval> | null = null;
  #turns = 0;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Nodes that have a connection of their own now. */
  get count(): number {
    return this.#own().filter(({ connection }) => connection !== null).length;
  }

  hold(node: string, online: string, offline: string): void {
    const before = this.#nodes.get(node);
    if (before?.online === online && before.offline === offline) return;
    if (before?.connection && before.offline === offline) {
      before.online = online;
      this.#sayOnline(before, before.connection);
      return;
    }
    void before?.connection?.end(true);
    const fresh = { node, online, offline, turn: ++this.#turns, connection: null, opening: false, notBeforeMs: 0 };
    this.#nodes.set(node, fresh);
    if (this.#nodes.size > MOST_CONNECTIONS && !this.#own().includes(fresh)) this.#sharing.push({ held: fresh, dueMs: 0 });
  }

  /** Its connection ends without its last will; nothing is said about it. */
  release(node: string): void {
    const held = this.#nodes.get(node);
    if (!held) return;
    this.#nodes.delete(node);
    void held.connection?.end(true);
  }

  /** Whether it is what this page itself said of its node, or its last will. */
  isOwnPresence(topic: string, payload: string | Uint8Array | null): boolean {
    if (!topic.endsWith('/presence')) return false;
    const held = this.#nodes.get(topic.slice(0, -'/presence'.length));
    return held !== undefined && (payload === held.online || payload === held.offline);
  }

  /** The page's own connection stands. */
  connected(main: Connection, options: NodeConnectionOptions, root: string): void {
    this.#main = main;
    this.#options = options;
    this.#root = root;
    for (const held of this.#nodes.values()) held.notBeforeMs = 0;
    this.#shareAgain();
    this.#timer ??= setInterval(() => {
      this.#openSome();
      this.#renew();
    }, TICK_MS);
    this.#openSome();
  }

  /** The page's own connection is lost; those of the nodes end when they notice. */
  disconnected(): void {
    this.#main = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Says `offline` for each node, in order, and ends all: at the next broker others may run them. */
  async goodbye(): Promise<void> {
    const main = this.#main;
    this.disconnected();
    const all = [...this.#nodes.values()];
    const over = new Promise<void>((resolve) => setTimeout(resolve, GOODBYE_MS));
    await Promise.race([over, Promise.all(all.map((held) => this.#leave(held, main)))]);
    for (const held of all) {
      void held.connection?.end(true);
      held.connection = null;
      held.turn = ++this.#turns;
    }
    this.#nodes.clear();
  }

  #leave(held: HeldNode, main: Connection | null): Promise<void> {
    const connection = held.connection ?? main;
    if (!connection?.connected) return Promise.resolve();
    return new Promise((resolve) => {
      connection.publish(this.#topic(held), held.offline, { qos: 1, retain: true }, () => resolve());
    });
  }

  #own(): HeldNode[] {
    const own: HeldNode[] = [];
    for (const held of this.#nodes.values()) {
      if (own.length === MOST_CONNECTIONS) break;
      own.push(held);
    }
    return own;
  }

  #shareAgain(): void {
    this.#sharing = new Fifo();
    const own = new Set(this.#own());
    for (const held of this.#nodes.values()) if (!own.has(held)) this.#sharing.push({ held, dueMs: 0 });
  }

  #openSome(): void {
    const main = this.#main;
    if (!main?.connected) return;
    const nowMs = performance.now();
    const own = this.#own();
    let opening = own.filter((held) => held.opening).length;
    for (const held of own) {
      if (opening >= OPENING_AT_ONCE) break;
      if (held.connection || held.opening || held.notBeforeMs > nowMs) continue;
      opening += 1;
      void this.#open(held, main.clientId);
    }
  }

  async #open(held: HeldNode, clientId: string): Promise<void> {
    const { turn } = held;
    held.opening = true;
    const opened = await Connection.open({
      ...this.#options!,
      clientId: `${clientId}.${held.node}`,
      sessionS: 0,
      will: { topic: this.#topic(held), payload: held.offline },
      onMessage: () => undefined,
      onEnd: () => this.#lost(held, turn),
    });
    held.opening = false;
    if (!opened.ok) {
      held.notBeforeMs = performance.now() + RETRY_MS;
      if (this.#main) this.#say(`The broker did not let ${held.node} in with a connection of its own; it is tried again.`);
    } else if (held.turn !== turn || this.#nodes.get(held.node) !== held || !this.#main) {
      await opened.connection.end(true);
    } else {
      held.connection = opened.connection;
      this.#sayOnline(held, opened.connection);
    }
    this.#openSome();
  }

  #lost(held: HeldNode, turn: number): void {
    if (held.turn !== turn) return;
    held.connection = null;
    held.notBeforeMs = performance.now() + RETRY_MS;
  }

  #sayOnline(held: HeldNode, connection: Connection): void {
    connection.publish(this.#topic(held), held.online, { qos: 1, retain: true });
  }

  #renew(): void {
    const main = this.#main;
    if (!main?.connected || this.#sharing.length === 0) return;
    const nowMs = performance.now();
    const own = new Set(this.#own());
    let room = RENEWED_PER_TICK;
    for (let left = this.#sharing.length; left > 0 && room > 0; left -= 1) {
      const shared = this.#sharing.shift()!;
      const { held } = shared;
      // Released, or another node's going has left it a connection of its own.
      if (this.#nodes.get(held.node) !== held || own.has(held)) continue;
      if (shared.dueMs <= nowMs) {
        // MQTT 3.1.1 knows no expiry: retained there, it would outlive a page that vanishes.
        main.publish(this.#topic(held), held.online, { qos: 0, retain: main.version === 5, expiryS: EXPIRY_S });
        shared.dueMs = nowMs + RENEW_MS;
        room -= 1;
      }
      this.#sharing.push(shared);
    }
  }

  #topic({ node }: HeldNode): string {
    return `${this.#root}/${node}/presence`;
  }
}
