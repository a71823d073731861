/** What a broker's address means, and whether the page may open it from where it was loaded. */
import { hostPlace, type HostPlace } from '../../mqtt/link/host-place.ts';
import { pageAccess, type PageAccess, type PagePlace } from '../../mqtt/link/page-access.ts';

export interface AddressHint {
  /**
   * `empty`: nothing typed. `unfit`: no address of a WebSocket. `refused`: the browser will not open it from this page.
   * `asks`: it will, once the user has given the permission for the local network. `unsure`: it will if the page itself
   * is in the local network. `opens`: it will.
   */
  verdict: 'empty' | 'unfit' | AccessVerdict;
  sentence: string;
  /** A like address that would do, or null. */
  suggestion: string | null;
}

type AccessVerdict = PageAccess['kind'];

/** The ports that broker/ gives WebSockets, without and with TLS; 9001 is also that of Mosquitto's documentation. */
const usualPort = { 'ws:': '9001', 'wss:': '8884' };

export function addressHint(text: string, page: PagePlace): AddressHint {
  const address = text.trim();
  if (address === '') return { verdict: 'empty', sentence: 'For example ws://localhost:9001.', suggestion: null };
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  const rest = scheme ? address.slice(scheme.length + 3) : address;
  if (scheme !== 'ws' && scheme !== 'wss') return otherScheme(scheme, rest, page);

  const url = parsed(address);
  if (!url || url.hostname === '') {
    return unfit('This is no address: it takes the form ws://HOST:PORT, with a path where the broker has one.', null);
  }
  if (url.username !== '' || url.password !== '') {
    return unfit('User and password have fields of their own below; a WebSocket ignores them here.', withoutUser(url));
  }
  if (url.hash !== '') return unfit('An address of a WebSocket has no part after #.', address.slice(0, address.indexOf('#')));
  return mayOpen(url, page);
}

function otherScheme(scheme: string | undefined, rest: string, page: PagePlace): AddressHint {
  const suggestion = suggest(scheme, rest, page);
  if (scheme === undefined) return unfit('The address begins with ws:// or, encrypted, with wss://.', suggestion);
  if (/^(mqtts?|tcp|ssl|tls)$/.test(scheme)) {
    return unfit(
      `${scheme}:// is MQTT over plain TCP, which no page can open: give the broker's WebSockets listener.`,
      suggestion,
    );
  }
  const sentence = `${scheme}:// is no WebSocket: the address begins with ws:// or, encrypted, with wss://.`;
  return unfit(sentence, /^https?$/.test(scheme) ? suggestion : null);
}

/** The like address of a WebSocket that this page could open. */
function suggest(scheme: string | undefined, rest: string, page: PagePlace): string | null {
  const plain = parsed(`ws://${rest}`);
  if (!plain || plain.hostname === '') return null;
  const mqttPort = plain.port === '' || plain.port === '1883' || plain.port === '8883';
  // An address of a web page keeps its port: a web server may carry the WebSocket too.
  if (!scheme?.startsWith('http') && mqttPort) plain.port = usualPort['ws:'];
  if (/^(mqtts|ssl|tls|https)$/.test(scheme ?? '')) return encrypted(plain);
  return access(plain, page) === 'refused' ? refusedInstead(plain) : shortAddress(plain);
}

function mayOpen(url: URL, page: PagePlace): AddressHint {
  const place = hostPlace(url.hostname);
  const verdict = access(url, page);
  const sentence = [meaning(url), verdictWords(verdict, url, place, page), ...warnings(url, place, page)].join(' ');
  return { verdict, sentence, suggestion: verdict === 'refused' ? refusedInstead(url) : null };
}

/** As far as can be said while typing: whether the permission has been given is seen when it is tested or joined. */
function access(url: URL, page: PagePlace): AccessVerdict {
  return pageAccess(url, page, 'prompt').kind;
}

function meaning(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'wss:' ? '443, the usual one' : '80, the usual one') : url.port;
  const path = url.pathname === '/' ? '' : `, path ${url.pathname}`;
  return `${url.protocol === 'wss:' ? 'Encrypted' : 'Unencrypted'}, to ${url.hostname}, port ${port}${path}.`;
}

function verdictWords(verdict: AccessVerdict, url: URL, place: HostPlace, page: PagePlace): string {
  if (verdict === 'opens') return 'This page may open it.';
  if (verdict === 'asks') {
    return place === 'loopback'
      ? 'Chrome asks once whether this page may reach programs on this device: allow it.'
      : 'Chrome asks once whether this page may reach your local network: allow it.';
  }
  if (verdict === 'unsure') {
    return `This page came over plain http. Unless ${page.hostname} is itself in your local network, Chrome does not let it in there: open the page over https, or from the broker's machine.`;
  }
  const way = place === 'single-label' ? ', or its .local name or address' : '';
  return `This page came over https, so the browser refuses ws:// to ${url.hostname}: use wss://${way}.`;
}

/** The like address that this page, which came over https, may open. */
function refusedInstead(url: URL): string {
  if (url.hostname.includes('.')) return encrypted(url);
  return shortAddress(url).replace(url.hostname, `${url.hostname}.local`);
}

function warnings(url: URL, place: HostPlace, page: PagePlace): string[] {
  const all: string[] = [];
  if (url.port === '1883' || url.port === '8883') {
    all.push(`Port ${url.port} is usually MQTT without WebSockets, which no page can open; WebSockets are often on ${usualPort['ws:']}.`);
  }
  if (place === 'loopback' && hostPlace(page.hostname) !== 'loopback') {
    all.push(`${url.hostname} is the device you are looking at, not ${page.hostname}.`);
  }
  if (url.protocol === 'wss:' && place !== 'public') {
    all.push('This device must trust the certificate: broker/README.md tells how.');
  }
  return all;
}

function unfit(sentence: string, suggestion: string | null): AddressHint {
  return { verdict: 'unfit', sentence, suggestion };
}

function parsed(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

function withoutUser(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return shortAddress(bare);
}

function encrypted(plain: URL): string {
  const url = new URL(plain);
  url.protocol = 'wss:';
  if (url.port === usualPort['ws:']) url.port = usualPort['wss:'];
  return shortAddress(url);
}

/** Without the slash that `URL` adds to a bare host. */
function shortAddress(url: URL): string {
  return url.pathname === '/' && url.search === '' ? url.href.replace(/\/$/, '') : url.href;
}
