import { describe, expect, it } from 'vitest';
import { checkProfile } from './check-profile.ts';
import { pageAccess, type LocalNetworkPermission, type PagePlace } from './page-access.ts';

const pages = {
  'http://localhost': { protocol: 'http:', hostname: 'localhost', secureContext: true },
  'http on the Pi': { protocol: 'http:', hostname: 'raspberrypi.local', secureContext: false },
  'https on the Pi': { protocol: 'https:', hostname: '192.168.1.7', secureContext: true },
  'http by a name of the router': { protocol: 'http:', hostname: 'pi.fritz.box', secureContext: false },
  'public https': { protocol: 'https:', hostname: 'lab.example.org', secureContext: true },
} satisfies Record<string, PagePlace>;

function accessOf(address: string, page: PagePlace, permission: LocalNetworkPermission): string {
  const access = pageAccess(new URL(address), page, permission);
  return access.kind === 'refused' ? access.problem.kind : access.kind;
}

describe('what a page may open: what is wrongly refused cannot be joined, what is wrongly tried fails without a reason', () => {
  it.each([
    // address, then what becomes of it from each page in the order above, before any permission has been given
    ['ws://localhost:9001', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['ws://127.0.0.1:9001', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['ws://raspberrypi.local:9001', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['ws://192.168.1.7:9001', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['ws://[fd00::7]:9001', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['ws://raspberrypi:9001', ['opens', 'opens', 'mixed-content', 'unsure', 'mixed-content']],
    ['ws://broker.example.org:9001', ['opens', 'opens', 'mixed-content', 'opens', 'mixed-content']],
    ['ws://8.8.8.8:9001', ['opens', 'opens', 'mixed-content', 'opens', 'mixed-content']],
    ['wss://192.168.1.7:8884', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['wss://raspberrypi:8884', ['opens', 'opens', 'opens', 'unsure', 'asks']],
    ['wss://broker.example.org', ['opens', 'opens', 'opens', 'opens', 'opens']],
  ])('%s', (address, expected) => {
    expect(Object.values(pages).map((page) => accessOf(address, page, 'prompt'))).toEqual(expected);
  });

  it.each<[keyof typeof pages, string, string, string, string]>([
    // page, address, then with the permission granted, denied, and unknown to the browser
    ['public https', 'ws://localhost:9001', 'opens', 'local-network', 'opens'],
    ['public https', 'ws://192.168.1.7:9001', 'opens', 'local-network', 'mixed-content'],
    ['public https', 'ws://raspberrypi:9001', 'mixed-content', 'mixed-content', 'mixed-content'],
    ['public https', 'wss://raspberrypi:8884', 'opens', 'local-network', 'opens'],
    ['public https', 'wss://broker.example.org', 'opens', 'opens', 'opens'],
    ['https on the Pi', 'ws://localhost:9001', 'opens', 'opens', 'opens'],
    ['https on the Pi', 'ws://raspberrypi.local:9001', 'opens', 'opens', 'mixed-content'],
    ['http on the Pi', 'ws://localhost:9001', 'opens', 'opens', 'opens'],
    // A page over plain http cannot ask, so Chrome says denied to it even where it needs no permission.
    ['http by a name of the router', 'ws://raspberrypi.local:9001', 'opens', 'unsure', 'opens'],
  ])('from %s to %s', (page, address, ...expected) => {
    expect((['granted', 'denied', null] as const).map((permission) => accessOf(address, pages[page], permission))).toEqual(expected);
  });
});

describe('a profile', () => {
  const good = { id: '1', name: 'Pi', url: 'ws://raspberrypi.local:9001', username: '', root: 'ic', clientId: '' };

  it.each([
    [{}, null],
    [{ url: 'wss://h/mqtt?x=1' }, null],
    [{ url: '' }, /^The address is missing/],
    [{ url: 'raspberrypi' }, /is no address/],
    [{ url: 'mqtt://pi' }, /cannot open mqtt:/],
    [{ url: 'http://pi' }, /ws:\/\/ or wss:/],
    [{ url: 'ws://a:b@pi' }, /fields of their own/],
    [{ root: 'ic/+' }, /wildcard/],
    [{ clientId: 'a/b' }, /^A client id/],
    [{ clientId: 'x'.repeat(65) }, /at most 64 bytes/],
  ])('%j is checked before anything is tried', (change, problem) => {
    const found = checkProfile({ ...good, ...change });
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});
