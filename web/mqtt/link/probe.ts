/**
 * Why a WebSocket did not open. The browser says nothing but that it failed (close code 1006, on purpose), so this
 * asks around: does a web server answer there, does a WebSocket answer on a usual port or path beside it?
 * What cannot be told apart is named as "either ... or".
 */
import type { OpenSocket } from './gathering-socket.ts';
import { hostPlace, isAddress, type HostPlace } from './host-place.ts';
import { pageAccess, perhapsKeptOut, type LocalNetworkPermission, type PagePlace } from './page-access.ts';
import type { Diagnosis } from './report.ts';

export interface ProbeParts {
  openSocket: OpenSocket;
  /** `fetch`; only whether it resolves is looked at. */
  fetch(url: string, init: RequestInit): Promise<unknown>;
  page: PagePlace;
  /** Of the permission that decides about hosts of this place. */
  localNetworkPermission(target: HostPlace): Promise<LocalNetworkPermission>;
}

const FETCH_MS = 4000;
const SOCKET_MS = 2500;
const USUAL_PATHS = ['/mqtt', '/', '/ws'];
/** By scheme: Mosquitto's in documentation, EMQX's, HiveMQ's, a web server's in front. */
const USUAL_PORTS: Record<string, number[]> = { 'ws:': [9001, 8083, 8000, 8080], 'wss:': [9001, 8084, 8884, 443] };
/** A listener for TLS whose certificate is not trusted looks, to ws://, like none at all. */
const ENCRYPTED = 'If that listener is encrypted, the address begins with wss://.';
const PERMISSION = 'If the browser asks whether this page may reach the local network, allow it and try again.';
const PLAIN_MQTT_PORTS = ['1883', '8883'];

export async function diagnoseSocket(address: string, timedOut: boolean, parts: ProbeParts): Promise<Diagnosis> {
  const url = new URL(address);
  // Asked again: the user may have denied it while the socket was waiting.
  const access = pageAccess(url, parts.page, await parts.localNetworkPermission(hostPlace(url.hostname)));
  if (access.kind === 'refused') return access.problem;
  const webServer = await answersHttp(parts, httpLike(url));
  if (webServer) return diagnoseWebServer(url, parts);
  const [elsewhere, otherScheme] = await Promise.all([openPort(url, parts), otherSchemeAnswers(url, parts)]);
  if (otherScheme) return wrongScheme(url);
  if (elsewhere !== null) return wrongPort(url, elsewhere);
  if (timedOut) return timeOut(url);
  const unanswered = url.protocol === 'wss:' ? silentOverTls(url) : silent(url);
  // A question that was closed without an answer leaves the permission as it was.
  if (access.kind === 'asks') return { ...unanswered, advice: [PERMISSION, ...unanswered.advice] };
  if (access.kind === 'opens') return unanswered;
  const keptOut = perhapsKeptOut(url, parts.page);
  return { ...keptOut, advice: [...keptOut.advice, ...unanswered.advice] };
}

/** An HTTP server answers at the very address: the path or the kind of server is wrong. */
async function diagnoseWebServer(url: URL, parts: ProbeParts): Promise<Diagnosis> {
  for (const path of USUAL_PATHS.filter((path) => path !== url.pathname)) {
    const other = withPath(url, path);
    if (!(await opensSocket(parts, other, ['mqtt']))) continue;
    return {
      kind: 'wrong-path',
      sentence: `A server answers at ${url.host}, but takes no WebSocket at the path ${url.pathname}; it takes one at ${path}.`,
      advice: [`Change the address to ${shown(other)}.`],
    };
  }
  if (await opensSocket(parts, url, [])) {
    return {
      kind: 'not-mqtt',
      sentence: `A WebSocket answers at ${shown(url)}, but not one that speaks MQTT.`,
      advice: ["Give the address of the broker's WebSocket listener: another port or path.", ...elsewhereAdvice(url, await openPort(url, parts))],
    };
  }
  return {
    kind: 'not-websocket',
    sentence: `A web server answers at ${url.host}, but it takes no WebSocket there.`,
    advice: [
      ...elsewhereAdvice(url, await openPort(url, parts)),
      "Give the port of the broker's WebSocket listener; Mosquitto's documentation uses 9001.",
      'If a web server stands in front of the broker, give the path that it hands on; often that is /mqtt.',
    ],
  };
}

function elsewhereAdvice(url: URL, port: number | null): string[] {
  return port === null ? [] : [`A WebSocket answers on port ${port}: try ${shown(withPort(url, port))}.`];
}

function wrongPort(url: URL, port: number): Diagnosis {
  return {
    kind: 'unreachable',
    sentence: `Nothing that a page can open answers at port ${portOf(url)} of ${url.hostname}, but a WebSocket answers on port ${port}.`,
    advice: [`Change the address to ${shown(withPort(url, port))}.`],
  };
}

function wrongScheme(url: URL): Diagnosis {
  const encrypted = url.protocol === 'wss:';
  const other = shown(url).replace(/^wss?:/, encrypted ? 'ws:' : 'wss:');
  return {
    kind: 'unreachable',
    sentence: encrypted
      ? `Port ${portOf(url)} of ${url.hostname} answers, but not encrypted.`
      : `Port ${portOf(url)} of ${url.hostname} answers encrypted connections only.`,
    advice: [`Change the address to ${other}.`],
  };
}

function timeOut(url: URL): Diagnosis {
  return {
    kind: 'timed-out',
    sentence: `${url.hostname} did not answer in time.`,
    advice: [
      'Look whether the machine is on and in the same network as this one.',
      `Look whether a firewall on it lets port ${portOf(url)} through.`,
      PERMISSION,
    ],
  };
}

function silent(url: URL): Diagnosis {
  const place = hostPlace(url.hostname);
  const listens = `look whether the broker runs there and has a WebSocket listener on port ${portOf(url)}.`;
  const plain = PLAIN_MQTT_PORTS.includes(portOf(url))
    ? [`Port ${portOf(url)} is usually MQTT without WebSockets, which no page can open; WebSockets are often on 9001.`]
    : [];
  if (isAddress(url.hostname) || place === 'loopback') {
    return {
      kind: 'unreachable',
      sentence: `Nothing that a page can open listens on port ${portOf(url)} of ${url.hostname}.`,
      advice: [...plain, `Check the port, and ${listens}`, ENCRYPTED],
    };
  }
  return {
    kind: 'unknown-name',
    sentence: `Either the name ${url.hostname} is not known in this network, or nothing that a page can open listens on its port ${portOf(url)}: the browser does not say which.`,
    advice: [
      ...plain,
      ...(place === 'single-label' ? [`Try ${url.hostname}.local, or the machine's address.`] : [`Check how ${url.hostname} is spelt, or try the machine's address instead.`]),
      `If the name is right, ${listens}`,
      ENCRYPTED,
    ],
  };
}

function silentOverTls(url: URL): Diagnosis {
  const page = `https://${url.host}/`;
  const unknown = isAddress(url.hostname) || hostPlace(url.hostname) === 'loopback' ? '' : ', or the name is not known';
  return {
    kind: 'certificate',
    sentence: `Either this browser does not trust the certificate of ${url.host}, or nothing listens there${unknown}: the browser does not say which.`,
    advice: [
      `Open ${page} in another tab: if it warns of the certificate, this device has to trust the authority that signed it (broker/ tells how); if it cannot be reached, it is the port or the name.`,
      `The certificate has to be made for ${url.hostname}, and may not have run out.`,
    ],
  };
}

/** The first usual port beside the given one on which a WebSocket for MQTT opens, or null. */
async function openPort(url: URL, parts: ProbeParts): Promise<number | null> {
  const ports = USUAL_PORTS[url.protocol].filter((port) => String(port) !== portOf(url));
  const open = await Promise.all(ports.map((port) => opensSocket(parts, withPort(url, port), ['mqtt'])));
  return ports.find((_, index) => open[index]) ?? null;
}

/** Whether the same port answers encrypted instead of plain, or the other way round. */
async function otherSchemeAnswers(url: URL, parts: ProbeParts): Promise<boolean> {
  const other = new URL(url.href.replace(/^wss?:/, url.protocol === 'wss:' ? 'ws:' : 'wss:'));
  // An address without a port means another one under the other scheme.
  if (url.port === '') return false;
  return opensSocket(parts, other, ['mqtt']);
}

function answersHttp({ fetch }: ProbeParts, url: string): Promise<boolean> {
  const init: RequestInit = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(FETCH_MS) };
  return fetch(url, init).then(
    () => true,
    () => false,
  );
}

function opensSocket({ openSocket }: ProbeParts, url: URL, protocols: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    let socket: ReturnType<OpenSocket>;
    try {
      socket = openSocket(url.href, protocols);
    } catch {
      // The browser refuses some at once, as ws:// from an https page.
      return resolve(false);
    }
    const settle = (open: boolean): void => {
      clearTimeout(timer);
      socket.onopen = socket.onclose = socket.onerror = null;
      // `ws` reports a socket closed too early as an error, which nobody would hear.
      socket.onerror = () => undefined;
      socket.close();
      resolve(open);
    };
    const timer = setTimeout(() => settle(false), SOCKET_MS);
    socket.onopen = () => settle(true);
    socket.onerror = () => settle(false);
    socket.onclose = () => settle(false);
  });
}

function httpLike(url: URL): string {
  return url.href.replace(/^ws/, 'http');
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'wss:' ? '443' : '80');
}

function withPort(url: URL, port: number): URL {
  const other = new URL(url);
  other.port = String(port);
  return other;
}

function withPath(url: URL, path: string): URL {
  const other = new URL(url);
  other.pathname = path;
  return other;
}

/** Without the slash that `URL` adds to a bare host. */
function shown(url: URL): string {
  return url.pathname === '/' && url.search === '' ? url.href.replace(/\/$/, '') : url.href;
}
