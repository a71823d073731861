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

export type PageAccess = { kind: 'opens' | 'asks' } | { kind: 'refused'; problem: Diagnosis };

/** @param url a valid `ws://` or `wss://` address */
export function pageAccess(url: URL, page: PagePlace, permission: LocalNetworkPermission): PageAccess {
  const target = hostPlace(url.hostname);
  const from = hostPlace(page.hostname);
  const nearby = target === 'local' || target === 'loopback';
  if (page.protocol === 'https:' && url.protocol === 'ws:') {
    // Loopback is exempt everywhere; private addresses and .local are where Chrome asks for its permission.
    if (!nearby || (target === 'local' && permission === null)) return { kind: 'refused', problem: mixedContent(url, target === 'local') };
  }
  const inwards = (target === 'loopback' && from !== 'loopback') || (target === 'local' && from === 'public');
  if (!inwards || permission === null || permission === 'granted') return { kind: 'opens' };
  if (!page.secureContext) return { kind: 'refused', problem: insecureInwards(page) };
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

function insecureInwards(page: PagePlace): Diagnosis {
  return {
    kind: 'local-network',
    sentence: `This page came over plain http from ${page.hostname}, so the browser does not let it into the local network.`,
    advice: ['Open this page over https, from http://localhost, or from the machine the broker runs on.'],
  };
}
