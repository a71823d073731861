/** Where a host stands, as far as its name tells; browsers decide by this what a page may open. */
export type HostPlace =
  /** The machine that the browser runs on. */
  | 'loopback'
  /** Ends in `.local`, or is an address of a private range. */
  | 'local'
  /** A name without a dot, which only the local network resolves. */
  | 'single-label'
  /** A public name or address. */
  | 'public';

/** @param hostname as in `URL.hostname`: lower case, IPv6 in brackets */
export function hostPlace(hostname: string): HostPlace {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return placeOfV6(host.slice(1, -1));
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  if (isV4(host)) return placeOfV4(host);
  if (host.endsWith('.local')) return 'local';
  return host.includes('.') ? 'public' : 'single-label';
}

/** Whether it is an address rather than a name, so that nothing has to be resolved. */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || isV4(hostname);
}

function isV4(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

/** RFC 1918, link-local (RFC 3927) and carrier-grade NAT (RFC 6598), which Chrome counts as local too. */
function placeOfV4(address: string): HostPlace {
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 127) return 'loopback';
  const isLocal =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128);
  return isLocal ? 'local' : 'public';
}

/** Unique local `fc00::/7` and link-local `fe80::/10`. */
function placeOfV6(address: string): HostPlace {
  if (address === '::1') return 'loopback';
  return /^(f[cd]|fe[89ab])/.test(address) ? 'local' : 'public';
}
