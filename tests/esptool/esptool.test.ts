/** Espressif's own client takes the virtual board for a real one: what works here works with silicon's tools. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type BridgedBoard, type BridgedBoardOptions, openBridgedBoard } from '../../scripts/esptool-bridge/bridged-board.ts';
import type { ChipFamily } from '../../web/devices/virtual-board/rom/chip-model.ts';
import { buildVirtualImage } from '../../web/devices/virtual-board/rom/virtual-image.ts';
import { esptool, runEsptool } from './esptool.ts';

const DATA_AT = 0x210000;
const data = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i * 31 + (i >> 7)) & 0xff);

let folder = '';
let dataFile = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esptool-'));
  dataFile = join(folder, 'data.bin');
  writeFileSync(dataFile, data);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Quick: many tests share this process, and a client on a socket waits for no more than 3 s. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

type Finish = TestContext['onTestFinished'];

async function plugIn(finish: Finish, options: Omit<BridgedBoardOptions, 'seed'>): Promise<BridgedBoard> {
  const bridged = await openBridgedBoard({ seed: 5, paced: false, ...options });
  finish(async () => {
    await bridged.bridge.close();
    bridged.board.power(false);
  });
  return bridged;
}

/** A board on a raw socket, in download mode because its BOOT button was held at reset. */
async function inDownloadMode(finish: Finish, chip: ChipFamily, flashContents?: Uint8Array): Promise<BridgedBoard> {
  const bridged = await plugIn(finish, { chip, raw: true, flashContents });
  await resetToDownload(bridged);
  return bridged;
}

async function resetToDownload({ board }: BridgedBoard): Promise<void> {
  board.press('boot', true);
  board.press('en', true);
  board.press('en', false);
  for (let i = 0; i < 200 && board.mode.kind !== 'download'; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(board.mode).toEqual({ kind: 'download', loader: 'rom' });
}

const chips = [
  { chip: 'esp32', description: 'ESP32-D0WD-V3 (revision v3.1)' },
  { chip: 'esp32s3', description: 'ESP32-S3 (QFN56) (revision v0.2)' },
  { chip: 'esp32c3', description: 'ESP32-C3 (QFN32) (revision v0.4)' },
] as const;

describe.concurrent.each(chips)('esptool and a virtual $chip', ({ chip, description }) => {
  it.concurrent('resets it, identifies it, its MAC and its flash, and changes the baud rate', async ({ onTestFinished }) => {
    const { board, bridge } = await plugIn(onTestFinished, { chip, paced: true });
    const output = await esptool('--port', bridge.url, '--baud', '460800', 'flash-id');
    expect(output).toContain(description);
    expect(output).toContain('40MHz');
    expect(output).toContain(board.mac);
    expect(output).toContain('Detected flash size: 4MB');
    expect(output).toContain('Changing baud rate to 460800');
    expect(output).toContain('Hard resetting via RTS pin');
  });

  it.concurrent('identifies it without the stub, at another baud rate too', async ({ onTestFinished }) => {
    const { board, bridge } = await plugIn(onTestFinished, { chip });
    const output = await esptool('--port', bridge.url, '--no-stub', '--baud', '230400', 'flash-id');
    expect(output).toContain(description);
    expect(output).toContain(board.mac);
    expect(output).toContain('Detected flash size: 4MB');
  });

  it.concurrent('installs an image that the chip then starts', async ({ onTestFinished, expect }) => {
    const { board, bridge } = await plugIn(onTestFinished, { chip });
    const files = buildVirtualImage({ chip, version: '1.0.0', appBytes: 120_000 }).flatMap(({ name, offset, bytes }) => {
      const file = join(folder, `${chip}-${name}.bin`);
      writeFileSync(file, bytes);
      return [`0x${offset.toString(16)}`, file];
    });
    const output = await esptool('--port', bridge.url, '--chip', chip, '--baud', '921600', 'write-flash', ...files);
    expect(output).toContain('Hash of data verified');
    await expect.poll(() => board.mode, { timeout: 5000 }).toEqual({ kind: 'foreign', reason: 'Nothing here can run continuum-node.' });
  });

  it.concurrent.for([
    { how: 'compressed', flags: ['--compress'] },
    { how: 'plain', flags: ['--no-compress'] },
  ])('writes $how, verifies and reads back through the stub', async ({ flags }, { onTestFinished }) => {
    const { board, bridge } = await inDownloadMode(onTestFinished, chip);
    const common = ['--port', bridge.url, '--chip', chip, '--after', 'no-reset'];
    expect(await esptool(...common, 'write-flash', ...flags, `0x${DATA_AT.toString(16)}`, dataFile)).toContain('Hash of data verified');
    expect(same(board.flashCopy(DATA_AT, data.length), data)).toBe(true);
    expect(await esptool(...common, 'verify-flash', `0x${DATA_AT.toString(16)}`, dataFile)).toContain('Verification successful');
    const readFile = join(folder, `${chip}${flags[0]}.read`);
    await esptool(...common, 'read-flash', `0x${DATA_AT.toString(16)}`, String(data.length), readFile);
    expect(same(readFileSync(readFile), data)).toBe(true);
  });

  it.concurrent.for([
    { how: 'compressed', flags: ['--compress'] },
    { how: 'plain', flags: ['--no-compress'] },
  ])('writes $how, verifies and reads back with the ROM alone', async ({ flags }, { onTestFinished }) => {
    const { board, bridge } = await inDownloadMode(onTestFinished, chip);
    const common = ['--port', bridge.url, '--chip', chip, '--no-stub', '--after', 'no-reset'];
    expect(await esptool(...common, 'write-flash', ...flags, `0x${DATA_AT.toString(16)}`, dataFile)).toContain('Hash of data verified');
    expect(same(board.flashCopy(DATA_AT, data.length), data)).toBe(true);
    expect(await esptool(...common, 'verify-flash', `0x${DATA_AT.toString(16)}`, dataFile)).toContain('Verification successful');
    const readFile = join(folder, `${chip}${flags[0]}.slow`);
    await esptool(...common, 'read-flash', `0x${DATA_AT.toString(16)}`, '5000', readFile);
    expect(same(readFileSync(readFile), data.subarray(0, 5000))).toBe(true);
  });

  it.concurrent('erases a region, and no more; then everything', async ({ onTestFinished }) => {
    const { board, bridge } = await inDownloadMode(onTestFinished, chip, new Uint8Array(0x400000).fill(0x5a));
    const common = ['--port', bridge.url, '--chip', chip, '--after', 'no-reset'];
    await esptool(...common, 'erase-region', '0x9000', '0x6000');
    const around = new Uint8Array(0x6002).fill(0xff);
    around[0] = around[0x6001] = 0x5a;
    expect(same(board.flashCopy(0x8fff, 0x6002), around)).toBe(true);
    await esptool(...common, 'erase-flash');
    expect(same(board.flashCopy(), new Uint8Array(0x400000).fill(0xff))).toBe(true);
  });

  it.concurrent('finds damage when it verifies', async ({ onTestFinished }) => {
    const { bridge } = await inDownloadMode(onTestFinished, chip);
    const { exitCode, output } = await runEsptool(['--port', bridge.url, '--chip', chip, '--after', 'no-reset', 'verify-flash', '0x10000', dataFile]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/fail/i);
  });
});

describe('esptool and a board that has something wrong', () => {
  it.concurrent('says that the chip is in no download mode when auto-reset does not work', async ({ onTestFinished }) => {
    const { board, bridge } = await plugIn(onTestFinished, { chip: 'esp32' });
    board.inject({ kind: 'no-auto-reset' });
    const { exitCode, output } = await runEsptool(['--port', bridge.url, '--connect-attempts', '1', 'flash-id']);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Wrong boot mode detected (0x13)');
  });

  it.concurrent('sees secure boot and flash encryption', async ({ onTestFinished }) => {
    const { board, bridge } = await plugIn(onTestFinished, { chip: 'esp32c3', raw: true });
    board.inject({ kind: 'flash-encryption' });
    await resetToDownload({ board, bridge });
    expect(await esptool('--port', bridge.url, '--no-stub', '--after', 'no-reset', 'get-security-info')).toMatch(/SPI Boot Crypt Count: 0x1|Flash Encryption: Enabled/);
    board.inject({ kind: 'secure-boot' });
    await resetToDownload({ board, bridge });
    expect(await esptool('--port', bridge.url, '--no-stub', '--after', 'no-reset', 'get-security-info')).toMatch(/Secure Boot: Enabled/);
  });
});
