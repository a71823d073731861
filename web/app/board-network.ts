/**
 * What virtual boards can reach: the broker inside this page, and the one that the page has joined. A page cannot open
 * TCP, so a board's `mqtt://` goes over the WebSocket of that broker.
 */
import { brokerAddress } from '../devices/virtual-board/firmware/broker-address.ts';
import {
  PAGE_BROKER,
  type BoardBrokerConnection,
  type BoardBrokerOptions,
  type BoardNetwork,
} from '../devices/virtual-board/firmware/network-port.ts';
import type { OpenSocket } from '../mqtt/link/gathering-socket.ts';
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { BrokerPort } from '../sim/broker-port.ts';
import { connectToPageBroker } from './page-broker-client.ts';

/** The broker outside that the page has joined. */
export interface JoinedBroker {
  profile: BrokerProfile;
  password: string;
}

export interface BoardNetworkParts {
  pageBroker: BrokerPort;
  openSocket: OpenSocket;
}

interface Open {
  options: BoardBrokerOptions;
  connection: BoardBrokerConnection;
}

const PAGE_HOST = new URL(PAGE_BROKER).hostname;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export class PageNetwork implements BoardNetwork {
  readonly #parts: BoardNetworkParts;
  readonly #open = new Set<Open>();
  #joined: JoinedBroker | null = null;

  constructor(parts: BoardNetworkParts) {
    this.#parts = parts;
  }

  /** The page has joined a broker outside, or left it: every connection is sought anew. */
  join(joined: JoinedBroker | null): void {
    if (this.#joined?.profile.url === joined?.profile.url && this.#joined?.password === joined?.password) return;
    this.#joined = joined;
    const open = [...this.#open];
    this.#open.clear();
    for (const { options, connection } of open) {
      connection.cut();
      options.onEnd(joined ? 'The page has joined another broker.' : 'The page has left the broker.');
    }
  }

  async connect(address: string, options: BoardBrokerOptions): Promise<BoardBrokerConnection | string> {
    const parsed = brokerAddress(address);
    if (!parsed.ok) return parsed.reason;
    const joined = this.#joined;
    const { host, tls } = parsed.value ?? { host: PAGE_HOST, tls: false };
    const watched = this.#watched(options);
    if (host === PAGE_HOST && !joined) return this.#kept(watched, connectToPageBroker(this.#parts.pageBroker, watched));
    const problem = joined ? unreachable(joined.profile, host, tls) : noRoute(host);
    if (problem !== null) return problem;
    const { profile, password } = joined!;
    const credentials = host === PAGE_HOST && options.user === '' ? { username: profile.username, password } : { username: options.user, password: options.password };
    const { connectOverSocket } = await import('./board-socket-client.ts');
    const answer = await connectOverSocket(profile.url, credentials, watched, this.#parts.openSocket);
    if (typeof answer === 'string') return answer;
    if (this.#joined === joined) return this.#kept(watched, answer);
    answer.cut();
    return 'The page has joined another broker meanwhile.';
  }

  #watched(options: BoardBrokerOptions): BoardBrokerOptions {
    const watched: BoardBrokerOptions = {
      ...options,
      onEnd: (reason) => {
        for (const each of this.#open) if (each.options === watched) this.#open.delete(each);
        options.onEnd(reason);
      },
    };
    return watched;
  }

  #kept(options: BoardBrokerOptions, connection: BoardBrokerConnection): BoardBrokerConnection {
    const open = { options, connection };
    this.#open.add(open);
    return {
      ...connection,
      close: () => {
        this.#open.delete(open);
        connection.close();
      },
      cut: () => {
        this.#open.delete(open);
        connection.cut();
      },
    };
  }
}

/** Why the broker at `host` is not the one that the page has joined, a sentence; null when it is. */
function unreachable({ url }: BrokerProfile, host: string, tls: boolean): string | null {
  const { hostname, protocol } = new URL(url);
  const same = host === hostname.toLowerCase() || (loopback.test(host) && loopback.test(hostname));
  if (host !== PAGE_HOST && !same) return `No route to ${host}: a virtual board reaches only the broker that the page has joined, ${hostname}.`;
  if (tls && protocol !== 'wss:') return `The page has joined ${hostname} without TLS, so a virtual board cannot reach it by mqtts://; use mqtt://.`;
  return null;
}

function noRoute(host: string): string {
  return `No route to ${host}: a virtual board reaches this page's own broker, ${PAGE_BROKER}, or the broker that the page has joined. Join it first.`;
}
