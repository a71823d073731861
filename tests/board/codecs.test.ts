/** What the firmware reads and writes on the wire, held against the page's own codecs on generated payloads. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFirmware } from '../../scripts/firmware-tests.mjs';
import { parseCommand, parseGuestOffer, parseGuestState, parseReply } from '../../web/protocol/control-payloads.ts';
import { parseConfigAck, parseMetrics, parseNodeConfig, parsePresence } from '../../web/protocol/payloads.ts';
import { checkNodeId, checkRoot } from '../../web/protocol/topics.ts';

const SEED = Number(process.env.SEED ?? 20261122);
const CASES = 1500;

let program: string;
beforeAll(async () => {
  program = join(await buildFirmware({ target: 'wire_codecs' }), 'node', 'wire_codecs');
});

/** What the firmware makes of each payload, a line each. */
function firmware(kind: string, payloads: readonly (string | Uint8Array)[]): string[] {
  const input = payloads.map((payload) => `${kind} ${Buffer.from(payload).toString('hex')}\n`).join('');
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(status, stderr).toBe(0);
  return stdout.split('\n').slice(0, -1);
}

const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { seed: SEED, numRuns: CASES });
/** As it goes on the wire, where there are no halves of characters. */
const wire = (payload: string | Uint8Array): Uint8Array => new Uint8Array(Buffer.from(payload));

const edges = fc.constantFrom<unknown>(0, 1, -1, 99, 100, 4095, 4096, 86_400_000, 86_400_001, 1.5, 1e300, -0, null, '1', true, '', [], {});
const number = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4095 }) }, { weight: 2, arbitrary: edges }, { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) });
const config = fc.record({ seco: number, molhado: number, limiar: number, periodo_ms: number, histerese: number, outro: fc.jsonValue({ maxDepth: 3 }) }, { requiredKeys: [] });
const fitting = fc
  .tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 0, max: 4095 }), number, number)
  .map(([a, b, c, periodo_ms, histerese]) => {
    const [molhado, limiar, seco] = [a, b, c].sort((x, y) => x - y);
    return { molhado, limiar, seco, periodo_ms, histerese };
  });

/** JSON as it should be, and as it should not. */
function asText(object: fc.Arbitrary<unknown>): fc.Arbitrary<string | Uint8Array> {
  const good = object.map((value) => JSON.stringify(value));
  const broken = fc.tuple(good, fc.nat(), fc.constantFrom('', '}', '01', '"', '\\', '\u0001', 'é', ',', ' ', '1e', '+1', 'tru')).map(([text, at, piece]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + piece + text.slice(cut + (at % 2));
  });
  const bytes = fc.tuple(good, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
    const buffer = new TextEncoder().encode(text);
    buffer[at % buffer.length] = byte;
    return buffer;
  });
  const twice = good.map((text) => text.replace(/^\{"(\w+)":/, '{"$1":7,"$1":'));
  return fc.oneof({ weight: 4, arbitrary: good }, broken, bytes, twice, fc.constantFrom('', 'null', '[]', '3', '{}', '{"a":1}x', ' {} '));
}

/** The one lenience that cannot be had without risk to a small board: it reads no deeper than 16, no escaped NUL and no half of a surrogate pair. */
const beyondABoard = (payload: Uint8Array): boolean => /\\u0000|\\ud[89a-f]/i.test(Buffer.from(payload).toString());

describe('the firmware and the page agree', () => {
  it('about configurations: what is taken, what is in force, and why one is refused', () => {
    const payloads = sample(asText(fc.oneof(config, fitting))).map(wire).filter((payload) => !beyondABoard(payload));
    const acks = firmware('config', payloads);
    let taken = 0;
    for (const [index, payload] of payloads.entries()) {
      const expected = parseNodeConfig(payload);
      const ack = parseConfigAck(acks[index]);
      const where = `seed ${SEED}, payload ${JSON.stringify(Buffer.from(payload).toString())}, answer ${acks[index]}`;
      expect(ack.ok, where).toBe(true);
      if (!ack.ok) continue;
      expect(ack.value.accepted, `${where}, page ${JSON.stringify(expected)}`).toBe(expected.ok);
      const before = { dry: 2600, wet: 1100, threshold: 1700, periodMs: 3000, hysteresis: 0 };
      expect(ack.value.inForce, where).toEqual(expected.ok ? { ...before, ...expected.value } : before);
      if (expected.ok) taken += 1;
      else expect(ack.value.reason!.length, where).toBeGreaterThan(10);
    }
    expect(taken).toBeGreaterThan(50);
  });

  it('about commands, and the page reads the replies', () => {
    const id = fc.oneof(fc.string({ maxLength: 70, unit: 'grapheme' }), fc.constantFrom(null, 1, 'x'.repeat(64), 'x'.repeat(65), '😀'.repeat(32), '😀'.repeat(33)));
    const cmd = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('ping', 'bench', 'identify', 'restart') }, fc.constantFrom('Ping', '', 3, null, 'reboot'));
    const payloads = sample(asText(fc.record({ cmd, id }, { requiredKeys: [] }))).map(wire).filter((payload) => !beyondABoard(payload));
    for (const [index, answer] of firmware('command', payloads).entries()) {
      const expected = parseCommand(payloads[index]);
      const where = `seed ${SEED}, payload ${JSON.stringify(Buffer.from(payloads[index]).toString())}, answer ${answer}`;
      const reply = parseReply(answer);
      expect(reply.ok, where).toBe(true);
      if (!reply.ok) continue;
      expect(reply.value.ok, where).toBe(expected.ok);
      if (expected.ok) expect(reply.value, where).toMatchObject({ cmd: expected.value.cmd, id: expected.value.id || null, timeUs: 1795367223337350, bench: { steps: 3, usPerStep: 1 / 3, instructionsPerStep: 861 } });
    }
  });

  it('about offers of guests, and the page reads how they go', () => {
    const hexText = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: length, maxLength: length });
    const base64 = fc.uint8Array({ minLength: 63, maxLength: 65 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    const name = fc.oneof(fc.string({ maxLength: 66, unit: 'grapheme' }), fc.constantFrom('a\u0085', 'a\nb', '😀'.repeat(32), '😀'.repeat(33), ''));
    const properties = fc.record(
      {
        name: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('guest', 'irrigação.wasm') }, name),
        sha256: fc.oneof({ weight: 4, arbitrary: hexText(64) }, hexText(63), hexText(65)),
        signature: fc.oneof({ weight: 3, arbitrary: fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')) }, base64, base64.map((text) => text.replace(/=+$/, '')), base64.map((text) => ` ${text}\t`), base64.map((text) => `${text}=`), base64.map((text) => text.replace('A', '-'))),
        key: fc.oneof({ weight: 4, arbitrary: hexText(16) }, hexText(15)),
      },
      { requiredKeys: ['name'] },
    );
    const offers = sample(properties).filter(({ name: text }) => text !== '' && !text.includes('\u0000') && !text.includes('\u001f'));
    const answers = firmware('offer', offers.map((offer) => Object.entries(offer).flat().join('\u001f')));
    let taken = 0;
    for (const [index, answer] of answers.entries()) {
      const expected = parseGuestOffer(offers[index] as Record<string, string>);
      const where = `seed ${SEED}, offer ${JSON.stringify(offers[index])}, answer ${answer}`;
      expect(!answer.startsWith('refused '), where).toBe(expected.ok);
      if (!expected.ok) {
        expect(answer.slice('refused '.length), where).toBe(expected.reason);
        continue;
      }
      taken += 1;
      const space = answer.indexOf(' ');
      expect(answer.slice(0, space), where).toBe(Buffer.from(expected.value.signature).toString('base64'));
      expect(parseGuestState(answer.slice(space + 1)), where).toEqual({
        ok: true,
        value: { phase: 'trying', name: expected.value.name, sha256: expected.value.sha256, progress: 0.5 + 0.5 / 3, reason: null },
      });
    }
    expect(taken).toBeGreaterThan(50);
  });

  it('about presence and metrics, whatever a guest is called', () => {
    const names = sample(fc.string({ maxLength: 60, unit: 'binary' })).filter((name) => !name.includes('\u0000'));
    for (const [index, answer] of firmware('presence', names).entries()) {
      const presence = parsePresence(answer);
      expect(presence, `seed ${SEED}, ${JSON.stringify(names[index])}: ${answer}`).toMatchObject({ ok: true, value: { online: true, tier: 'edge', kind: 'real' } });
      // Cut to 64 bytes, which is at most what the page takes.
      const { value } = presence as { value: { guest: { name: string } } };
      expect(names[index].startsWith(value.guest.name), answer).toBe(true);
      if (Buffer.byteLength(names[index]) <= 64) expect(value.guest.name).toBe(names[index]);
    }
    const [answer] = firmware('metrics', ['123456789012']);
    expect(parseMetrics(answer)).toEqual({
      ok: true,
      value: { heapFreeBytes: 123456789012, stackFreeBytes: null, stepUs: 123456789012, stepInstructions: 0, rssiDbm: -55, bytesSent: 123456789012, energyMj: 123456789012 },
    });
  });

  it('about what a node and a topic root may be called', () => {
    const texts = sample(fc.string({ maxLength: 70, unit: fc.constantFrom('a', 'Z', '0', '-', '_', '/', '$', '+', '#', 'ç', ' ', 'ic') }));
    for (const [index, answer] of firmware('node', texts).entries()) expect(answer === 'good', texts[index]).toBe(checkNodeId(texts[index]) === null);
    for (const [index, answer] of firmware('root', texts).entries()) expect(answer === 'good', texts[index]).toBe(checkRoot(texts[index]) === null);
  });
});
