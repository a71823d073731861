/** What is wrong with what someone wants to set on a board, field by field. */
import { checkNodeId, checkRoot } from '../../protocol/topics.ts';
import { utf8Bytes } from '../../protocol/utf8.ts';
import { parsePublicKey } from '../signing/public-key-text.ts';
import type { BoardFacts } from './board-facts.ts';
import type { FormProblems, ProvisioningForm } from './provisioning-state.ts';

const MAX_CA_BYTES = 4096;
const MAX_KEYS = 8;
const MAX_KEYS_BYTES = 1200;
const MAX_LOGIN_BYTES = 64;
const MAX_HOST_BYTES = 128;

export function checkForm(form: ProvisioningForm, facts: BoardFacts): FormProblems {
  const entries = Object.entries({
    ssid: form.wifi && checkSsid(form.wifi.ssid),
    wifiPassword: form.wifi && checkWifiPassword(form.wifi, facts),
    // An empty one takes the setting away: the board then names itself after its MAC.
    node: form.node && checkNodeId(form.node),
    root: form.root && checkRoot(form.root),
    broker: form.broker && checkBroker(form.broker),
    user: form.user && checkLogin('user name', form.user),
    password: form.password && checkLogin('password', form.password),
    ca: form.ca && checkCa(form.ca),
    keys: form.keys && checkKeys(form.keys),
  });
  return Object.fromEntries(entries.filter(([, sentence]) => typeof sentence === 'string' && sentence !== ''));
}

function checkSsid(ssid: string): string | null {
  if (ssid === '') return 'Choose a network, or write its name.';
  const bytes = utf8Bytes(ssid);
  if (bytes > 32) return `The name of a network has at most 32 bytes; this one has ${bytes}.`;
  return noControls('name of a network', ssid);
}

/** IEEE 802.11i: a passphrase of 8 to 63 characters, or the key itself as 64 hexadecimal digits. */
function checkWifiPassword({ ssid, password }: { ssid: string; password: string }, { networks }: BoardFacts): string | null {
  if (password === '') {
    const secured = networks.find((network) => network.ssid === ssid)?.secured ?? false;
    return secured ? `The network "${ssid}" wants a password.` : null;
  }
  const bytes = utf8Bytes(password);
  if (bytes < 8) return `A Wi-Fi password has at least 8 characters; this one has ${bytes}.`;
  if (bytes > 64 || (bytes === 64 && !/^[0-9a-f]{64}$/i.test(password))) return 'A Wi-Fi password has at most 63 characters.';
  return noControls('password', password);
}

/** Why a board cannot seek its broker so, as a sentence; null when it can. */
export function checkBroker(broker: string): string | null {
  if (broker === 'mdns') return null;
  const [, scheme, host = '', port] = /^([a-z]+):\/\/(\[[^\]]*\]|[^/:?#@\s]*)(?::(\d*))?\/?$/i.exec(broker) ?? [];
  if (scheme === undefined) {
    return 'Write the broker as mqtt://HOST or mqtts://HOST, with :PORT behind if it is not 1883 or 8883, or write mdns to have the board look for one.';
  }
  if (/^wss?$/i.test(scheme)) return 'Boards speak MQTT over TCP, not WebSockets: write mqtt:// or mqtts:// and that port of the broker, mostly 1883 or 8883.';
  if (!/^mqtts?$/.test(scheme)) return `Boards do not speak ${scheme}: write mqtt:// or mqtts://.`;
  if (host === '') return 'The address names no host: write it like mqtt://192.168.1.10.';
  if (host.startsWith('[')) return 'Boards reach their broker over IPv4: write its name or its IPv4 address.';
  const good = host.length <= MAX_HOST_BYTES && /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host);
  if (!good) return `"${host}" cannot be the name or address of a host.`;
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) return 'The port is a number from 1 to 65535.';
  return null;
}

function checkLogin(what: string, text: string): string | null {
  const bytes = utf8Bytes(text);
  if (bytes > MAX_LOGIN_BYTES) return `The ${what} for the broker may have ${MAX_LOGIN_BYTES} bytes; this one has ${bytes}.`;
  return noControls(`${what} for the broker`, text);
}

function checkCa(pem: string): string | null {
  const bytes = utf8Bytes(pem);
  if (bytes > MAX_CA_BYTES) return `The certificate may have ${MAX_CA_BYTES} bytes; this one has ${bytes}. Only the authority's own is needed.`;
  if (/PRIVATE KEY/.test(pem)) return 'This is a private key, which no board needs: take the certificate of the authority.';
  const whole = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.test(pem);
  return whole ? null : 'This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.';
}

function checkKeys(text: string): string | null {
  const bytes = utf8Bytes(text);
  if (bytes > MAX_KEYS_BYTES) return `All keys together may have ${MAX_KEYS_BYTES} bytes; these have ${bytes}. Give them shorter names.`;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > MAX_KEYS) return `A board keeps at most ${MAX_KEYS} keys; these are ${lines.length}.`;
  for (const [index, line] of lines.entries()) {
    const parsed = parsePublicKey(line);
    const broken = !parsed.ok || parsed.value.name === null || !line.startsWith('ed25519 ');
    if (broken) return `Line ${index + 1} is no key: write ed25519, the key in base64 (44 characters) and a name.`;
  }
  return null;
}

function noControls(what: string, text: string): string | null {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed() ? `The ${what} may have no control characters.` : null;
}
