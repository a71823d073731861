/** Guests over the air and requests, in whole simulations: real guests, real signatures, simulated links. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Simulation } from '../../web/app/simulation.ts';
import type { TrustedKey } from '../../web/devices/signing/verify-offer.ts';
import { signedText, type GuestOffer } from '../../web/protocol/control-payloads.ts';
import { defaultScenario } from '../../web/sim/scenario.ts';
import { nodeStates, type Frame } from '../../web/sim/snapshot.ts';
import { assemble } from '../guests/assemble.ts';
import { builtBytes } from '../guests/built.ts';
import { openSimulation } from './open-simulation.ts';

const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
const rawKey = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const key: TrustedKey = { id: hex(rawKey).slice(0, 16), publicKey: rawKey };

const rust = builtBytes('irrigation-rust');
const trapping = await assemble('trap');

async function offerOf(name: string, bytes: Uint8Array): Promise<GuestOffer> {
  const sha256 = hex(bytes);
  const text = new TextEncoder().encode(signedText({ name, sha256 }));
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, text));
  return { name, sha256, signature, key: key.id };
}

let simulation: Simulation;
beforeAll(async () => {
  simulation = await openSimulation(undefined, [key]);
});

const START_US = 20e6;

const frame = (selected = 0): Promise<Frame> =>
  simulation.frame({ epoch: -1, roster: 0, selected, watched: 0, seriesAfterS: -1, lastNotice: 0, wantDetail: true });

async function roll(offer: GuestOffer, bytes: Uint8Array, nodes = 3, more: object = {}): Promise<Frame> {
  await simulation.load({ ...defaultScenario, nodes });
  await simulation.advanceTo(START_US);
  const targets = Array.from({ length: nodes }, (_, index) => ({ index, id: `esp32-${index + 1}` }));
  const plan = { targets, name: offer.name, sha256: offer.sha256, waves: [{ nodes: 1 }], maxFailures: 0, atOnce: 8, timeoutUs: 180e6 };
  await (await simulation.outside()).startRollout({ ...plan, ...more }, bytes, offer);
  await simulation.advanceTo(START_US + 120e6);
  return frame();
}

describe('a guest over the air', () => {
  test('runs on every node after its trial, and stays through a change of strategy, or an update would be undone in silence', async () => {
    const offer = await offerOf('Rust guest', rust);
    const shown = await roll(offer, rust);
    expect(shown.rollout).toMatchObject({ state: 'done', accepted: 3, failed: [] });
    expect(shown.detail).toMatchObject({ guest: { sha256: offer.sha256 }, update: { phase: 'accepted', progress: 1 } });
    await simulation.setStrategy('E');
    await simulation.setStrategy('A');
    await simulation.advanceTo(START_US + 150e6);
    expect((await frame(2)).detail?.guest?.sha256).toBe(offer.sha256);
  });

  test('that traps is taken back, the old one runs on, and no other node gets it', async () => {
    const shown = await roll(await offerOf('trap', trapping), trapping);
    expect(shown.rollout).toMatchObject({ state: 'stopped', accepted: 0, waiting: 2 });
    expect(shown.rollout?.failed).toEqual([{ node: 'esp32-1', reason: expect.stringContaining('the old one runs again') as string }]);
    expect(shown.detail?.update?.phase).toBe('rolled-back');
    expect(shown.detail?.guest?.language).toBe('C or C++');
    expect(nodeStates[shown.nodes.state[0]]).toBe('running');
    expect(shown.detail?.steps).toBeGreaterThan(5);
  });

  test.each([
    ['signed by a stranger', async () => ({ ...(await offerOf('Rust guest', rust)), key: '0123456789abcdef' }), 'does not trust'],
    ['signed for another name', async () => ({ ...(await offerOf('Rust guest', rust)), name: 'Other guest' }), 'signature'],
    ['that is not the bytes signed', async () => offerOf('Rust guest', trapping), 'not those that were signed'],
  ])('%s is refused and changes nothing', async (_, offer, reason) => {
    const before = (await roll(await offerOf('C guest', builtBytes('irrigation-c')), builtBytes('irrigation-c'), 1)).detail?.guest?.sha256;
    const shown = await roll(await offer(), rust, 1);
    expect(shown.rollout?.failed[0]?.reason).toContain(reason);
    expect(shown.detail?.guest?.sha256).toBe(before);
  });

  test('is lost with the power when it was still on trial', async () => {
    const offer = await offerOf('Rust guest', rust);
    await simulation.load({ ...defaultScenario, nodes: 1 });
    await simulation.advanceTo(START_US);
    const targets = [{ index: 0, id: 'esp32-1' }];
    const plan = { targets, name: offer.name, sha256: offer.sha256, waves: [], maxFailures: 0, atOnce: 1, timeoutUs: 30e6 };
    await (await simulation.outside()).startRollout(plan, rust, offer);
    await simulation.advanceTo(START_US + 4e6);
    expect((await frame()).detail?.update?.phase).toBe('trying');
    await simulation.power(0, false);
    await simulation.power(0, true);
    await simulation.advanceTo(START_US + 60e6);
    const shown = await frame();
    expect(shown.detail?.guest?.language).toBe('C or C++');
    expect(shown.rollout?.failed[0]?.reason).toContain('did not report');
  });

  test('is refused by native code, which no module can replace', async () => {
    await simulation.load({ ...defaultScenario, nodes: 1, strategy: 'E' });
    const offer = await offerOf('Rust guest', rust);
    await simulation.advanceTo(START_US);
    const targets = [{ index: 0, id: 'esp32-1' }];
    await (await simulation.outside()).startRollout({ targets, name: offer.name, sha256: offer.sha256, waves: [], maxFailures: 0, atOnce: 1, timeoutUs: 30e6 }, rust, offer);
    await simulation.advanceTo(START_US + 10e6);
    expect((await frame()).rollout?.failed[0]?.reason).toContain('native code');
  });
});

describe('a request', () => {
  test('is answered under reply, and a restart starts the guest over', async () => {
    await simulation.load({ ...defaultScenario, nodes: 1 });
    await simulation.advanceTo(START_US);
    const outside = await simulation.outside();
    await outside.command(0, 'bench');
    await outside.command(0, 'restart');
    await simulation.advanceTo(START_US + 1e6);
    const replies = (await frame()).detail!.messages.filter(({ topic }) => topic === 'ic/esp32-1/reply').map(({ payload }) => JSON.parse(payload) as object);
    expect(replies).toEqual([
      expect.objectContaining({ cmd: 'bench', ok: 1, steps: expect.any(Number) as number, us_per_step: expect.any(Number) as number }),
      expect.objectContaining({ cmd: 'restart', ok: 1 }),
    ]);
    expect((await frame()).detail!.console.some(({ text }) => text === 'Restarting the guest.')).toBe(true);
  });
});
