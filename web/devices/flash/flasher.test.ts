import { zlibSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { composeImage } from '../image/compose-image.ts';
import { encodeGuestSlot } from '../image/guest-slot-image.ts';
import { VirtualBoard, type VirtualBoardOptions } from '../virtual-board/rom/virtual-board.ts';
import type { PortFault } from '../virtual-board/rom/faults.ts';
import type { CampaignTime } from '../virtual-board/rom/fault-campaign.ts';
import { buildVirtualImage } from '../virtual-board/rom/virtual-image.ts';
import { takeOverTime } from '../virtual-board/rom/virtual-time.ts';
import type { FlashState } from './flash-state.ts';
import { Flasher } from './flasher.ts';
import { pageClock } from './flasher-clock.ts';

const parts = buildVirtualImage({ chip: 'esp32', version: '1.0.0', appBytes: 200_000 });
const image = composeImage(parts, { title: 'firmware' });
const limitMs = 10 * 60_000;
let time: CampaignTime;

beforeAll(async () => {
  // What is loaded lazily comes in real time, so it must be there before time is taken over.
  for (const chip of ['esp32', 'esp32c3'] as const) {
    const { port } = new VirtualBoard({ chip, clock: pageClock, seed: 1, paced: false });
    expect(await new Flasher(port, () => {}).connect()).not.toBeNull();
  }
  time = takeOverTime();
}, 60_000);
afterAll(() => void vi.useRealTimers());

function desk(options: Partial<VirtualBoardOptions> = {}) {
  const board = new VirtualBoard({ chip: 'esp32', clock: pageClock, seed: 7, ...options });
  const states: FlashState[] = [];
  const flasher = new Flasher(board.port, (state) => states.push(state), { compress: (bytes) => Promise.resolve(zlibSync(bytes)) });
  const run = async <T>(work: Promise<T>): Promise<T> => {
    const result = await time.pass(work, limitMs);
    if (result === 'hung') throw new Error(`It hung.\n${flasher.logBundle('test')}`);
    return result.settled;
  };
  return { board, states, flasher, run };
}

function expectInstalled(board: VirtualBoard): void {
  for (const { offset, bytes, name } of parts) expect(same(board.flashCopy(offset, bytes.length), bytes), name).toBe(true);
}

/** `toEqual` takes seconds for a flash. */
function same(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}

function causeOf({ state }: Flasher): string {
  return state.kind === 'failed' ? state.diagnosis.cause : state.kind;
}

const settings = Uint8Array.from({ length: 0x6000 }, (_, i) => i & 0xff);
function withSettings(): Uint8Array {
  const flash = new Uint8Array(0xf000).fill(0xff);
  flash.set(settings, 0x9000);
  return flash;
}

describe('connecting', () => {
  it('tells what chip it is, at the highest speed', async () => {
    const { board, flasher, run } = desk();
    expect(await run(flasher.connect())).toMatchObject({ family: 'esp32', mac: board.mac, flashBytes: 4 * 1024 * 1024, secureBoot: false, flashEncryption: false });
    expect(flasher.state).toMatchObject({ kind: 'connected', baud: 921_600 });
    await run(flasher.release());
    expect([board.port.readable, board.mode.kind === 'download']).toEqual([null, false]);
  });

  it('falls back to a speed that the bridge can do', async () => {
    const { board, flasher, run } = desk();
    board.inject({ kind: 'slow-bridge', maxBaud: 230_400 });
    await run(flasher.connect());
    expect(flasher.state).toMatchObject({ kind: 'connected', baud: 230_400 });
  });

  it.each<[PortFault, string]>([
    [{ kind: 'port-taken' }, 'port-taken'],
    [{ kind: 'no-auto-reset' }, 'no-answer'],
    [{ kind: 'stuck-in-reset' }, 'no-answer'],
    [{ kind: 'silent' }, 'no-answer'],
    [{ kind: 'pulled', afterBytes: 500 }, 'port-lost'],
  ])('says what is wrong with %o, and succeeds once it is not', async (fault, cause) => {
    const { board, flasher, run } = desk();
    board.inject(fault);
    expect(await run(flasher.connect())).toBeNull();
    // A board without an app that restarts instead of waiting prints so, too.
    expect([cause, fault.kind === 'no-auto-reset' ? 'not-in-download-mode' : cause]).toContain(causeOf(flasher));
    board.inject(null);
    expect(await run(flasher.connect())).not.toBeNull();
  });

  it('asks for the BOOT button while it waits, and goes on when it is held', async () => {
    const { board, states, flasher, run } = desk();
    board.inject({ kind: 'no-auto-reset' });
    time.setTimer(3000, () => board.press('boot', true));
    expect(await run(flasher.connect())).not.toBeNull();
    expect(states.some((state) => state.kind === 'connecting' && state.step.includes('BOOT'))).toBe(true);
  });
});

describe('installing', () => {
  it('writes and verifies the image, keeps the settings and lets the board run', async () => {
    const { board, states, flasher, run } = desk({ flashContents: withSettings() });
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(true);
    expectInstalled(board);
    expect(same(board.flashCopy(0x9000, 0x6000), settings)).toBe(true);
    expect(board.port.readable).toBeNull();
    const progress = states.flatMap((state) => (state.kind === 'working' ? [state.progress] : []));
    expect(progress.at(-1)).toMatchObject({ doneBytes: image.totalBytes, totalBytes: image.totalBytes });
    expect(progress.every(({ doneBytes }, i) => doneBytes >= (progress[i - 1]?.doneBytes ?? 0))).toBe(true);
  });

  it('erases everything when asked to', async () => {
    const { board, flasher, run } = desk({ flashContents: withSettings() });
    expect(await run(flasher.install(image, { eraseAll: true }))).toBe(true);
    expectInstalled(board);
    expect(board.flashCopy(0x9000, 0x6000).every((byte) => byte === 0xff)).toBe(true);
  });

  it('continues after a pulled cable behind what is verified', async () => {
    const { board, flasher, run } = desk();
    await run(flasher.connect());
    board.inject({ kind: 'pulled', afterBytes: 140_000 });
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(false);
    expect(flasher.state).toMatchObject({ kind: 'failed', resumable: true, diagnosis: { cause: 'port-lost' } });
    board.inject(null);
    let changed = 0;
    board.watchFlash((_, bytes) => (changed += bytes));
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(true);
    expectInstalled(board);
    // Each byte is erased and written; the half that was there is neither.
    expect(changed).toBeLessThan(1.7 * image.totalBytes);
  });

  it('writes nothing when all of it is there', async () => {
    const { board, flasher, run } = desk();
    await run(flasher.install(image, { eraseAll: false }));
    let changed = 0;
    board.watchFlash(() => changed++);
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(true);
    expect(changed).toBe(0);
  });

  it('stops at once when cancelled, and can be taken up again', async () => {
    const { board, flasher, run } = desk();
    await run(flasher.connect());
    time.setTimer(1500, () => flasher.cancel());
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(false);
    expect([causeOf(flasher), board.port.readable]).toEqual(['cancelled', null]);
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(true);
    expectInstalled(board);
  });

  it.each<[PortFault, string]>([
    [{ kind: 'secure-boot' }, 'secure-boot'],
    [{ kind: 'flash-encryption' }, 'encrypted'],
    [{ kind: 'wrong-chip', chip: 'esp32c3' }, 'wrong-chip'],
    [{ kind: 'worn-flash', perPage: 0.5 }, 'verify-failed'],
  ])('refuses with %o and says why', async (fault, cause) => {
    const { board, flasher, run } = desk();
    board.inject(fault);
    expect(await run(flasher.install(image, { eraseAll: false }))).toBe(false);
    expect(causeOf(flasher)).toBe(cause);
  });
});

describe('the guest that comes with an image', () => {
  const slotOf = (name: string, sequence: number) => encodeGuestSlot({ module: new TextEncoder().encode(`module ${name}`), name, sequence, signer: null });
  const fresh = slotOf('fresh.wasm', 1);
  const guestParts = buildVirtualImage({ chip: 'esp32', version: '1.0.0', guestSlot: fresh, appBytes: 20_000 });
  const withGuest = composeImage(guestParts, { title: 'node' });
  const slot0 = 0x200000;
  const slot1 = 0x240000;

  it.each([
    ['stays away from a board that has one, or every update of the firmware would undo that of the guest', slotOf('newer.wasm', 7), false, false],
    ['goes onto a board whose flash is erased', slotOf('newer.wasm', 7), true, true],
    ['goes onto a board on which an installation left but the header of one', slotOf('cut.wasm', 7).subarray(0, 4096), false, true],
  ])('%s', async (_, there, eraseAll, written) => {
    const flashContents = new Uint8Array(slot1 + there.length).fill(0xff);
    flashContents.set(there, slot1);
    const { board, flasher, run } = desk({ flashContents });
    expect(await run(flasher.install(withGuest, { eraseAll }))).toBe(true);
    expect(same(board.flashCopy(slot0, fresh.length), fresh)).toBe(written);
    expect(flasher.state.kind === 'done' && flasher.state.summary.includes('keeps its guest, newer.wasm')).toBe(!written);
  });
});

it('refuses an app alone on a board that has no place for it, and takes it on one that has', async () => {
  const { flasher, run } = desk();
  const app = composeImage(parts.slice(2), { title: 'app' });
  expect(await run(flasher.install(app, { eraseAll: false }))).toBe(false);
  expect(causeOf(flasher)).toBe('image-broken');
  await run(flasher.install(image, { eraseAll: false }));
  expect(await run(flasher.install(app, { eraseAll: false }))).toBe(true);
});

describe('copying and erasing', () => {
  it('backs up the whole flash, goes on after a broken try, and restores it', async () => {
    const { board, flasher, run } = desk({ flashBytes: 1024 * 1024, flashContents: withSettings() });
    const small = composeImage(parts.slice(0, 1), { title: 'bootloader' });
    await run(flasher.install(small, { eraseAll: false }));
    const before = board.flashCopy();
    board.inject({ kind: 'pulled', afterBytes: 60_000 });
    expect(await run(flasher.backUp())).toBeNull();
    board.inject(null);
    const backup = await run(flasher.backUp());
    expect(same(backup?.bytes, before)).toBe(true);
    expect(await run(flasher.eraseAll())).toBe(true);
    expect(board.flashCopy().every((byte) => byte === 0xff)).toBe(true);
    expect(await run(flasher.restore(backup!.bytes))).toBe(true);
    expect(same(board.flashCopy(), before)).toBe(true);
  });

  it('erases the settings alone', async () => {
    const { board, flasher, run } = desk({ flashContents: withSettings() });
    await run(flasher.install(image, { eraseAll: false }));
    expect(await run(flasher.eraseSettings())).toBe(true);
    expect(board.flashCopy(0x9000, 0x6000).every((byte) => byte === 0xff)).toBe(true);
    expectInstalled(board);
  });

  it('says that it does not know where settings are without a partition table', async () => {
    const { flasher, run } = desk();
    expect(await run(flasher.eraseSettings())).toBe(false);
    expect(flasher.state).toMatchObject({ kind: 'failed', diagnosis: { cause: 'other' } });
  });

  it('refuses a backup of another size', async () => {
    const { flasher, run } = desk();
    expect(await run(flasher.restore(new Uint8Array(1024)))).toBe(false);
    expect(causeOf(flasher)).toBe('image-broken');
  });
});

it('tells what runs on a board', async () => {
  const { flasher, run } = desk();
  expect((await run(flasher.inspect()))?.partitions).toBeNull();
  await run(flasher.install(image, { eraseAll: false }));
  expect(await run(flasher.inspect())).toMatchObject({ app: { project: 'continuum-node', version: '1.0.0-virtual' } });
});

it('keeps what lies in flash out of its log', async () => {
  const secret = 'the password of the network';
  const flash = withSettings();
  flash.set(new TextEncoder().encode(secret), 0x9100);
  const { flasher, run } = desk({ flashContents: flash, flashBytes: 1024 * 1024 });
  await run(flasher.backUp());
  const log = flasher.logBundle('test');
  expect(log).toContain('Reading flash');
  expect(log).not.toContain(secret);
  expect(log).not.toContain(Buffer.from(secret).toString('hex').slice(0, 16));
});
