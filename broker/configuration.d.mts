/** `fog` and `cloud` are nodes that also read all others'; `lab` is a page or person who may do everything under the root. */
export type BrokerRole = 'board' | 'fog' | 'cloud' | 'lab';

export interface BrokerConfiguration {
  /** Address to listen on; empty for all. */
  bind: string;
  mqttPort: number;
  wsPort: number;
  /** `dir` holds `server.crt` and `server.key`. */
  tls?: { mqttsPort: number; wssPort: number; dir: string };
  /** Holds `passwords` and `acl`; without it anybody may do anything. */
  accessDir?: string;
  dataDir: string;
  /** Lines of mosquitto.conf, put before the listeners. */
  extraLines?: string[];
}

export function mosquittoConf(configuration: BrokerConfiguration): string;
export function aclText(topicRoot: string, users: { name: string; role: BrokerRole }[]): string;
