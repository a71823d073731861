/** Whether a profile can be tried at all. */
import { checkRoot } from '../../protocol/topics.ts';
import { utf8Bytes } from '../../protocol/utf8.ts';
import type { BrokerProfile } from './profile.ts';

const MAX_CLIENT_ID_BYTES = 64;

/** Why it cannot, as a sentence; null when it can. */
export function checkProfile({ url, clientId, root }: BrokerProfile): string | null {
  return checkAddress(url) ?? checkRoot(root) ?? checkClientId(clientId);
}

function checkAddress(url: string): string | null {
  if (url.trim() === '') return 'The address is missing; it looks like ws://raspberrypi.local:9001.';
  if (!URL.canParse(url)) return `"${url}" is no address; one looks like ws://raspberrypi.local:9001.`;
  const { protocol, hostname, hash, username, password } = new URL(url);
  if (/^(mqtts?|tcp|ssl):$/.test(protocol)) {
    return `A page cannot open ${protocol}// addresses: give the broker's WebSocket listener, like ws://${hostname || 'HOST'}:9001.`;
  }
  if (protocol !== 'ws:' && protocol !== 'wss:') return 'The address has to begin with ws:// or wss://.';
  if (hostname === '') return 'The address names no machine; it looks like ws://raspberrypi.local:9001.';
  if (hash !== '') return 'The address of a WebSocket may not contain #.';
  if (username !== '' || password !== '') return 'User and password have fields of their own; take them out of the address.';
  return null;
}

function checkClientId(clientId: string): string | null {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for.
  if (/[\u0000-\u001f\u007f+#/]/.test(clientId)) return 'A client id may not contain control characters, +, # or /.';
  return utf8Bytes(clientId) > MAX_CLIENT_ID_BYTES ? `A client id may have at most ${MAX_CLIENT_ID_BYTES} bytes.` : null;
}
