import { describe, expect, it } from 'vitest';
import { checkProfile } from './check-profile.ts';
import { pageAccess, type LocalNetworkPermission, type PagePlace } from './page-access.ts';

const published: PagePlace = { protocol: 'https:', hostname: 'lab.example.org', secureContext: true };
const onPi: PagePlace = { protocol: 'https:', hostname: 'raspberrypi.local', secureContext: true };
const plainPi: PagePlace = { protocol: 'http:', hostname: 'raspberrypi.local', secureContext: false };
const local: PagePlace = { protocol: 'http:', hostname: 'localhost', secureContext: true };

describe('what the browser lets a page open', () => {
  it.each<[string, PagePlace, LocalNetworkPermission, string]>([
    ['ws://broker.example.org:9001', published, 'granted', 'mixed-content'],
    ['ws://raspberrypi.local:9001', published, 'prompt', 'asks'],
    ['ws://raspberrypi.local:9001', published, 'granted', 'opens'],
    ['ws://192.168.1.7:9001', published, 'denied', 'local-network'],
    ['ws://192.168.1.7:9001', published, null, 'mixed-content'],
    ['wss://192.168.1.7:9001', published, null, 'opens'],
    ['wss://broker.example.org', published, 'denied', 'opens'],
    ['ws://raspberrypi.local:9001', onPi, 'prompt', 'opens'],
    ['ws://raspberrypi.local:9001', plainPi, 'prompt', 'opens'],
    ['ws://192.168.1.7:9001', local, 'prompt', 'opens'],
    ['ws://localhost:9001', published, 'prompt', 'asks'],
  ])('%s from %j with permission %s: %s', (url, page, permission, expected) => {
    const access = pageAccess(new URL(url), page, permission);
    expect(access.kind === 'refused' ? access.problem.kind : access.kind).toBe(expected);
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
