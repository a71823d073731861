/** A board's connection to its broker: sought as long as there is a network, with what was not delivered kept in order. */
import { messageBytes } from '../../../protocol/message-bytes.ts';
import type { MqttMessage } from '../../../protocol/message.ts';
import type { Kernel, KernelEvent } from '../../../sim/kernel.ts';
import { brokerAddress, MDNS } from './broker-address.ts';
import type { Log } from './log.ts';
import { PAGE_BROKER, type BoardBrokerConnection, type BoardNetwork } from './network-port.ts';

export type UplinkState =
  | { kind: 'none' }
  | { kind: 'connecting' }
  | { kind: 'online' }
  | { kind: 'failed'; /** A sentence. */ reason: string };

/** Where to connect to and as whom; `broker` empty for no broker. */
export interface UplinkSettings {
  readonly node: string;
  readonly broker: string;
  readonly user: string;
  readonly password: string;
  readonly ca: string;
}

export interface UplinkParts {
  kernel: Kernel;
  network: BoardNetwork;
  log: Log;
  keepAliveS: number;
  settings: UplinkSettings;
  will(): MqttMessage;
  /** The topics it listens to. */
  topics(): readonly string[];
  onMessage(message: MqttMessage): void;
  /** It is there now: the first words go out here, before what waited. */
  onOnline(): void;
  changed(): void;
  /** Takes what happens outside into the board's own time. */
  now(work: () => void): void;
}

const FIRST_WAIT_US = 1e6;
const LONGEST_WAIT_US = 30e6;
/** QoS 1 messages on their way at once. */
const WINDOW = 16;
/** The oldest go when more wait: 20 minutes of readings at the default period. */
const MOST_WAITING = 400;

interface Waiting {
  message: MqttMessage;
  sent: boolean;
}

export class Uplink {
  readonly #parts: UplinkParts;
  #state: UplinkState = { kind: 'none' };
  #connection: BoardBrokerConnection | null = null;
  /** Of the present connection: what is said of the node when it goes. */
  #will: MqttMessage | null = null;
  /** Grows when the present attempt no longer counts. */
  #attempt = 0;
  #failures = 0;
  #retry: KernelEvent | null = null;
  #outbox: Waiting[] = [];
  #bytesSent = 0;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
  }

  get state(): UplinkState {
    return this.#state;
  }

  get waiting(): number {
    return this.#outbox.length;
  }

  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Seeks the broker of the settings, from now on. */
  open(): void {
    this.close();
    this.#failures = 0;
    if (this.#parts.settings.broker === '') this.#become({ kind: 'none' });
    else this.#seek();
  }

  /** Says goodbye; what its last will would have said goes out before. */
  close(): void {
    const will = this.#will;
    this.#end((connection) => {
      if (will) connection.publish(will, () => undefined);
      connection.close();
    });
  }

  /** Falls silent: the network or the power is gone. */
  cut(): void {
    this.#end((connection) => connection.cut());
  }

  /** QoS 0 is lost while offline; QoS 1 waits. */
  publish(message: MqttMessage): void {
    if (message.qos === 0) {
      this.say(message);
      return;
    }
    this.#outbox.push({ message, sent: false });
    if (this.#outbox.length > MOST_WAITING) this.#outbox.shift();
    this.#drain();
  }

  /** At once or not at all. */
  say(message: MqttMessage): void {
    if (!this.#connection) return;
    this.#bytesSent += messageBytes(message);
    this.#connection.publish(message, () => undefined);
  }

  #end(part: (connection: BoardBrokerConnection) => void): void {
    this.#attempt += 1;
    if (this.#retry) this.#retry.cancelled = true;
    this.#retry = null;
    const connection = this.#connection;
    this.#connection = null;
    for (const each of this.#outbox) each.sent = false;
    if (connection) part(connection);
    this.#become({ kind: 'none' });
  }

  #seek(): void {
    const attempt = ++this.#attempt;
    const { settings, network, keepAliveS, now, onMessage } = this.#parts;
    const { node, broker, user, password, ca } = settings;
    this.#become({ kind: 'connecting' });
    const will = this.#parts.will();
    const counts = (): boolean => this.#attempt === attempt;
    const options = {
      clientId: node,
      user,
      password,
      ca,
      keepAliveS,
      will,
      onMessage: (message: MqttMessage) => now(() => counts() && onMessage(message)),
      onEnd: (reason: string) => now(() => counts() && this.#failed(reason)),
    };
    const address = brokerAddress(broker);
    if (!address.ok) {
      this.#failed(address.reason);
      return;
    }
    // In a virtual network the page's broker is the one that announces itself.
    void network.connect(broker === MDNS ? PAGE_BROKER : broker, options).then((answer) => {
      now(() => {
        if (typeof answer === 'string') {
          if (counts()) this.#failed(answer);
        } else if (counts()) this.#opened(answer, will);
        else answer.close();
      });
    });
  }

  #opened(connection: BoardBrokerConnection, will: MqttMessage): void {
    this.#connection = connection;
    this.#will = will;
    this.#failures = 0;
    this.#parts.log.info('mqtt', `online at ${this.#parts.settings.broker} as ${this.#parts.settings.node}`);
    for (const topic of this.#parts.topics()) connection.subscribe(topic);
    this.#become({ kind: 'online' });
    this.#parts.onOnline();
    this.#drain();
  }

  #failed(reason: string): void {
    this.#attempt += 1;
    this.#connection = null;
    for (const each of this.#outbox) each.sent = false;
    const waitUs = Math.min(LONGEST_WAIT_US, FIRST_WAIT_US * 2 ** this.#failures);
    this.#failures += 1;
    this.#parts.log.warn('mqtt', `${reason} Tries again in ${waitUs / 1e6} s.`);
    this.#become({ kind: 'failed', reason });
    this.#retry = this.#parts.kernel.after(waitUs, () => this.#seek());
  }

  #drain(): void {
    const connection = this.#connection;
    if (!connection) return;
    for (const each of this.#outbox.slice(0, WINDOW)) {
      if (each.sent) continue;
      each.sent = true;
      this.#bytesSent += messageBytes(each.message);
      connection.publish(each.message, () => this.#parts.now(() => this.#acknowledged(connection, each)));
    }
  }

  #acknowledged(connection: BoardBrokerConnection, each: Waiting): void {
    if (this.#connection !== connection) return;
    const at = this.#outbox.indexOf(each);
    if (at >= 0) this.#outbox.splice(at, 1);
    this.#drain();
  }

  #become(state: UplinkState): void {
    const same = state.kind === this.#state.kind && state.kind !== 'failed';
    this.#state = state;
    if (!same) this.#parts.changed();
  }
}
