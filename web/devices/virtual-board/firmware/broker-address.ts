/** Addresses of brokers as a board is told them. */
import { type Parsed, refused } from '../../../protocol/parsed.ts';

export interface BrokerAddress {
  tls: boolean;
  /** Name or address; IPv6 in brackets. */
  host: string;
  port: number;
}

/** Looks for a broker that announces itself in the local network. */
export const MDNS = 'mdns';

const PLAIN_PORT = 1883;
const TLS_PORT = 8883;

/** Null for `mdns`. */
export function brokerAddress(text: string): Parsed<BrokerAddress | null> {
  if (text === MDNS) return { ok: true, value: null };
  const [, scheme, host, port] = /^(mqtts?):\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  if (scheme === undefined || host === undefined) {
    return refused(`"${text.slice(0, 60)}" is no address of a broker: it is mqtt://HOST, mqtts://HOST, either with :PORT behind, or mdns.`);
  }
  const tls = scheme === 'mqtts';
  const number = port === undefined ? (tls ? TLS_PORT : PLAIN_PORT) : Number(port);
  if (number < 1 || number > 65_535) return refused(`A port is a number from 1 to 65535, not ${number}.`);
  return { ok: true, value: { tls, host: host.toLowerCase(), port: number } };
}
