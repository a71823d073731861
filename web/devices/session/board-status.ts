/** The answers to `status` and `settings`, as pairs of key and value. */
import type { BoardStatus, Settings } from './board-facts.ts';
import { joined, textOf } from './exchange.ts';

const wifiPhases = ['idle', 'connecting', 'online', 'failed'] as const;
const brokerPhases = ['none', 'resolving', 'connecting', 'online', 'failed'] as const;
const guestPhases = ['none', 'running', 'trying', 'faulted', 'stopped'] as const;
const resets = ['power', 'software', 'panic', 'watchdog', 'brownout', 'other'] as const;

type Pairs = readonly (readonly Uint8Array[])[];

export function statusOf(items: Pairs): BoardStatus {
  const values = byKey(items);
  const text = (key: string) => values.get(key) || null;
  const number = (key: string) => {
    const value = text(key);
    return value !== null && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
  };
  const word = <Word extends string>(key: string, words: readonly Word[]) => words.find((known) => known === values.get(key)) ?? null;
  const safeMode = values.get('safe-mode');
  return {
    wifi: word('wifi', wifiPhases),
    wifiReason: text('wifi.reason'),
    ip: text('ip'),
    // 0 stands for a network without a signal, which is none that could be measured.
    rssiDbm: number('rssi') || null,
    broker: word('broker', brokerPhases),
    brokerReason: text('broker.reason'),
    guest: word('guest', guestPhases),
    guestName: text('guest.name'),
    guestSha256: text('guest.sha256')?.toLowerCase() ?? null,
    guestReason: text('guest.reason'),
    guestSteps: number('guest.steps'),
    outboxMessages: number('outbox'),
    boots: number('boots'),
    reset: word('reset', resets),
    safeMode: safeMode === undefined ? null : safeMode === '1',
    uptimeMs: number('uptime'),
  };
}

export function settingsOf(items: Pairs): Settings {
  const values = byKey(items);
  const text = (key: string) => values.get(key) ?? '';
  return {
    node: text('node'),
    root: text('root') || 'ic',
    broker: text('broker'),
    user: text('user'),
    passwordSet: text('password') !== '',
    caSet: text('ca') !== '',
    keys: text('keys'),
  };
}

/** A value that was longer than a frame comes in several pairs, in order. */
function byKey(items: Pairs): ReadonlyMap<string, string> {
  const pieces = new Map<string, Uint8Array[]>();
  for (const [key, value = new Uint8Array(0)] of items) {
    const name = textOf(key);
    pieces.set(name, [...(pieces.get(name) ?? []), value]);
  }
  return new Map([...pieces].map(([key, values]) => [key, textOf(joined(values))]));
}
