import { ESPLoader, Transport } from 'esptool-js';
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { BoardPort } from '../../port/board-port.ts';
import type { BoardClock } from './board-clock.ts';
import { type CampaignOptions, type FlashVerdict, runCampaign } from './fault-campaign.ts';
import { buildVirtualImage } from './virtual-image.ts';
import { VirtualBoard } from './virtual-board.ts';
import { takeOverTime } from './virtual-time.ts';

const parts = buildVirtualImage({ chip: 'esp32', version: '1.0.0', appBytes: 30_000 });
const realClock: BoardClock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};
const SEED = Number(process.env.SEED ?? 7);

beforeAll(async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  // esptool-js loads what it knows of chips when it meets them first.
  const board = new VirtualBoard({ chip: 'esp32', seed: 1, paced: false, clock: realClock });
  expect(await flashPlainly(board.port)).toEqual({ ok: true });
  board.power(false);
});
beforeEach(() => void vi.spyOn(console, 'log').mockReturnValue());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** esptool-js as it is, with its own verification. */
async function flashPlainly(port: BoardPort): Promise<FlashVerdict> {
  const transport = new Transport(port as ConstructorParameters<typeof Transport>[0], false);
  const quiet = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };
  const loader = new ESPLoader({ transport, baudrate: 921_600, terminal: quiet });
  try {
    await loader.main();
    await loader.writeFlash({
      fileArray: parts.map(({ bytes, offset }) => ({ data: bytes, address: offset })),
      flashMode: 'keep',
      flashFreq: 'keep',
      flashSize: 'keep',
      eraseAll: false,
      compress: true,
      calculateMD5Hash: (image: Uint8Array) => bytesToHex(md5(image)),
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, message: String(error) };
  } finally {
    await transport.disconnect().catch(() => undefined);
  }
}

function campaign(runs: number, flash: CampaignOptions['flash']): CampaignOptions {
  return { runs, seed: SEED, chip: 'esp32', parts, time: takeOverTime(), flash, limitMs: 20 * 60_000 };
}

it('finds a flasher that says yes to everything, and one that never ends', async () => {
  const yes = await runCampaign(campaign(3, async () => ({ ok: true })));
  expect(yes.map(({ outcome }) => outcome)).toEqual(['silent', 'silent', 'silent']);
  const never = await runCampaign(campaign(3, () => new Promise(() => undefined)));
  expect(never.map(({ outcome }) => outcome)).toEqual(['hung', 'hung', 'hung']);
});

it('disturbs plain esptool-js in ways that it survives and in ways that it does not, the same each time', async () => {
  const first = await runCampaign(campaign(12, flashPlainly));
  const outcomes = new Set(first.map(({ outcome }) => outcome));
  expect(outcomes, `seed ${SEED}`).toContain('installed');
  expect(outcomes, `seed ${SEED}`).toContain('refused');
  vi.useRealTimers();
  expect(await runCampaign(campaign(12, flashPlainly)), `seed ${SEED}`).toEqual(first);
});
