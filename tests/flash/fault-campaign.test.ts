import { zlibSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Flasher } from '../../web/devices/flash/flasher.ts';
import { pageClock } from '../../web/devices/flash/flasher-clock.ts';
import { composeImage } from '../../web/devices/image/compose-image.ts';
import type { BoardPort } from '../../web/devices/port/board-port.ts';
import { runCampaign, type CampaignRun, type CampaignTime, type FlashVerdict } from '../../web/devices/virtual-board/rom/fault-campaign.ts';
import { VirtualBoard } from '../../web/devices/virtual-board/rom/virtual-board.ts';
import { buildVirtualImage } from '../../web/devices/virtual-board/rom/virtual-image.ts';
import { takeOverTime } from '../../web/devices/virtual-board/rom/virtual-time.ts';

const seed = Number(process.env.SEED ?? 20_261_122);
const runs = Number(process.env.RUNS ?? 1000);
const chips = ['esp32', 'esp32s3', 'esp32c3'] as const;
/** Small, so that a thousand fit into a test; several blocks long, so that a fault can hit between them. */
const appBytes = 60_000;

let time: CampaignTime;

beforeAll(async () => {
  // What is loaded lazily comes in real time, so it must be there before time is taken over.
  for (const chip of chips) {
    const { port } = new VirtualBoard({ chip, clock: pageClock, seed, paced: false });
    expect(await new Flasher(port, () => {}).connect()).not.toBeNull();
  }
  time = takeOverTime();
}, 60_000);
afterAll(() => void vi.useRealTimers());

/** What a user would lose: a board that does not start though the page said that all is well, or a page that waits forever. */
test.each(chips)('no serial fault hangs the flasher or passes for success, and each is over with the fault: %s', async (chip) => {
  const parts = buildVirtualImage({ chip, version: '1.0.0', appBytes });
  const image = composeImage(parts, { title: 'firmware' });
  const bad: CampaignRun[] = [];
  const seen = new Map<string, number>();
  const flash = async (port: BoardPort): Promise<FlashVerdict> => {
    const flasher = new Flasher(port, () => {}, { compress: (bytes) => Promise.resolve(zlibSync(bytes)) });
    if (await flasher.install(image, { eraseAll: false })) return { ok: true };
    const { state } = flasher;
    return { ok: false, message: state.kind === 'failed' ? `${state.diagnosis.cause}: ${state.diagnosis.what}` : '' };
  };
  const options = { runs: Math.ceil(runs / chips.length), seed: seed + chips.indexOf(chip), chip, parts, time, flash, limitMs: 20 * 60_000 };
  await runCampaign(options, (run) => {
    const key = `${run.fault.kind}: ${run.outcome}${run.message === null ? '' : ` (${run.message.split(':')[0]})`}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (!['installed', 'refused'].includes(run.outcome) || run.retry !== 'installed') bad.push(run);
  });
  console.log([...seen].sort().map(([key, count]) => `${String(count).padStart(4)} ${key}`).join('\n'));
  expect(bad, `seed ${seed}`).toEqual([]);
});
