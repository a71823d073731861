/** What a virtual board can reach once its radio has joined a network. Brokers live elsewhere; `web/app` wires them. */
import type { MqttMessage } from '../../../protocol/message.ts';

/** The broker of the page itself: the one the page has joined, else the one inside it. */
export const PAGE_BROKER = 'mqtt://page';

export interface BoardBrokerOptions {
  clientId: string;
  /** Empty for none. */
  user: string;
  password: string;
  /** PEM of the authority for `mqtts`; empty for none. */
  ca: string;
  keepAliveS: number;
  /** QoS 1, retained. */
  will: MqttMessage;
  onMessage(message: MqttMessage): void;
  /** Once, when the broker or the network ended it; not after `close` or `cut`. `reason` is a sentence. */
  onEnd(reason: string): void;
}

export interface BoardBrokerConnection {
  /** QoS 1. */
  subscribe(topic: string): void;
  /** `acknowledged` is called once for a message at QoS 1, and not when the connection ends before. */
  publish(message: MqttMessage, acknowledged: () => void): void;
  /** Says goodbye: no last will follows. */
  close(): void;
  /** Falls silent: the last will follows. */
  cut(): void;
}

export interface BoardNetwork {
  /**
   * Connects with a clean start; resolves with a sentence where that fails, and never rejects.
   * @param address as in the board's setting `broker`
   */
  connect(address: string, options: BoardBrokerOptions): Promise<BoardBrokerConnection | string>;
}
