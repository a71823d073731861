/** A guest cannot tell the firmware from the page: for the same sensor input it does the same, at the same time. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { missingForFirmware } from '../../scripts/firmware-tests.mjs';
import { assemble, foreignGuest } from '../guests/assemble.ts';
import { builtBytes } from '../guests/built.ts';
import { openBrowserHost } from './browser-event-log.ts';
import { openFirmwareHost } from './firmware-event-log.ts';
import { defaultConfig, steadyScript, type Script } from './script.ts';

const missing = missingForFirmware();
if (missing !== null) console.error(`The firmware is not compared with the page: ${missing}`);

let onFirmware: Awaited<ReturnType<typeof openFirmwareHost>>;
let inBrowser: Awaited<ReturnType<typeof openBrowserHost>>;

beforeAll(async () => {
  if (missing !== null) return;
  onFirmware = await openFirmwareHost();
  inBrowser = await openBrowserHost();
});

const irrigation = { C: 'irrigation-c', Rust: 'irrigation-rust' } as const;

/** Drying soil that is watered, a probe that goes missing, calibration, a broker that refuses, an impatient period. */
const day: Script = {
  root: 'ic',
  node: 'esp32-7',
  cycles: [
    { raw: 1500, config: defaultConfig, refuse: false },
    { raw: 1701, config: defaultConfig, refuse: false },
    { raw: 1650, config: [2600, 1100, 1700, 3000, 200], refuse: true },
    { raw: -1, config: [2600, 1100, 1700, 3000, 200], refuse: false },
    { raw: 1650, config: [2500, 1200, 1600, 20, 0], refuse: false },
    { raw: 0, config: [1000, 1000, 1000, -5, -3], refuse: false },
    { raw: 4095, config: [2147483647, -2147483648, 0, 60_000, 4095], refuse: true },
  ],
};

test.skipIf(missing !== null).each(['C', 'Rust'] as const)('the %s guest does the same on a board as in the page', async (language) => {
  const bytes = builtBytes(irrigation[language]);
  const log = onFirmware(day, bytes);
  expect(log).toBe(await inBrowser(day, bytes));
  expect(log).toContain(' publish ic/esp32-7/data {"raw":1701,');
  expect(log.trimEnd().split('\n').at(-1)).toMatch(/ end stopped$/);
});

test.skipIf(missing !== null)('the guest that is compiled in does what the module does, and what the native guest of the page does', async () => {
  const log = onFirmware(day, null);
  expect(log).toBe(onFirmware(day, builtBytes('irrigation-c')));
  expect(log).toBe(await inBrowser(day, null));
});

test.skipIf(missing !== null)("another root and node appear in a guest's topics in the same way", async () => {
  const script = { ...day, root: 'farm/north', node: 'node-a1b2c3' };
  const bytes = builtBytes('irrigation-c');
  expect(onFirmware(script, bytes)).toBe(await inBrowser(script, bytes));
});

test.skipIf(missing !== null)('a module of the field does the same', async () => {
  const bytes = await foreignGuest();
  expect(onFirmware(day, bytes)).toBe(await inBrowser(day, bytes));
});

test.skipIf(missing !== null).each([
  'out-of-bounds',
  'trap',
  'endless-loop',
  'deep-recursion',
  'bad-pointer',
  'unterminated-string',
  'forbidden-pin',
  'foreign-topic',
  'foreign-processed',
  'flood',
] as const)('%s comes to the same end, told in the same words', async (name) => {
  const script = steadyScript(1500, 3);
  const bytes = await assemble(name);
  expect(onFirmware(script, bytes)).toBe(await inBrowser(script, bytes));
});

test.skipIf(missing !== null)('whatever the readings and the calibration, the guests of C and Rust do the same on both', async () => {
  const word = fc.oneof(fc.integer({ min: 0, max: 4095 }), fc.integer());
  const cycle = fc.record({
    raw: fc.oneof(fc.integer({ min: -1, max: 4095 }), fc.constant(1700)),
    config: fc.tuple(word, word, word, fc.integer({ min: -10, max: 100_000 }), word),
    refuse: fc.boolean(),
  });
  const scripts = fc.array(cycle, { minLength: 1, maxLength: 12 });
  const modules = Object.values(irrigation).map((name) => builtBytes(name));
  await fc.assert(
    fc.asyncProperty(scripts, fc.constantFrom(...modules), async (cycles, bytes) => {
      const script = { ...day, cycles };
      expect(onFirmware(script, bytes)).toBe(await inBrowser(script, bytes));
    }),
    { numRuns: 40 },
  );
});

test('the loop that measures host calls is the one that is kept as text', async () => {
  const { default: openWabt } = await import('wabt');
  const folder = new URL('../../firmware/components/guest_host/src/', import.meta.url);
  const module = (await openWabt()).parseWat('bench_loop.wat', readFileSync(new URL('bench_loop.wat', folder), 'utf8'));
  const kept = [...readFileSync(new URL('bench_loop.gen.h', folder), 'utf8').matchAll(/0x([0-9a-f]{2})/g)].map(([, hex]) => parseInt(hex!, 16));
  expect(Uint8Array.from(kept)).toEqual(new Uint8Array(module.toBinary({}).buffer));
  module.destroy();
});
