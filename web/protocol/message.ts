/**
 * One application message as a client publishes or receives it (MQTT 5, section 3.3). Shared
 * between sender, broker and receivers, hence read-only.
 */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly userProperties?: Readonly<Record<string, string>>;
  /** Where the answer to a request goes. */
  readonly responseTopic?: string;
  /** Repeated in the answer, so that a client can tell its requests apart. */
  readonly correlationData?: string;
}
