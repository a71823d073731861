/** What the browser lets this page open, from where it was loaded: mixed content, and Chrome's local network access. */
import { hostPlace } from './host-place.ts';
import type { Diagnosis } from './report.ts';

/** How the page was loaded. */
export interface PagePlace {
  /** `location.protocol`, with its colon. */
  protocol: string;
  hostname: string;
  secureContext: boolean;
}

/** Of Chrome's permission for the local network; null where the browser knows none, as Firefox and Safari. */
export type LocalNetworkPermission = 'granted' | 'prompt' | 'denied' | null;

/**
 * `asks`: it opens once the user has given the permission. `unsure`: the browser keeps a page that came over plain http
 * out of the local network unless the page came from there itself, as one at http://pi.lan may have; its name does not
 * tell, so only a try does.
 */
export type PageAccess = { kind: 'opens' | 'asks' | 'unsure' } | { kind: 'refused'; problem: Diagnosis };

/**
 * As measured with Chromium 156, with pages and sockets put into each address space by --ip-address-space-overrides.
 *
 * @param url a valid `ws://` or `wss://` address
 */
export function pageAccess(url: URL, page: PagePlace, permission: LocalNetworkPermission): PageAccess {
  const target = hostPlace(url.hostname);
  const nearby = target === 'local' || target === 'loopback';
  if (page.protocol === 'https:' && url.protocol === 'ws:') {
    // Loopback is exempt everywhere; private addresses and .local are where Chrome asks for its permission.
    if (!nearby || (target === 'local' && permission === null)) return { kind: 'refused', problem: mixedContent(url, target === 'local') };
  }
  // A page from the local network reaches all of it and this machine without any permission.
  const inwards = target !== 'public' && hostPlace(page.hostname) === 'public';
  if (!inwards || permission === null || permission === 'granted') return { kind: 'opens' };
  if (!page.secureContext) return { kind: 'unsure' };
  return permission === 'prompt' ? { kind: 'asks' } : { kind: 'refused', problem: localNetworkDenied() };
}

function mixedContent(url: URL, isLocal: boolean): Diagnosis {
  return {
    kind: 'mixed-content',
    sentence: `This page came over https, so the browser does not let it open an unencrypted ws:// address such as ${url.host}.`,
    advice: [
      "Use the broker's encrypted listener: an address that begins with wss:// (broker/ sets one up).",
      isLocal
        ? 'Or use Chrome or Edge 142 or newer, which ask whether the page may reach the local network.'
        : 'Or name the broker by its private address or a name that ends in .local, which Chrome can allow.',
      'Or open this page from http://localhost, or from the machine the broker runs on.',
    ],
  };
}

function localNetworkDenied(): Diagnosis {
  return {
    kind: 'local-network',
    sentence: 'The browser has been told that this page may not reach devices on the local network.',
    advice: [
      'Click the icon left of the address bar, open the site settings, and allow access to the local network; then try again.',
      'Or open this page from the machine the broker runs on.',
    ],
  };
}

/** For an address that did not open although it was tried, where the access was `unsure`. */
export function perhapsKeptOut(url: URL, page: PagePlace): Diagnosis {
  return {
    kind: 'local-network',
    sentence: `Either the browser keeps this page out of the local network, because it came over plain http from ${page.hostname}, or nothing that a page can open answers at ${url.host}: the browser does not say which.`,
    advice: [`Unless ${page.hostname} is in the local network itself, open this page over https, from http://localhost, or from the machine the broker runs on.`],
  };
}
