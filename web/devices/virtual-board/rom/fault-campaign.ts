/**
 * A seeded campaign of faults against a flasher: each run plugs in a fresh virtual board, disturbs its line in one way,
 * lets the flasher work, and looks into the flash at what it says. Time is the caller's, so that minutes cost no minutes.
 */
import type { BoardPort } from '../../port/board-port.ts';
import { type RandomStream, stream } from '../../../sim/random.ts';
import type { BoardClock } from './board-clock.ts';
import type { ChipFamily } from './chip-model.ts';
import type { PortFault } from './faults.ts';
import type { VirtualImagePart } from './virtual-image.ts';
import { VirtualBoard } from './virtual-board.ts';

export interface CampaignTime extends BoardClock {
  /** Lets time pass until the work is settled, at most so long: `hung` then. */
  pass<T>(work: Promise<T>, limitMs: number): Promise<{ settled: T } | 'hung'>;
}

/** What a flasher says about its work. */
export type FlashVerdict = { ok: true } | { ok: false; /** For people. */ message: string };

export interface CampaignOptions {
  runs: number;
  seed: number;
  chip: ChipFamily;
  parts: readonly VirtualImagePart[];
  time: CampaignTime;
  /** Writes all parts and lets the board run. A rejection is a defect of the flasher. */
  flash(port: BoardPort): Promise<FlashVerdict>;
  /** Longer than this is a hang. */
  limitMs: number;
}

/**
 * - `installed`, `refused`: it said so, and it is so
 * - `hung`: it neither finished nor failed
 * - `rejected`: it threw instead of saying what is wrong
 * - `silent`: it said that all is well, but the flash holds something else, or the board does not start
 * - `collateral`: it said that all is well, and its image is, but something else in the flash changed
 */
export type CampaignOutcome = 'installed' | 'refused' | 'hung' | 'rejected' | 'silent' | 'collateral';

export interface CampaignRun {
  run: number;
  fault: PortFault;
  /** The fault ends by itself after so long; null when it stays. */
  endsAfterMs: number | null;
  outcome: CampaignOutcome;
  message: string | null;
  /** Of the same flasher on the same board once the fault is gone; null when it hung before. */
  retry: CampaignOutcome | null;
  retryMessage: string | null;
  /** How long the first try took, in the campaign's time. */
  tookMs: number;
}

const SETTINGS_AT = 0x9000;
const SETTINGS_BYTES = 0x6000;
/** A board that starts at all has done so by then. */
const BOOT_MS = 2000;

export async function runCampaign(options: CampaignOptions, heard: (run: CampaignRun) => void = () => undefined): Promise<CampaignRun[]> {
  const runs: CampaignRun[] = [];
  for (let run = 0; run < options.runs; run++) {
    const result = await runOnce(options, run);
    heard(result);
    runs.push(result);
  }
  return runs;
}

/** One run by its number, to look into it again. */
export async function runOnce(options: CampaignOptions, run: number): Promise<CampaignRun> {
  const { time, chip, seed, parts } = options;
  const random = stream(seed, `fault-campaign/${run}`);
  const imageBytes = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const fault = chooseFault(random, chip, imageBytes);
  const settings = Uint8Array.from({ length: SETTINGS_BYTES }, () => random.int(0, 255));
  const flashContents = new Uint8Array(SETTINGS_AT + SETTINGS_BYTES).fill(0xff);
  flashContents.set(settings, SETTINGS_AT);
  const board = new VirtualBoard({ chip, clock: time, seed: seed + run, flashContents, startFirmware: () => ({ receive: () => undefined, stop: () => undefined }) });
  board.inject(fault);
  const endsAfterMs = random.bernoulli(0.3) ? Math.round(10 ** (1 + 3 * random.uniform())) : null;
  const cancelEnd = endsAfterMs === null ? () => undefined : time.setTimer(endsAfterMs, () => board.inject(null));

  const beganMs = time.nowMs();
  const first = await attempt(options, board, settings);
  const tookMs = time.nowMs() - beganMs;
  cancelEnd();
  let retry: { outcome: CampaignOutcome; message: string | null } | null = null;
  if (first.outcome !== 'hung') {
    board.inject(null);
    board.power(true);
    retry = await attempt(options, board, settings);
  }
  board.power(false);
  return { run, fault, endsAfterMs, ...first, retry: retry?.outcome ?? null, retryMessage: retry?.message ?? null, tookMs };
}

async function attempt(
  { time, flash, limitMs, parts }: CampaignOptions,
  board: VirtualBoard,
  settings: Uint8Array,
): Promise<{ outcome: CampaignOutcome; message: string | null }> {
  const work = flash(board.port).then(
    (verdict) => ({ verdict }),
    (error: unknown) => ({ rejected: String(error) }),
  );
  const result = await time.pass(work, limitMs);
  if (result === 'hung') return { outcome: 'hung', message: null };
  if ('rejected' in result.settled) return { outcome: 'rejected', message: result.settled.rejected };
  const { verdict } = result.settled;
  if (!verdict.ok) return { outcome: verdict.message === '' ? 'rejected' : 'refused', message: verdict.message };
  const wrong = parts.find(({ offset, bytes }) => differ(board.flashCopy(offset, bytes.length), bytes));
  if (wrong !== undefined) return { outcome: 'silent', message: `The ${wrong.name} in flash is another than the one to be written.` };
  if (!(await starts(board, time))) return { outcome: 'silent', message: 'The board does not start what was written.' };
  if (differ(board.flashCopy(SETTINGS_AT, SETTINGS_BYTES), settings)) return { outcome: 'collateral', message: 'The settings changed.' };
  return { outcome: 'installed', message: null };
}

/** Presses EN, and waits. Pulling the cable is no fault of what was written. */
async function starts(board: VirtualBoard, time: CampaignTime): Promise<boolean> {
  if (board.fault?.kind === 'pulled' || board.fault?.kind === 'stuck-in-reset') return true;
  board.press('en', true);
  board.press('en', false);
  await time.pass(new Promise<void>((resolve) => void time.setTimer(BOOT_MS, resolve)), 2 * BOOT_MS);
  return board.mode.kind === 'running';
}

function differ(a: Uint8Array, b: Uint8Array): boolean {
  return a.length !== b.length || a.some((byte, i) => byte !== b[i]);
}

/** On a logarithmic scale. */
function between(random: RandomStream, from: number, to: number): number {
  return from * (to / from) ** random.uniform();
}

function chooseFault(random: RandomStream, chip: ChipFamily, imageBytes: number): PortFault {
  const afterBytes = Math.round(between(random, 30, 2 * imageBytes));
  const others = (['esp32', 'esp32s3', 'esp32c3', 'esp32c6'] as const).filter((family) => family !== chip);
  const choices: readonly (readonly [weight: number, make: () => PortFault])[] = [
    [20, () => ({ kind: 'noise', perByte: between(random, 1e-6, 3e-2) })],
    [20, () => ({ kind: 'loss', perByte: between(random, 1e-6, 3e-2) })],
    [12, () => ({ kind: 'pulled', afterBytes })],
    [10, () => ({ kind: 'silent', afterBytes })],
    [10, () => ({ kind: 'brownout', afterBytes })],
    [8, () => ({ kind: 'slow-bridge', maxBaud: [57_600, 115_200, 230_400, 460_800, 921_600][random.int(0, 4)]! })],
    [6, () => ({ kind: 'worn-flash', perPage: between(random, 1e-4, 0.3) })],
    [3, () => ({ kind: 'reset-on-open' })],
    [3, () => ({ kind: 'no-auto-reset' })],
    [2, () => ({ kind: 'stuck-in-reset' })],
    [2, () => ({ kind: 'port-taken' })],
    [2, () => ({ kind: 'wrong-chip', chip: others[random.int(0, others.length - 1)]! })],
    [1, () => ({ kind: 'secure-boot' })],
    [1, () => ({ kind: 'flash-encryption' })],
  ];
  let left = random.uniform() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of choices) {
    left -= weight;
    if (left < 0) return make();
  }
  return choices[0]![1]();
}
