/**
 * The way between the simulation and the user's own broker. Topics carry no root here: the connection puts it
 * on and takes it off, so that the world inside stays the same under any.
 */

/** A message that came from the broker, or could not be read. */
export interface Incoming {
  /** Without the root: `esp32/data`. */
  topic: string;
  /** Bytes under `guest`; text elsewhere; null when it could not be read, which `problem` explains. */
  payload: string | Uint8Array | null;
  /** A sentence, or null. */
  problem: string | null;
  qos: 0 | 1;
  retain: boolean;
  userProperties: Record<string, string> | null;
  responseTopic: string | null;
  correlationData: string | null;
  /** When the connection read it, microseconds since 1970 by this machine's clock. */
  receivedUs: number;
}

/** A message for the broker. At QoS 1 it is kept until the broker has acknowledged it, however long that takes. */
export interface Outgoing {
  /** Without the root. */
  topic: string;
  payload: string | Uint8Array;
  qos: 0 | 1;
  retain: boolean;
  userProperties: Record<string, string> | null;
  responseTopic: string | null;
  correlationData: string | null;
  /** Seconds after which the broker forgets it; null for never. */
  expiryS: number | null;
}

/** What the simulation tells the connection. */
export type ToLink =
  | { kind: 'publish'; messages: Outgoing[] }
  /** A node of this page is there: it gets a connection of its own, whose last will is `offline` under its `presence`. */
  | { kind: 'hold'; node: string; online: string; offline: string }
  /** The node is no longer this page's, or gone in order: its connection ends without its last will. */
  | { kind: 'release'; node: string }
  /** So many messages of those handed over have been taken in: more may come. */
  | { kind: 'took'; messages: number };

/** What the connection tells the simulation. */
export type FromLink =
  /** The broker answers; `mqtt` 5 or 4 (3.1.1). Subscriptions stand, retained messages follow. Comes again after each outage. */
  | { kind: 'joined'; clientId: string; mqtt: 5 | 4; root: string }
  /** The connection is gone and is being sought again. */
  | { kind: 'lost' }
  /** The user has left the broker. */
  | { kind: 'left' }
  | { kind: 'messages'; messages: Incoming[] }
  /** Half of what a question to the broker and its answer take, microseconds, with half the spread of the last ones. */
  | { kind: 'delay'; oneWayUs: number; errorUs: number };

/** One end of a channel; a `MessagePort` is one. */
export interface LinkPort {
  postMessage(message: ToLink): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromLink>) => void): void;
  start(): void;
}
