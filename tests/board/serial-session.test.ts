/** What the page does over a board's serial line, against the firmware itself as a process (firmware/posix). */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boardProgram } from '../../scripts/board.mjs';
import { startMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { signOffer } from '../../web/devices/signing/sign-offer.ts';
import { keyId } from '../../web/devices/signing/ed25519.ts';
import { publicKeyLine } from '../../web/devices/signing/public-key-text.ts';
import { BoardCommands } from '../../web/devices/session/board-commands.ts';
import { GuestUpload } from '../../web/devices/session/guest-upload.ts';
import { ImprovClient } from '../../web/devices/session/improv-client.ts';
import { Provisioning } from '../../web/devices/session/provisioning.ts';
import { SerialSession } from '../../web/devices/session/serial-session.ts';
import { builtBytes } from '../guests/built.ts';
import { PtyPort } from './support/pty-port.ts';

/** Every import and export is there, but `main` traps at its first step. */
const trapping = async () => {
  const { default: openWabt } = await import('wabt');
  const module = (await openWabt()).parseWat('trap.wat', '(module (memory (export "memory") 1 1) (func (export "main") unreachable))');
  return new Uint8Array(module.toBinary({}).buffer);
};

describe('the firmware at the other end of the line', () => {
  let program: string;
  let mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  let dir: string;
  let child: ChildProcess;
  let session: SerialSession;
  let client: ImprovClient;
  let commands: BoardCommands;

  beforeAll(async () => {
    program = await boardProgram({ sanitize: true });
    mosquitto = await startMosquitto();
  });
  afterAll(() => mosquitto.stop());

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'continuum-board-'));
    await powerOn();
    session = new SerialSession(new PtyPort(join(dir, 'serial')));
    client = new ImprovClient(session);
    commands = new BoardCommands(client);
    await session.open();
  });
  afterEach(async () => {
    await session.dispose();
    const code = await end('SIGTERM');
    rmSync(dir, { recursive: true });
    // The sanitizers end it otherwise.
    expect(code).toBe(0);
  });

  async function powerOn(): Promise<void> {
    const serial = join(dir, 'serial');
    child = spawn(program, ['--state', join(dir, 'state'), '--serial', serial], { stdio: ['ignore', 'ignore', 'inherit'] });
    while (!existsSync(serial)) await delay(20);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill(signal);
    return ended;
  }

  async function provisioned(): Promise<Provisioning> {
    const provisioning = new Provisioning(client);
    await provisioning.read();
    await provisioning.apply({ wifi: { ssid: 'this-computer', password: '' }, broker: mosquitto.mqttUrl, node: 'field-7' });
    return provisioning;
  }

  it('is set up and followed online, and says what it was told', async () => {
    const provisioning = new Provisioning(client);
    const kinds = new Set<string>();
    provisioning.subscribe(() => kinds.add(provisioning.state.kind));
    await provisioning.read();
    expect(provisioning.state).toMatchObject({
      kind: 'form',
      facts: {
        device: { firmware: 'continuum-node', name: expect.stringMatching(/^node-[0-9a-f]{6}$/) },
        extension: true,
        settings: { root: 'ic', broker: '', passwordSet: false },
        networks: [{ ssid: 'this-computer', secured: false }],
      },
    });
    const { publicKey } = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
    const keys = Array.from({ length: 8 }, (_, i) => publicKeyLine({ name: `Ana da estação ${i}`, publicKey: raw })).join('\n');
    const form = { wifi: { ssid: 'this-computer', password: '' }, broker: mosquitto.mqttUrl, node: 'field-7', user: 'ana', password: 'secret', keys };
    expect(provisioning.check(form)).toEqual({});
    await provisioning.apply(form);
    expect(provisioning.state).toMatchObject({
      kind: 'online',
      facts: { settings: { node: 'field-7', broker: mosquitto.mqttUrl, user: 'ana', passwordSet: true, keys }, storedNetworks: ['this-computer'] },
      way: { ip: '127.0.0.1', steps: [{ phase: 'done' }, { phase: 'done' }] },
    });
    expect([...kinds]).toEqual(expect.arrayContaining(['form', 'applying', 'online']));
    expect(session.console.text()).not.toContain('IMPROV');
  });

  it('says why it does not get online, and gets there when that is mended', async () => {
    const provisioning = new Provisioning(client);
    await provisioning.read();
    await provisioning.apply({ wifi: { ssid: 'attic', password: 'no such one' } });
    expect(provisioning.state).toMatchObject({ kind: 'failed', diagnosis: { what: 'The board does not find the network "attic".' } });

    const failed = new Promise<void>((resolve) => {
      provisioning.subscribe(() => {
        if (provisioning.state.kind === 'failed') resolve();
      });
    });
    void provisioning.apply({ wifi: { ssid: 'this-computer', password: '' }, broker: 'mqtt://127.0.0.1:1' });
    await failed;
    expect(provisioning.state).toMatchObject({ kind: 'failed', way: { steps: [{ phase: 'done' }, { phase: 'failed' }] }, diagnosis: { what: expect.stringContaining('does not reach the broker') } });
    await provisioning.apply({ broker: mosquitto.mqttUrl });
    expect(provisioning.state.kind).toBe('online');
  });

  it('takes a guest by cable, tries it and runs it; gives one up that fails, and keeps the one before', async () => {
    const upload = new GuestUpload(client);
    const kinds: string[] = [];
    upload.subscribe(() => kinds.push(upload.state.kind));
    await commands.calibrate({ dry: 2600, wet: 1100, threshold: 1700, periodMs: 100 });
    await upload.start({ name: 'irrigation-c.wasm', bytes: builtBytes('irrigation-c'), signed: null });
    expect(upload.state).toMatchObject({ kind: 'running', name: 'irrigation-c.wasm' });
    expect([...new Set(kinds)]).toEqual(['preparing', 'sending', 'verifying', 'trying', 'running']);
    await upload.start({ name: 'trap.wasm', bytes: await trapping(), signed: null });
    expect(upload.state).toMatchObject({ kind: 'rolled-back', running: 'irrigation-c.wasm' });
    expect(await commands.bench()).toMatchObject({ ok: true, value: { bench: { usPerStep: expect.any(Number) } } });
    expect(await commands.status()).toMatchObject({ ok: true, value: { guest: 'running', guestName: 'irrigation-c.wasm' } });
  });

  it('takes no unsigned guest once it was given keys, and takes a signed one', async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    expect((await commands.set('keys', publicKeyLine({ name: 'Ana', publicKey }))).ok).toBe(true);
    expect((await commands.apply()).ok).toBe(true);
    await commands.calibrate({ dry: 2600, wet: 1100, threshold: 1700, periodMs: 100 });
    const module = { name: 'irrigation-rust.wasm', bytes: builtBytes('irrigation-rust') };
    const upload = new GuestUpload(client);
    await upload.start({ ...module, signed: null });
    expect(upload.state).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/\.$/) });
    const offer = await signOffer(module.bytes, module.name, { id: await keyId(publicKey), privateKey: pair.privateKey });
    await upload.start({ ...module, signed: offer });
    expect(upload.state).toMatchObject({ kind: 'running', sha256: offer.sha256 });
  });

  it('answers commands, and calibrates', async () => {
    expect(await commands.ping()).toMatchObject({ ok: true, value: { cmd: 'ping' } });
    expect(await commands.identify()).toMatchObject({ ok: true });
    expect(await commands.restart()).toMatchObject({ ok: true, value: { cmd: 'restart' } });
    // Without a guest there is nothing to measure.
    expect(await commands.bench()).toMatchObject({ ok: false, cause: 'refused', reason: expect.stringMatching(/\.$/) });
    const config = { dry: 2700, wet: 1200, threshold: 1800 };
    expect(await commands.calibrate(config)).toMatchObject({ ok: true, value: { accepted: true, inForce: config } });
    expect(await client.request(0xa8, new TextEncoder().encode('{"seco":1}'))).toMatchObject({ ok: true });
    expect(await client.request(0xaf)).toMatchObject({ ok: false, cause: 'unknown' });
    expect(await commands.set('colour', 'red')).toMatchObject({ ok: false, cause: 'refused' });
  });

  it('is found again after its power was cut, with all that it was told', async () => {
    await provisioned();
    const before = await commands.status();
    await end('SIGKILL');
    await expect.poll(() => session.state.kind).toBe('lost');
    expect(await commands.status()).toMatchObject({ ok: false, cause: 'cut', reason: 'The board is gone: plug its cable in again.' });
    await powerOn();
    await expect.poll(() => session.state.kind, { timeout: 10_000 }).toBe('open');
    const after = await commands.status();
    if (!before.ok || !after.ok) throw new Error('The board did not say how it is.');
    expect(after.value.boots).toBe(before.value.boots! + 1);
    expect(await commands.settings()).toMatchObject({ ok: true, value: { node: 'field-7', broker: mosquitto.mqttUrl } });
    await expect.poll(async () => commands.status()).toMatchObject({ value: { broker: 'online' } });
    expect(session.console.text()).toMatch(/-- The board is gone[^\n]*\n(?:.*\n)*-- The board is back\.\n/);
  });

  it('forgets its settings when it is told to', async () => {
    await provisioned();
    expect(await commands.forget('this-computer')).toEqual({ ok: true, value: null });
    expect(await commands.networks()).toEqual({ ok: true, value: [] });
    expect(await commands.eraseSettings()).toEqual({ ok: true, value: null });
    await expect.poll(() => session.state.kind, { timeout: 10_000 }).toBe('lost');
    await expect.poll(() => session.state.kind, { timeout: 10_000 }).toBe('open');
    expect(await commands.settings()).toMatchObject({ ok: true, value: { broker: '', node: expect.stringMatching(/^node-/) } });
  });
});
