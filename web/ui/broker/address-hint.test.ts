import { describe, expect, it } from 'vitest';
import type { PagePlace } from '../../mqtt/link/page-access.ts';
import { addressHint } from './address-hint.ts';

const pages: Record<string, PagePlace> = {
  'http://localhost': { protocol: 'http:', hostname: 'localhost', secureContext: true },
  'http on the Pi': { protocol: 'http:', hostname: 'raspberrypi.local', secureContext: false },
  'https on the Pi': { protocol: 'https:', hostname: 'raspberrypi.local', secureContext: true },
  'public https': { protocol: 'https:', hostname: 'lab.example.org', secureContext: true },
  'public http': { protocol: 'http:', hostname: 'lab.example.org', secureContext: false },
};

// As measured with Chromium 156, with pages and sockets put into each address space by --ip-address-space-overrides.
describe('what a page may open: a wrong word here sends the user to look for a fault in a broker that has none', () => {
  it.each([
    // address, then the verdict for each page in the order above
    ['ws://localhost:9001', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['ws://127.0.0.1:9001', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['ws://raspberrypi.local:9001', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['ws://192.168.1.7:9001', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['ws://[fd00::7]:9001', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['ws://raspberrypi:9001', ['opens', 'opens', 'refused', 'refused', 'unsure']],
    ['ws://broker.example.org:9001', ['opens', 'opens', 'refused', 'refused', 'opens']],
    ['ws://8.8.8.8:9001', ['opens', 'opens', 'refused', 'refused', 'opens']],
    ['wss://raspberrypi.local', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['wss://raspberrypi', ['opens', 'opens', 'opens', 'asks', 'unsure']],
    ['wss://broker.example.org/mqtt', ['opens', 'opens', 'opens', 'opens', 'opens']],
  ] as const)('%s', (address, expected) => {
    expect(Object.values(pages).map((page) => addressHint(address, page).verdict)).toEqual(expected);
  });
});

const here = pages['http://localhost']!;

describe('addresses that are none, with one that would do: people paste what their other MQTT tools take', () => {
  it.each([
    ['raspberrypi.local', 'ws://raspberrypi.local:9001'],
    ['raspberrypi.local:9001/mqtt', 'ws://raspberrypi.local:9001/mqtt'],
    ['mqtt://raspberrypi.local:1883', 'ws://raspberrypi.local:9001'],
    ['mqtts://broker.example.org:8883', 'wss://broker.example.org:8884'],
    ['https://broker.example.org/mqtt', 'wss://broker.example.org/mqtt'],
    ['ws://ana:secret@localhost:9001', 'ws://localhost:9001'],
    ['ws://localhost:9001#x', 'ws://localhost:9001'],
    ['ftp://localhost', null],
    ['ws://', null],
    ['ws://local host:9001', null],
    ['ws://localhost:99999', null],
  ])('%s', (address, suggestion) => {
    expect(addressHint(address, here)).toMatchObject({ verdict: 'unfit', suggestion });
  });

  it('suggests nothing that the browser would refuse next', () => {
    expect(addressHint('broker.example.org', pages['public https']!).suggestion).toBe('wss://broker.example.org:8884');
    expect(addressHint('raspberrypi', pages['public https']!).suggestion).toBe('ws://raspberrypi.local:9001');
    expect(addressHint('ws://raspberrypi:9001', pages['public https']!).suggestion).toBe('ws://raspberrypi.local:9001');
    expect(addressHint('ws://broker.example.org:9001/a', pages['public https']!).suggestion).toBe('wss://broker.example.org:8884/a');
  });
});

describe('the sentence', () => {
  it('says where the address leads, with the path', () => {
    expect(addressHint(' ws://raspberrypi.local:9001/mqtt ', here).sentence).toBe(
      'Unencrypted, to raspberrypi.local, port 9001, path /mqtt. This page may open it.',
    );
    expect(addressHint('wss://broker.example.org', here).sentence).toContain('port 443');
  });

  it('warns of the port of plain MQTT: the most frequent wrong one', () => {
    expect(addressHint('ws://localhost:1883', here).sentence).toContain('Port 1883 is usually MQTT without WebSockets');
  });

  it('says whose localhost it is where the page came from another machine', () => {
    expect(addressHint('ws://localhost:9001', pages['https on the Pi']!).sentence).toContain('not raspberrypi.local');
    expect(addressHint('ws://localhost:9001', here).sentence).not.toContain('device you are looking at');
  });

  it('asks for a trusted certificate where no public authority gives one', () => {
    expect(addressHint('wss://192.168.1.7:9443', here).sentence).toContain('trust the certificate');
    expect(addressHint('wss://broker.example.org', here).sentence).not.toContain('certificate');
  });

  it('has an example for who has typed nothing', () => {
    expect(addressHint('  ', here)).toEqual({ verdict: 'empty', sentence: 'For example ws://localhost:9001.', suggestion: null });
  });
});
