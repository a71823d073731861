import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CampaignTime } from './fault-campaign.ts';
import type { PortFault } from './faults.ts';
import type { FirmwareStart, RunningFirmware } from './firmware-port.ts';
import { VirtualBoard, type VirtualBoardOptions } from './virtual-board.ts';
import { buildVirtualImage } from './virtual-image.ts';
import { takeOverTime } from './virtual-time.ts';

const parts = buildVirtualImage({ chip: 'esp32', version: '1.2.3', appBytes: 5000 });

function flashed(change: (flash: Uint8Array) => void = () => undefined): Uint8Array {
  const flash = new Uint8Array(0x40000).fill(0xff);
  for (const { offset, bytes } of parts) flash.set(bytes, offset);
  change(flash);
  return flash;
}

let time: CampaignTime;
const boards: VirtualBoard[] = [];
beforeEach(() => {
  time = takeOverTime();
});
afterEach(() => {
  for (const board of boards.splice(0)) board.power(false);
  vi.useRealTimers();
});

function plugIn(options: Partial<VirtualBoardOptions> = {}): VirtualBoard {
  const board = new VirtualBoard({ chip: 'esp32', clock: time, seed: 3, ...options });
  boards.push(board);
  return board;
}

async function wait(ms: number): Promise<void> {
  await time.pass(new Promise<void>((resolve) => void time.setTimer(ms, resolve)), ms + 1);
}

/** Opens the port and collects all that the board says. */
async function listen(board: VirtualBoard, baudRate = 115_200): Promise<{ text: () => string; send: (bytes: Uint8Array) => Promise<void> }> {
  await board.port.open({ baudRate });
  let heard = '';
  const reader = board.port.readable!.getReader();
  void (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) heard += String.fromCharCode(...next.value);
  })().catch(() => undefined);
  const writer = board.port.writable!.getWriter();
  return { text: () => heard, send: (bytes) => writer.write(bytes) };
}

async function pressReset(board: VirtualBoard): Promise<void> {
  board.press('en', true);
  await wait(100);
  board.press('en', false);
  await wait(600);
}

describe('the lines DTR and RTS', () => {
  it.each([
    { signals: { dataTerminalReady: false, requestToSend: false }, mode: 'running' },
    { signals: { dataTerminalReady: true, requestToSend: true }, mode: 'running' },
    { signals: { dataTerminalReady: false, requestToSend: true }, mode: 'reset' },
    { signals: { dataTerminalReady: true, requestToSend: false }, mode: 'running' },
  ])('leave a running chip as the two transistors do: $signals gives $mode', async ({ signals, mode }) => {
    const board = plugIn({ flashContents: flashed(), startFirmware: () => ({ receive: () => undefined, stop: () => undefined }) });
    await wait(600);
    await board.port.open({ baudRate: 115_200 });
    await board.port.setSignals(signals);
    await wait(50);
    expect(board.mode.kind).toBe(mode);
  });

  it('bring the chip into download mode when IO0 is low as EN rises, whatever order the two are changed in', async () => {
    for (const steps of [[{ dataTerminalReady: true, requestToSend: false }], [{ dataTerminalReady: true }, { requestToSend: false }]]) {
      const board = plugIn();
      const { text } = await listen(board);
      await board.port.setSignals({ dataTerminalReady: false, requestToSend: true });
      await wait(100);
      for (const step of steps) await board.port.setSignals(step);
      await wait(50);
      await board.port.setSignals({ dataTerminalReady: false });
      expect(board.mode).toEqual({ kind: 'download', loader: 'rom' });
      await wait(100);
      expect(text()).toMatch(/rst:0x1 \(POWERON_RESET\),boot:0x3 \(DOWNLOAD_BOOT\(.*\)\)\r\nwaiting for download/);
    }
  });

  it('need the BOOT button where auto-reset does not work', async () => {
    const board = plugIn();
    board.inject({ kind: 'no-auto-reset' });
    await board.port.open({ baudRate: 115_200 });
    const reset = async () => {
      await board.port.setSignals({ dataTerminalReady: false, requestToSend: true });
      await wait(100);
      await board.port.setSignals({ dataTerminalReady: true, requestToSend: false });
      await wait(100);
    };
    await reset();
    expect(board.mode.kind).toBe('empty');
    board.press('boot', true);
    await reset();
    expect(board.mode.kind).toBe('download');
  });
});

describe('booting', () => {
  it('starts the firmware with what its image and partition table say, and gives it the line', async () => {
    const starts: FirmwareStart[] = [];
    const received: number[] = [];
    let stops = 0;
    const startFirmware = (start: FirmwareStart): RunningFirmware => {
      starts.push(start);
      start.line.write(new TextEncoder().encode('hello'));
      return { receive: (bytes) => received.push(...bytes), stop: () => stops++ };
    };
    const board = plugIn({ flashContents: flashed(), startFirmware });
    const { text, send } = await listen(board);
    await wait(600);
    expect(starts[0]).toMatchObject({ projectName: 'continuum-node', version: '1.2.3-virtual', reset: 'power', appOffset: 0x10000, mac: board.mac });
    expect(starts[0]!.partitions.map(({ name }) => name)).toContain('guest_0');
    expect(board.mode).toEqual({ kind: 'running', projectName: 'continuum-node', version: '1.2.3-virtual' });
    expect(text()).toContain('rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
    expect(text()).toContain('Loaded app from partition at offset 0x10000');
    expect(text()).toMatch(/hello$/);
    await send(Uint8Array.of(1, 2, 3));
    await wait(10);
    expect(received).toEqual([1, 2, 3]);

    starts[0]!.restart('panic');
    await wait(600);
    expect(stops).toBe(1);
    expect(starts[1]!.reset).toBe('panic');
    expect(text()).toContain('rst:0xc (SW_CPU_RESET)');
    board.power(false);
    expect(stops).toBe(2);
  });

  const damaged: [string, (flash: Uint8Array) => void, RegExp, RegExp][] = [
    ['an erased flash', (flash) => flash.fill(0xff), /flash is empty/, /invalid header: 0xffffffff/],
    ['a damaged bootloader', (flash) => flash.set([1], 0x1100), /bootloader.*checksum/, /invalid header: 0x/],
    ['no partition table', (flash) => flash.fill(0xff, 0x8000, 0x9000), /no partition table/, /load partition table error/],
    ['a damaged partition table', (flash) => flash.set([9], 0x8005), /MD5/, /load partition table error/],
    ['no app', (flash) => flash.fill(0xff, 0x10000), /app cannot start.*no image/, /No bootable app/],
    ['one flipped bit in the app', (flash) => flash.set([flash[0x10800]! ^ 1], 0x10800), /app cannot start.*checksum/, /No bootable app/],
    ['an app whose hash is wrong', (flash) => flash.set([flash[0x10000 + parts[2]!.bytes.length - 1]! ^ 1], 0x10000 + parts[2]!.bytes.length - 1), /SHA-256/, /No bootable app/],
  ];
  it.each(damaged)('with %s says so, and tries again', async (_, change, reason, line) => {
    const board = plugIn({ flashContents: flashed(change) });
    const { text } = await listen(board);
    await wait(4000);
    expect(board.mode).toMatchObject({ kind: 'empty', reason: expect.stringMatching(reason) });
    expect(text()).toMatch(line);
    expect(text()).toContain('rst:0x10 (RTCWDT_RTC_RESET)');
  });

  it.each<[PortFault, RegExp]>([
    [{ kind: 'wrong-chip', chip: 'esp32s3' }, /flash is empty/],
    [{ kind: 'wrong-chip', chip: 'esp32c3' }, /flash is empty/],
    [{ kind: 'secure-boot' }, /not signed/],
    [{ kind: 'flash-encryption' }, /not encrypted/],
  ])('refuses an image that the chip cannot take: %o', async (fault, reason) => {
    const board = plugIn({ flashContents: flashed() });
    board.inject(fault);
    await pressReset(board);
    expect(board.mode).toMatchObject({ kind: 'empty', reason: expect.stringMatching(reason) });
    board.inject(null);
    await pressReset(board);
    expect(board.mode).toMatchObject({ kind: 'foreign' });
  });
});

describe('the line', () => {
  it('gives garbage at the wrong baud rate', async () => {
    const board = plugIn();
    const { text } = await listen(board, 9600);
    await wait(3000);
    expect(text().length).toBeGreaterThan(5);
    expect(text()).not.toMatch(/invalid header|POWERON/);
  });

  it('garbles what is faster than a slow bridge can go, and nothing below', async () => {
    const board = plugIn();
    board.inject({ kind: 'slow-bridge', maxBaud: 57_600 });
    const fast = await listen(board);
    await wait(3000);
    expect(fast.text()).not.toContain('invalid header: 0xffffffff\r\ninvalid header: 0xffffffff\r\ninvalid header');
    board.inject({ kind: 'slow-bridge', maxBaud: 115_200 });
    await wait(3000);
    expect(fast.text()).toContain('invalid header: 0xffffffff\r\ninvalid header: 0xffffffff\r\ninvalid header');
  });

  it('gives each seed its own board and each board the same MAC again', () => {
    expect(plugIn({ seed: 1 }).mac).toBe(plugIn({ seed: 1 }).mac);
    expect(plugIn({ seed: 1 }).mac).not.toBe(plugIn({ seed: 2 }).mac);
    expect(plugIn().mac).toMatch(/^06:5e:32(:[0-9a-f]{2}){3}$/);
  });
});
