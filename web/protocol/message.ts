import type { Content } from './content.ts';
import type { Stamps } from './latency.ts';
import { publishBytes } from './message-bytes.ts';
import type { Parsed } from './parsed.ts';
import { parseTelemetry, type Telemetry } from './telemetry.ts';
import { utf8Bytes } from './utf8.ts';

/**
 * One application message as a client publishes or receives it (MQTT 5, section 3.3). Shared
 * between sender, broker and receivers, hence read-only.
 */
export interface MqttMessage {
  readonly topic: string;
  /** Text; empty where `binary` is given. */
  readonly payload: string;
  /** A payload that is no text: a module. */
  readonly binary?: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** Times on the way; on the wire they are user properties. */
  readonly stamps?: Stamps | null;
  /** The payload by its value, where the sender was in this page: nobody then has to read the text again. */
  readonly content?: Content | null;
  readonly userProperties?: Readonly<Record<string, string>>;
  /** Where the answer to a request goes. */
  readonly responseTopic?: string;
  /** Repeated in the answer, so that a client can tell its requests apart. */
  readonly correlationData?: string;
}

/** Shared by the messages of one topic, so that a broker need not look up again who gets them. */
export class Route {
  /** Who remembers something here, and until its subscriptions change. */
  broker: object | null = null;
  epoch = -1;
  receivers: unknown = null;
  #topicBytes = 0;

  /** Bytes of the topic, which is the same at every call. */
  topicBytes(topic: string): number {
    if (this.#topicBytes === 0) this.#topicBytes = utf8Bytes(topic);
    return this.#topicBytes;
  }
}

/** What a message says, shared by its copies on the way: it is measured and read once. */
class Body {
  readonly text: string | null;
  readonly content: Content | null;
  #bytes = -1;
  #telemetry: Parsed<Telemetry> | null = null;

  constructor(body: string | Content) {
    const written = typeof body === 'string';
    this.text = written ? body : null;
    this.content = written ? null : body;
  }

  get payload(): string {
    return this.text ?? this.content!.text;
  }

  get bytes(): number {
    if (this.#bytes < 0) this.#bytes = this.text === null ? this.content!.bytes : utf8Bytes(this.text);
    return this.#bytes;
  }

  get telemetry(): Parsed<Telemetry> {
    return (this.#telemetry ??= parseTelemetry(this.payload));
  }
}

/** A message made in this page, in the form that costs least: it is measured once, and written only if somebody looks. */
export class Message implements MqttMessage {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly stamps: Stamps | null;
  /** Index of the edge node whose reading it is about; -1 for none. */
  readonly origin: number;
  readonly route: Route | null;
  readonly #body: Body;
  #bytes = 0;

  constructor(
    topic: string,
    body: string | Content | Body,
    qos: 0 | 1,
    retain: boolean,
    stamps: Stamps | null,
    origin = -1,
    route: Route | null = null,
  ) {
    this.topic = topic;
    this.#body = body instanceof Body ? body : new Body(body);
    this.qos = qos;
    this.retain = retain;
    this.stamps = stamps;
    this.origin = origin;
    this.route = route;
  }

  get payload(): string {
    return this.#body.payload;
  }

  get content(): Content | null {
    return this.#body.content;
  }

  /** Size of its PUBLISH packet. */
  get bytes(): number {
    if (this.#bytes === 0) {
      const { route, topic, qos, stamps } = this;
      const topicBytes = route?.topicBytes(topic) ?? utf8Bytes(topic);
      this.#bytes = publishBytes(topicBytes, qos, stamps === null ? 0 : stamps.bytes, this.#body.bytes);
    }
    return this.#bytes;
  }

  /** The payload read as telemetry, once for all receivers. */
  get telemetry(): Parsed<Telemetry> {
    return this.#body.telemetry;
  }

  /** The same with other stamps. */
  stamped(stamps: Stamps): Message {
    return new Message(this.topic, this.#body, this.qos, this.retain, stamps, this.origin, this.route);
  }

  /** The same as a broker hands it on. */
  granted(qos: 0 | 1, retain: boolean): Message {
    return new Message(this.topic, this.#body, qos, retain, this.stamps, this.origin, this.route);
  }
}

/** What `parseTelemetry` says of the message's payload. */
export function telemetryIn(message: MqttMessage): Parsed<Telemetry> {
  return message instanceof Message ? message.telemetry : parseTelemetry(message.payload);
}

/** Index of the edge node whose reading the message is about; -1 where only its topic or payload can tell. */
export function originOf(message: MqttMessage): number {
  return message instanceof Message ? message.origin : -1;
}
