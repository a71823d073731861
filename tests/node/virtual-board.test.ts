/** A virtual board from its first boot to its last, with the page's own client at its cable and the page's own broker. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyId, sha256Of } from '../../web/devices/signing/ed25519.ts';
import { publicKeyLine } from '../../web/devices/signing/public-key-text.ts';
import { signOffer } from '../../web/devices/signing/sign-offer.ts';
import { command } from '../../web/devices/session/commands.ts';
import { encodeRequest } from '../../web/devices/session/frame.ts';
import { GuestUpload } from '../../web/devices/session/guest-upload.ts';
import { encodeGuestOffer } from '../../web/protocol/guest-offer.ts';
import { assemble } from '../guests/assemble.ts';
import { Desk, flashedBoard, guestModule, Listener, MemoryShelf, openVirtualBoards, until, type TestBoards } from './open-virtual-boards.ts';

const NETWORK = 'Continuum Lab (virtual)';
const FAST = { dry: 2600, wet: 1100, threshold: 1700, periodMs: 100 };
const open: (() => unknown)[] = [];

let boards: TestBoards;
let desk: Desk;
let listener: Listener;

async function powerUp(flash: Uint8Array): Promise<void> {
  const shelf = new MemoryShelf();
  shelf.put('b1', flash);
  boards = await openVirtualBoards(shelf);
  open.push(() => boards.host.stop());
  desk = new Desk(boards.host.board('b1'));
  listener = new Listener(boards.broker, 'ic/#');
  await desk.open();
  open.push(() => desk.close());
  await until(() => boards.host.facts()[0]!.activity.kind === 'running', 'the firmware runs');
  await until(() => desk.text().includes('node-'), 'it has said who it is');
}

async function goOnline(): Promise<void> {
  const told = [await desk.commands.set('broker', 'mqtt://page'), await desk.commands.set('node', 'bench-1'), await desk.commands.apply()];
  expect(told.filter(({ ok }) => !ok)).toEqual([]);
  expect(await desk.client.wifi(NETWORK, '')).toEqual({ ok: true, value: null });
  await until(() => boards.host.facts()[0]!.online, 'the board is online');
}

const node = 'bench-1';
const states = (): unknown[] => listener.of('/guest/state').map(({ phase }) => phase);

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe('a virtual board', () => {
  beforeEach(async () => powerUp(await flashedBoard()));

  it('says who it is, and its guest runs before it is online', async () => {
    const device = await desk.client.device();
    expect(device).toMatchObject({ ok: true, value: { firmware: 'continuum-node', chip: 'esp32', version: '1.0.0-virtual' } });
    const status = await desk.commands.status();
    expect(status).toMatchObject({ ok: true, value: { wifi: 'idle', broker: 'none', guest: 'running', guestName: 'irrigation-c.wasm', boots: 1, reset: 'power', safeMode: false } });
    await until(() => /I \(\d+\) wasm: irrigation guest started/.test(desk.text()), 'the guest has spoken');
  });

  it('is provisioned over Improv and becomes a node: presence, readings of the real guest, calibration', async () => {
    const networks = await desk.client.scan();
    expect(networks.ok && networks.value.map(({ ssid, secured }) => [ssid, secured])).toEqual([[NETWORK, false], ['Greenhouse (virtual)', true], ['Far field (virtual)', false]]);
    await goOnline();
    expect(listener.of(`${node}/presence`).at(-1)).toMatchObject({ online: true, tier: 'edge', guest: { name: 'irrigation-c.wasm' } });
    const calibrated = await desk.commands.calibrate(FAST);
    expect(calibrated).toMatchObject({ ok: true, value: { accepted: true, inForce: { periodMs: 100 } } });
    await until(() => listener.of(`${node}/data`).length > 3, 'readings came');
    const [reading] = listener.of(`${node}/data`).slice(-1);
    expect(reading).toMatchObject({ raw: expect.any(Number), pct: expect.any(Number) });
    expect(reading!.raw).toBeGreaterThan(1000);
    listener.publish({ topic: `ic/${node}/config`, payload: '{"seco":2500,"molhado":1000,"limiar":1600}', retain: true });
    await until(() => listener.of(`${node}/config/ack`).length > 0, 'it has acknowledged');
    expect(listener.of(`${node}/config/ack`).at(-1)).toMatchObject({ ok: 1, seco: 2500, periodo_ms: 100 });
    listener.publish({ topic: `ic/${node}/config`, payload: '{"seco":1000,"molhado":2500,"limiar":1600}' });
    await until(() => listener.of(`${node}/config/ack`).length > 1, 'it has refused');
    expect(listener.of(`${node}/config/ack`).at(-1)).toMatchObject({ ok: 0, seco: 2500 });
  });

  it('answers commands by serial and over MQTT alike', async () => {
    await goOnline();
    expect(await desk.commands.ping()).toMatchObject({ ok: true, value: { cmd: 'ping', ok: true } });
    listener.publish({ topic: `ic/${node}/cmd`, payload: '{"cmd":"ping"}', correlationData: '42' });
    await until(() => listener.of(`${node}/reply`).length > 0, 'it has answered');
    const reply = listener.heard.findLast(({ topic }) => topic.endsWith('/reply'))!;
    expect(reply.correlationData).toBe('42');
    expect(Math.abs((JSON.parse(reply.payload) as { time_us: number }).time_us / 1000 - Date.now())).toBeLessThan(2000);
  });

  it('says in words why it cannot join: wrong password, no address, unknown broker', async () => {
    expect(await desk.client.wifi('Greenhouse (virtual)', 'wrong')).toMatchObject({ ok: false, cause: 'not-connected' });
    expect(await desk.commands.status()).toMatchObject({ value: { wifi: 'failed', wifiReason: 'wrong password' } });
    await desk.commands.set('broker', 'mqtt://10.1.2.3');
    expect(await desk.commands.apply()).toMatchObject({ ok: true });
    await desk.client.wifi(NETWORK, '');
    await until(async () => (await desk.commands.status()).ok && /No route to 10\.1\.2\.3/.test(desk.text()), 'it says that there is no route');
    await desk.commands.set('broker', 'http://10.1.2.3');
    expect(await desk.commands.apply()).toMatchObject({ ok: false, cause: 'refused' });
  });

  it('keeps settings and calibration across a power cut; erased, it is new again, and its guest stays', async () => {
    await goOnline();
    await desk.commands.calibrate(FAST);
    await desk.close();
    await boards.host.flush();
    boards.host.stop();
    expect(listener.of(`${node}/presence`).at(-1)).toMatchObject({ online: false });
    const again = await openVirtualBoards(boards.shelf, boards.broker);
    open.push(() => again.host.stop());
    await until(() => again.host.facts()[0]!.online, 'it is online again by itself');
    const second = new Desk(again.host.board('b1'));
    await second.open();
    open.push(() => second.close());
    expect(await second.commands.status()).toMatchObject({ value: { boots: 2 } });
    expect(await second.commands.settings()).toMatchObject({ value: { node, broker: 'mqtt://page' } });
    expect(await second.commands.eraseSettings()).toMatchObject({ ok: true });
    await until(() => !again.host.facts()[0]!.online, 'it restarts');
    await until(async () => (await second.commands.status()).ok, 'it answers again');
    expect(await second.commands.status()).toMatchObject({ value: { boots: 1, reset: 'software', wifi: 'idle', guest: 'running' } });
    expect(await second.commands.settings()).toMatchObject({ value: { broker: '', node: expect.stringMatching(/^node-/) } });
  });
});

it('whatever programs send over the line, it neither hangs nor restarts', async () => {
  await powerUp(await flashedBoard());
  const seed = 20_261_122;
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xaa }), fc.uint8Array({ maxLength: 120 }), (number, data) => {
    // Wi-Fi and restarts are asked for elsewhere, and would only make this slow.
    if (number !== command.wifi) void desk.session.write(encodeRequest(number, data));
  }), { seed, numRuns: 500 });
  fc.assert(fc.property(fc.constantFrom(...Object.values(command)), fc.uint8Array({ maxLength: 120 }), (number, data) => {
    if (number !== command.wifi) void desk.session.write(encodeRequest(number, data));
  }), { seed, numRuns: 1000 });
  await until(async () => (await desk.commands.status()).ok, `it answers, with seed ${seed}`);
  expect(await desk.commands.status()).toMatchObject({ value: { boots: 1, guest: 'running' } });
  expect(desk.text()).not.toMatch(/panic/);
});

describe('its guest', () => {
  beforeEach(async () => powerUp(await flashedBoard()));

  it('is replaced by cable, and tried before it is trusted', async () => {
    await goOnline();
    await desk.commands.calibrate(FAST);
    const module = await guestModule('irrigation-rust.wasm');
    const upload = new GuestUpload(desk.client);
    await upload.start({ name: 'irrigation-rust.wasm', bytes: module, signed: null });
    expect(upload.state).toMatchObject({ kind: 'running', name: 'irrigation-rust.wasm', sha256: await sha256Of(module) });
    expect(states()).toEqual(['verifying', 'trying', 'trying', 'trying', 'accepted']);
    await until(() => listener.of(`${node}/presence`).at(-1)?.guest !== undefined, 'presence came');
    expect(listener.of(`${node}/presence`).at(-1)).toMatchObject({ guest: { name: 'irrigation-rust.wasm' } });
  });

  it('that traps on trial is taken back, and the old one runs on', async () => {
    await goOnline();
    await desk.commands.calibrate(FAST);
    const upload = new GuestUpload(desk.client);
    const bytes = await assemble('trap');
    await upload.start({ name: 'trap.wasm', bytes, signed: null });
    expect(upload.state).toMatchObject({ kind: 'rolled-back', reason: expect.stringMatching(/old one runs again/) });
    expect(states().at(-1)).toBe('rolled-back');
    expect(await desk.commands.status()).toMatchObject({ value: { guest: 'running', guestName: 'irrigation-c.wasm' } });
  });

  it('over MQTT must be signed by a key that the board was given', async () => {
    await goOnline();
    await desk.commands.calibrate(FAST);
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']) as CryptoKeyPair;
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const module = await guestModule('irrigation-rust.wasm');
    const offer = await signOffer(module, 'by air', { id: await keyId(publicKey), privateKey: pair.privateKey });
    const send = () => listener.publish({ topic: `ic/${node}/guest`, binary: module, userProperties: encodeGuestOffer(offer) });
    send();
    await until(() => states().includes('refused'), 'it is refused');
    await desk.commands.set('keys', publicKeyLine({ name: 'lab', publicKey }));
    expect(await desk.commands.apply()).toMatchObject({ ok: true });
    await until(() => listener.of(`${node}/presence`).filter(({ online }) => online).length > 1, 'it is online anew');
    send();
    await until(() => states().includes('accepted'), 'it is accepted');
    expect(await desk.commands.status()).toMatchObject({ value: { guestName: 'by air', guest: 'running' } });
    const upload = new GuestUpload(desk.client);
    await upload.start({ name: 'unsigned.wasm', bytes: await guestModule('irrigation-c.wasm'), signed: null });
    expect(upload.state).toMatchObject({ kind: 'refused' });
  });

  it('on trial does not survive a power cut', async () => {
    await desk.commands.calibrate({ ...FAST, periodMs: 60_000 });
    const upload = new GuestUpload(desk.client);
    void upload.start({ name: 'irrigation-rust.wasm', bytes: await guestModule('irrigation-rust.wasm'), signed: null });
    await until(() => upload.state.kind === 'trying', 'it is on trial');
    await desk.session.reset();
    await until(() => (desk.text().match(/ node: continuum-node/g) ?? []).length > 1, 'it has booted again');
    await until(async () => (await desk.commands.status()).ok, 'it answers');
    expect(await desk.commands.status()).toMatchObject({ value: { guestName: 'irrigation-c.wasm', guestReason: expect.stringMatching(/restarted while a new guest was on trial/) } });
  });
});

it('a guest that traps at every start is tried again ever later, then left alone, and the board answers all the while', async () => {
  await powerUp(await flashedBoard(await assemble('trap')));
  await until(() => (desk.text().match(/E \(\d+\) guest: fault: /g) ?? []).length === 2, 'it has faulted twice');
  expect(await desk.commands.status()).toMatchObject({ value: { guest: 'faulted', safeMode: false } });
  await until(() => desk.text().includes('safe mode'), 'it is left alone', 30_000);
  expect(await desk.commands.status()).toMatchObject({ value: { guest: 'stopped', safeMode: true, boots: 1 } });
  const upload = new GuestUpload(desk.client);
  await desk.commands.calibrate(FAST);
  await upload.start({ name: 'irrigation-rust.wasm', bytes: await guestModule('irrigation-rust.wasm'), signed: null });
  expect(upload.state).toMatchObject({ kind: 'running' });
  expect(await desk.commands.status()).toMatchObject({ value: { guest: 'running', safeMode: false } });
});
