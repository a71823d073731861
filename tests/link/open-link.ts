/** A link as the worker makes it, in Node: the WebSocket is that of `ws`, everything else is the page's own code. */
import { WebSocket } from 'ws';
import type { FromLink, Incoming, Outgoing, ToLink } from '../../web/sim/link-port.ts';
import { BrokerLink, type BrokerLinkParts } from '../../web/mqtt/link/broker-link.ts';
import type { PlainSocket } from '../../web/mqtt/link/gathering-socket.ts';
import { MemoryOutboxStore } from '../../web/mqtt/link/outbox-store.ts';
import type { BrokerProfile } from '../../web/mqtt/link/profile.ts';
import type { LinkState } from '../../web/mqtt/link/report.ts';

/** Every socket opened through it can be cut without a word. */
export class Sockets {
  readonly #all = new Set<WebSocket>();

  readonly open = (url: string, protocols: string[]): PlainSocket => {
    const socket = new WebSocket(url, protocols);
    this.#all.add(socket);
    return socket as unknown as PlainSocket;
  };

  get count(): number {
    return [...this.#all].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  /** As a page that vanishes does. */
  cutAll(): void {
    for (const socket of this.#all) socket.terminate();
  }
}

export interface TestLink {
  link: BrokerLink;
  sockets: Sockets;
  /** All that came, in order. */
  told: FromLink[];
  readonly incoming: Incoming[];
  send(message: ToLink): void;
  publish(...messages: (Partial<Outgoing> & { topic: string })[]): void;
  state(): Promise<LinkState>;
}

export interface TestLinkOptions extends Partial<BrokerLinkParts> {
  clientId?: string;
  /** Whether what comes is acknowledged at once to the link; true unless given. */
  takes?: boolean;
}

let links = 0;

export function openLink({ clientId, takes = true, ...parts }: TestLinkOptions = {}): TestLink {
  const sockets = new Sockets();
  const id = clientId ?? `link-${process.pid}-${(links += 1)}`;
  const link = new BrokerLink({
    openSocket: sockets.open,
    fetch,
    page: { protocol: 'http:', hostname: 'localhost', secureContext: true },
    localNetworkPermission: () => Promise.resolve(null),
    clientIds: { acquire: () => Promise.resolve({ clientId: id, problem: null, release: () => undefined }) },
    outboxStore: new MemoryOutboxStore(),
    random: Math.random,
    nowMs: Date.now,
    ...parts,
  });
  const told: FromLink[] = [];
  let hear: ((message: ToLink) => void) | null = null;
  const send = (message: ToLink): void => hear?.(structuredClone(message));
  link.connect({
    listen: (listener) => {
      hear = listener;
    },
    post(message) {
      told.push(structuredClone(message));
      if (message.kind === 'messages' && takes) send({ kind: 'took', messages: message.messages.length });
    },
  });
  return {
    link,
    sockets,
    told,
    get incoming() {
      return told.flatMap((message) => (message.kind === 'messages' ? message.messages : []));
    },
    send,
    publish: (...messages) => send({ kind: 'publish', messages: messages.map((message) => ({ ...plain, ...message })) }),
    state: async () => (await link.report()).state,
  };
}

const plain: Omit<Outgoing, 'topic'> = {
  payload: 'x',
  qos: 1,
  retain: false,
  userProperties: null,
  responseTopic: null,
  correlationData: null,
  expiryS: null,
};

export function profileFor(url: string, more: Partial<BrokerProfile> = {}): BrokerProfile {
  return { id: 'p1', name: 'Test', url, username: '', root: 'ic', clientId: '', ...more };
}

/** Joins and resolves when the broker is joined. */
export async function joined(test: TestLink, url: string, more: Partial<BrokerProfile> = {}, password = ''): Promise<void> {
  await test.link.join(profileFor(url, more), password);
  await until(async () => (await test.state()).kind === 'joined', 'the broker is joined');
}

/** Rejects, naming what was waited for, when it has not come about in time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
