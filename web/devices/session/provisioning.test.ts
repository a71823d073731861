import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from './commands.ts';
import { ImprovClient } from './improv-client.ts';
import { Provisioning } from './provisioning.ts';
import { ScriptedNode } from './scripted-node-fixture.ts';
import { SerialSession } from './serial-session.ts';

let node: ScriptedNode;
let session: SerialSession;
let provisioning: Provisioning;
let kinds: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  node = new ScriptedNode();
  session = new SerialSession(node.port);
  provisioning = new Provisioning(new ImprovClient(session));
  kinds = [];
  provisioning.subscribe(() => {
    if (kinds.at(-1) !== provisioning.state.kind) kinds.push(provisioning.state.kind);
  });
  await session.open();
});
afterEach(async () => {
  provisioning.stop();
  await session.dispose();
  vi.useRealTimers();
});

async function settled<T>(work: Promise<T>): Promise<T> {
  let there = false;
  void work.then(() => (there = true));
  while (!there) await vi.advanceTimersByTimeAsync(50);
  return work;
}

const barn = { ssid: 'barn', password: 'hay-and-straw' };

async function read() {
  await settled(provisioning.read());
  if (provisioning.state.kind !== 'form') throw new Error(JSON.stringify(provisioning.state));
  return provisioning.state.facts;
}

describe('setting a board up', () => {
  it('reads what it is, and the networks in reach a little later', async () => {
    expect(await read()).toMatchObject({
      device: { firmware: 'continuum-node' },
      extension: true,
      settings: { node: 'node-a1b2c3', root: 'ic', passwordSet: false },
      storedNetworks: [],
      networks: [{ ssid: 'barn' }, { ssid: 'yard' }],
    });
    expect(kinds).toEqual(['reading', 'form']);
  });

  it('follows it online step by step', async () => {
    await read();
    const applied = provisioning.apply({ wifi: barn, node: 'field-7', broker: 'mqtt://192.168.1.10', user: 'field-7', password: 'secret words' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(provisioning.state).toMatchObject({
      kind: 'following',
      way: { ip: '192.168.1.7', rssiDbm: -48, steps: [{ id: 'wifi', phase: 'done' }, { id: 'broker', phase: 'working' }] },
    });
    node.status.set('broker', 'online');
    await settled(applied);
    expect(kinds).toEqual(['reading', 'form', 'applying', 'following', 'online']);
    expect(provisioning.state).toMatchObject({ kind: 'online', facts: { settings: { node: 'field-7', passwordSet: true }, storedNetworks: ['barn'] } });
    expect(Object.fromEntries(node.settings)).toMatchObject({ node: 'field-7', broker: 'mqtt://192.168.1.10', password: 'secret words', root: 'ic' });
  });

  it('never shows a password again', async () => {
    await read();
    const seen: string[] = [];
    provisioning.subscribe(() => seen.push(JSON.stringify(provisioning.state)));
    const applied = provisioning.apply({ wifi: barn, broker: 'mqtt://h', password: 'secret words' });
    await vi.advanceTimersByTimeAsync(3000);
    node.status.set('broker', 'failed').set('broker.reason', 'refused');
    await vi.advanceTimersByTimeAsync(3000);
    provisioning.edit();
    await settled(applied);
    expect(seen.length).toBeGreaterThan(5);
    for (const state of seen) expect(state).not.toMatch(/secret words|hay-and-straw/);
  });

  it.each([
    ['wrong', 'barn', 'another password', 'The password of the network "barn" is not the one that was given.'],
    ['absent', 'attic', 'another password', 'The board does not find the network "attic".'],
  ])('says why Wi-Fi failed: %s', async (_name, ssid, password, what) => {
    await read();
    await settled(provisioning.apply({ wifi: { ssid, password }, node: 'field-7' }));
    expect(provisioning.state).toMatchObject({ kind: 'failed', diagnosis: { what, steps: expect.any(Array) } });
    // Nothing else was changed, and the form is there to be corrected.
    expect(node.settings.get('node')).toBe('node-a1b2c3');
    await settled(provisioning.apply({ wifi: barn }));
    expect(provisioning.state.kind).toBe('online');
  });

  it('says why the broker was not reached, and sees it when the board gets there after all', async () => {
    await read();
    const applied = provisioning.apply({ wifi: barn, broker: 'mqtt://192.168.1.10' });
    await vi.advanceTimersByTimeAsync(1000);
    node.status.set('broker', 'failed').set('broker.reason', 'The broker refused user or password');
    await vi.advanceTimersByTimeAsync(1000);
    expect(provisioning.state).toMatchObject({ kind: 'failed', way: { steps: [{ phase: 'done' }, { phase: 'failed' }] }, diagnosis: { what: expect.stringContaining('refused user or password.') } });
    expect(JSON.stringify(provisioning.state)).not.toContain('the board itself');
    node.status.set('broker', 'online');
    await settled(applied);
    expect(provisioning.state.kind).toBe('online');
  });

  it('tells people who write localhost that a board takes it for itself', async () => {
    await read();
    const applied = provisioning.apply({ wifi: barn, broker: 'mqtt://localhost:1883' });
    await vi.advanceTimersByTimeAsync(500);
    node.status.set('broker', 'failed').set('broker.reason', 'Connection refused');
    await vi.advanceTimersByTimeAsync(1000);
    expect(provisioning.state).toMatchObject({ kind: 'failed', diagnosis: { steps: expect.arrayContaining([expect.stringContaining('the board itself')]) } });
    provisioning.stop();
    await settled(applied);
  });

  it('reports what the board refused in its own words', async () => {
    await read();
    const answer = node.port.answer;
    node.port.answer = (request) => {
      if (request.command === command.apply) node.result(command.apply, 'refused', 'The certificate has expired.');
      else answer(request);
    };
    await settled(provisioning.apply({ broker: 'mqtts://h' }));
    expect(provisioning.state).toMatchObject({ kind: 'failed', diagnosis: { what: 'The certificate has expired.' } });
  });

  it('gives Wi-Fi to other firmware with Improv, and says that there is no more', async () => {
    node.improvOnly = true;
    expect(await read()).toMatchObject({ extension: false, settings: null, storedNetworks: null, networks: [{ ssid: 'barn' }, { ssid: 'yard' }] });
    await settled(provisioning.apply({ node: 'field-7' }));
    expect(provisioning.state).toMatchObject({ kind: 'failed', diagnosis: { what: expect.stringMatching(/^This firmware does not speak our requests/) } });
    await settled(provisioning.apply({ wifi: barn }));
    expect(provisioning.state).toMatchObject({ kind: 'online', facts: { url: 'http://192.168.1.7/' }, way: { steps: [{ phase: 'done' }, { phase: 'skipped' }] } });
  });

  it('says what to do with a board that does not answer', async () => {
    node.port.answer = () => {};
    await settled(provisioning.read());
    expect(provisioning.state).toMatchObject({ kind: 'failed', facts: null, diagnosis: { cause: 'no-answer', steps: expect.any(Array) } });
  });
});

describe('the form', () => {
  it.each([
    [{ wifi: { ssid: '', password: '' } }, 'ssid'],
    [{ wifi: { ssid: 'ä'.repeat(17), password: '' } }, 'ssid'],
    [{ wifi: { ssid: 'barn', password: '' } }, 'wifiPassword'],
    [{ wifi: { ssid: 'barn', password: 'short' } }, 'wifiPassword'],
    [{ wifi: { ssid: 'barn', password: 'x'.repeat(64) } }, 'wifiPassword'],
    [{ node: 'field 7' }, 'node'],
    [{ root: 'ic/#' }, 'root'],
    [{ broker: '192.168.1.10' }, 'broker'],
    [{ broker: 'ws://192.168.1.10:9001' }, 'broker'],
    [{ broker: 'http://192.168.1.10' }, 'broker'],
    [{ broker: 'mqtt://' }, 'broker'],
    [{ broker: 'mqtt://host:0' }, 'broker'],
    [{ broker: 'mqtt://host:70000' }, 'broker'],
    [{ broker: 'mqtt://user@host' }, 'broker'],
    [{ broker: 'mqtt://[fe80::1]' }, 'broker'],
    [{ ca: 'no certificate' }, 'ca'],
    [{ ca: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }, 'ca'],
    [{ keys: 'ed25519 short ana' }, 'keys'],
  ])('%j is refused at its field', async (form, field) => {
    await read();
    const problems = provisioning.check(form);
    expect(Object.keys(problems)).toEqual([field]);
    expect(Object.values(problems)[0]).toMatch(/^.{10,}\.$/s);
    await settled(provisioning.apply(form));
    expect(provisioning.state.kind).toBe('form');
  });

  it.each([
    { wifi: { ssid: 'yard', password: '' } },
    { wifi: { ssid: 'barn', password: 'ab'.repeat(32) } },
    { wifi: { ssid: 'hidden', password: 'of eight' }, node: '', broker: '', keys: '' },
    { broker: 'mqtt://page' },
    { broker: 'mqtts://broker.local:8884', node: 'field-7', root: 'farm/north' },
    { broker: 'mdns' },
    { keys: `ed25519 ${btoa('k'.repeat(32))} Ana of the lab\n` },
    { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
  ])('%j may be sent', async (form) => {
    await read();
    expect(provisioning.check(form)).toEqual({});
  });
});
