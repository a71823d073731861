/**
 * One connection to a broker: a client of mqtt.js that lives from CONNECT to its end and never reconnects. Seeking
 * the broker again, and sending again what it did not acknowledge, belong to the caller.
 */
import mqtt from 'mqtt';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { GatheringSocket, type OpenSocket } from './gathering-socket.ts';

export type MqttVersion = 5 | 4;

export interface ConnectionWill {
  topic: string;
  payload: string;
}

export interface ConnectionOptions {
  url: string;
  username: string;
  password: string;
  clientId: string;
  version: MqttVersion;
  /** Seconds that the broker keeps the session after the connection; 0 to begin and end without one. */
  sessionS: number;
  /** Published retained at QoS 1 when the connection ends out of order. */
  will?: ConnectionWill;
  openSocket: OpenSocket;
  /** From the address to the broker's CONNACK. */
  timeoutMs: number;
  /** Aborted: the attempt fails at once. */
  signal?: AbortSignal;
  onMessage(packet: IPublishPacket, arrivedMs: number): void;
  onRoundTrip?(ms: number): void;
  /** Once, after the connection stood; not after `end`. */
  onEnd?(end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  /** Of the broker's DISCONNECT (MQTT 5, section 3.14.2.1); null when it sent none. */
  reasonCode: number | null;
  /** The reader was held so long that too much waited. */
  overflowed: boolean;
}

/** Why no connection came to be. */
export interface ConnectionFailure {
  /** Whether the WebSocket opened. */
  opened: boolean;
  /** Of the broker's CONNACK; null when there was none. */
  code: number | null;
  timedOut: boolean;
  /** What the platform or mqtt.js said, not for people. */
  detail: string;
}

export type Opening = { ok: true; connection: Connection } | { ok: false; failure: ConnectionFailure };

export interface PublishOptions {
  qos: 0 | 1;
  retain: boolean;
  userProperties?: Record<string, string>;
  responseTopic?: string;
  correlationData?: string;
  expiryS?: number;
}

/** A reason code of the broker; 0x80 and above are refusals. */
export type Outcome = { ok: true } | { ok: false; code: number | null };

const KEEP_ALIVE_S = 15;
/** Messages that a broker may send without waiting for our acknowledgement. */
const RECEIVE_MAXIMUM = 1000;
/** Far beyond what is taken in; larger ones would only have to be buffered. */
const MAXIMUM_PACKET_BYTES = 4 * 1024 * 1024;
/** For brokers that do not say: what Mosquitto allows. */
const USUAL_WINDOW = 20;
const MOST_WINDOW = 100;
/** A message is written in some eight pieces. */
const MOST_UNSENT_PIECES = 100_000;
const END_WITHIN_MS = 1000;

export class Connection {
  readonly version: MqttVersion;
  readonly clientId: string;
  readonly sessionPresent: boolean;
  /** QoS 1 messages that may be on the way to the broker at once. */
  readonly window: number;
  /** As the broker's CONNACK says; null where it says nothing. */
  readonly maximumPacketBytes: number | null;
  readonly retains: boolean;
  readonly #client: MqttClient;
  readonly #socket: () => GatheringSocket;
  #holdTimer: ReturnType<typeof setInterval> | null = null;
  #ended = false;

  private constructor(options: ConnectionOptions, client: MqttClient, socket: () => GatheringSocket, connack: Connack) {
    this.version = options.version;
    this.clientId = options.clientId;
    this.#client = client;
    this.#socket = socket;
    this.sessionPresent = connack.sessionPresent;
    this.window = Math.min(connack.properties?.receiveMaximum ?? (options.version === 5 ? 65_535 : USUAL_WINDOW), MOST_WINDOW);
    this.maximumPacketBytes = connack.properties?.maximumPacketSize ?? null;
    this.retains = connack.properties?.retainAvailable ?? true;
  }

  /** Never rejects. */
  static open(options: ConnectionOptions): Promise<Opening> {
    return new Promise((resolve) => {
      let socket: GatheringSocket | null = null;
      let connection: Connection | null = null;
      let reasonCode: number | null = null;
      let settled = false;
      const fail = (failure: Partial<ConnectionFailure>): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', giveUp);
        client.end(true);
        resolve({ ok: false, failure: { opened: socket?.opened ?? false, code: null, timedOut: false, detail: '', ...failure } });
      };
      const client = mqtt.connect(options.url, {
        ...clientOptions(options),
        createWebsocket: (_url, protocols) => {
          // mqtt.js puts the address together again and loses the brackets of IPv6 on the way.
          const plain = options.openSocket(options.url, protocols);
          return (socket = new GatheringSocket(plain, { onRoundTrip: (ms) => options.onRoundTrip?.(ms) }));
        },
      });
      const giveUp = () => fail({ detail: 'given up' });
      options.signal?.addEventListener('abort', giveUp);
      const timer = setTimeout(() => fail({ timedOut: true, detail: 'timed out' }), options.timeoutMs);
      client.handleMessage = (packet, done) => {
        options.onMessage(packet, socket!.arrivedMs);
        done();
      };
      client.on('connect', (packet) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', giveUp);
        connection = new Connection(options, client, () => socket!, packet as unknown as Connack);
        resolve({ ok: true, connection });
      });
      client.once('packetreceive', ({ cmd }) => {
        if (cmd !== 'connack') fail({ detail: `${cmd} instead of connack` });
      });
      client.on('disconnect', (packet) => {
        reasonCode = packet.reasonCode ?? null;
        client.end(true);
      });
      client.on('error', (error) => {
        const { code } = error as { code?: unknown };
        fail({ code: typeof code === 'number' ? code : null, detail: error.message });
        // mqtt.js reads on after what it could not parse, and would misread all that follows.
        client.end(true);
      });
      client.on('close', () => {
        fail({ detail: 'closed' });
        if (!connection || connection.#ended) return;
        connection.#finish();
        options.onEnd?.({ reasonCode, overflowed: socket?.overflowed ?? false });
      });
    });
  }

  get connected(): boolean {
    return !this.#ended && this.#client.connected;
  }

  /** Whether so much waits for the network that what may be lost had better be. */
  get congested(): boolean {
    return (this.#client.stream as unknown as { writableLength: number }).writableLength > MOST_UNSENT_PIECES;
  }

  /** Resolves with the broker's answer; with code null when the connection ended before. */
  subscribe(filter: string, qos: 0 | 1, noLocal: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = this.version === 5 ? { qos, nl: noLocal } : { qos };
      this.#client.subscribe(filter, options, (error) => {
        if (!error) return resolve({ ok: true });
        const { packet } = error as { packet?: { granted?: unknown[] } };
        const code = packet?.granted?.[0];
        resolve({ ok: false, code: typeof code === 'number' ? code : null });
      });
    });
  }

  /** At QoS 1 `done` gets the broker's answer; it is not called when the connection ends before. */
  publish(topic: string, payload: string | Uint8Array, options: PublishOptions, done?: (outcome: Outcome) => void): void {
    const { qos, retain } = options;
    const properties = this.version === 5 ? publishProperties(options) : undefined;
    this.#client.publish(topic, payload as string | Buffer, { qos, retain, properties }, (error, packet) => {
      if (!done || this.#ended) return;
      const code = (packet as { reasonCode?: number } | undefined)?.reasonCode ?? 0;
      if (!error && code < 0x80) done({ ok: true });
      else if (packet) done({ ok: false, code });
    });
  }

  /** Asks the broker for a sign of life; `onRoundTrip` tells how long it took. */
  ping(): void {
    this.#client.sendPing();
  }

  /** Takes no more messages in until `release`; the broker is told meanwhile that the connection lives. */
  hold(): void {
    if (this.#holdTimer !== null) return;
    this.#socket().hold();
    this.#holdTimer = setInterval(() => {
      this.#client.sendPing();
      // The answer cannot be read while held, and mqtt.js would take its absence for the broker's death.
      this.#client.reschedulePing(true);
    }, (KEEP_ALIVE_S * 1000) / 3);
  }

  release(): void {
    if (this.#holdTimer === null) return;
    clearInterval(this.#holdTimer);
    this.#holdTimer = null;
    this.#socket().release();
  }

  /**
   * Ends in order: no will is published, and `onEnd` is not called.
   * @param forgetSession whether the broker is to forget session and queue now
   */
  end(forgetSession: boolean): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.release();
    this.#finish();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#client.end(true);
        resolve();
      }, END_WITHIN_MS);
      const properties = this.version === 5 && forgetSession ? { properties: { sessionExpiryInterval: 0 } } : {};
      this.#client.end(false, properties, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Cuts it without a word, as a vanished page would. */
  cut(): void {
    this.#finish();
    this.#client.end(true);
  }

  #finish(): void {
    this.#ended = true;
    if (this.#holdTimer !== null) clearInterval(this.#holdTimer);
  }
}

interface Connack {
  sessionPresent: boolean;
  properties?: { receiveMaximum?: number; maximumPacketSize?: number; retainAvailable?: boolean };
}

function clientOptions({ username, password, clientId, version, sessionS, will, timeoutMs }: ConnectionOptions) {
  return {
    protocolVersion: version,
    clientId,
    ...(username === '' ? {} : { username, password }),
    clean: sessionS === 0,
    keepalive: KEEP_ALIVE_S,
    // Else every acknowledgement sets a timer anew.
    reschedulePings: false,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Ours goes first, to be told from a connection that was closed.
    connectTimeout: timeoutMs + 1000,
    // How soon it looks again after half a megabyte has piled up in the socket.
    browserBufferTimeout: 20,
    // The same streams in a worker and in Node.
    forceNativeWebSocket: true,
    timerVariant: 'native' as const,
    // Its own costs time for each packet even when nobody looks.
    log: () => {},
    ...(will ? { will: { ...will, payload: will.payload as unknown as Buffer, qos: 1 as const, retain: true } } : {}),
    ...(version === 5
      ? {
          properties: {
            ...(sessionS > 0 ? { sessionExpiryInterval: sessionS } : {}),
            receiveMaximum: RECEIVE_MAXIMUM,
            maximumPacketSize: MAXIMUM_PACKET_BYTES,
          },
        }
      : {}),
  };
}

function publishProperties({ userProperties, responseTopic, correlationData, expiryS }: PublishOptions) {
  if (!userProperties && responseTopic === undefined && correlationData === undefined && expiryS === undefined) {
    return undefined;
  }
  return {
    ...(userProperties ? { userProperties } : {}),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: new TextEncoder().encode(correlationData) as Buffer }),
    ...(expiryS === undefined ? {} : { messageExpiryInterval: expiryS }),
  };
}
