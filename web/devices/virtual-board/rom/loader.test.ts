import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { chipModels, type ChipFamily } from './chip-model.ts';
import { Loader } from './loader.ts';
import { Failure, Op } from './loader-protocol.ts';
import { NorFlash } from './nor-flash.ts';
import { Registers } from './registers.ts';
import { encodeSlip, SlipDecoder } from './slip.ts';

interface Reply {
  op: number;
  value: number;
  /** Data and status. */
  data: Uint8Array;
  fromMs: number;
}

/** A client's end, without a line: what is sent arrives at the moment that is said. */
function connect(family: ChipFamily, flash = new NorFlash(0x400000)) {
  const model = chipModels[family];
  const frames: { payload: Uint8Array; fromMs: number }[] = [];
  const decoder = new SlipDecoder(100_000);
  const bauds: number[] = [];
  let restarts = 0;
  const efuses = { mac: Uint8Array.of(6, 1, 2, 3, 4, 5), secureBoot: true, flashEncryption: false };
  const loader = new Loader({
    model,
    flash,
    registers: new Registers(model, flash, model.registers(efuses), () => 115_200),
    ...efuses,
    paced: true,
    send: (bytes, fromMs) => decoder.push(bytes, (payload) => frames.push({ payload, fromMs })),
    setBaud: (baud) => bauds.push(baud),
    restart: () => restarts++,
    stubStarted: () => undefined,
  });
  const raw = (payload: Uint8Array, atMs = 0) => {
    frames.length = 0;
    loader.receive(encodeSlip(payload), atMs);
    return frames.map(({ payload: frame }) => frame);
  };
  const request = (op: number, data: Uint8Array, atMs = 0, checksum = 0): Reply[] => {
    const packet = new Uint8Array(8 + data.length);
    const view = new DataView(packet.buffer);
    packet[1] = op;
    view.setUint16(2, data.length, true);
    view.setUint32(4, checksum, true);
    packet.set(data, 8);
    raw(packet, atMs);
    return frames
      .filter(({ payload }) => payload[0] === 1)
      .map(({ payload, fromMs }) => ({ op: payload[1]!, value: new DataView(payload.buffer, payload.byteOffset).getUint32(4, true), data: payload.slice(8), fromMs }));
  };
  const block = (op: number, bytes: Uint8Array, atMs = 0, flip = 0) =>
    request(op, Uint8Array.from([...words(bytes.length, 0, 0, 0), ...bytes]), atMs, bytes.reduce((sum, byte) => sum ^ byte, 0xef) ^ flip);
  const startStub = () => {
    request(Op.memBegin, words(4, 1, 0x1800, 0x40080000));
    block(Op.memData, Uint8Array.of(1, 2, 3, 4));
    request(Op.memEnd, words(0, 0x40080000));
    return frames.map(({ payload }) => String.fromCharCode(...payload));
  };
  return { loader, flash, raw, request, block, startStub, bauds, restarts: () => restarts };
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

const ok = (replies: readonly Reply[]) => replies.length === 1 && replies[0]!.data[0] === 0;
const syncData = Uint8Array.from([7, 7, 0x12, 0x20, ...Array<number>(32).fill(0x55)]);

describe('the loader in ROM', () => {
  it('answers SYNC eight times, with a value that is not the stub’s', () => {
    const replies = connect('esp32').request(Op.sync, syncData);
    expect(replies).toHaveLength(8);
    expect(replies.every(({ value, data }) => value !== 0 && data.length === 4)).toBe(true);
  });

  it('refuses what the ESP32 does not know the way clients recognise it', () => {
    const chip = connect('esp32');
    chip.request(Op.readReg, words(0x40001000));
    const replies = chip.request(Op.securityInfo, new Uint8Array(0));
    expect(replies).toHaveLength(8);
    expect(replies[0]).toMatchObject({ op: Op.readReg, data: Uint8Array.of(1, Failure.invalidMessage, 0, 0) });
  });

  it.each(['esp32s3', 'esp32c3', 'esp32c6'] as const)('tells chip and security of an %s', (family) => {
    const [reply] = connect(family).request(Op.securityInfo, new Uint8Array(0));
    expect(reply!.data).toHaveLength(24);
    expect(new DataView(reply!.data.buffer).getUint32(12, true)).toBe(chipModels[family].imageChipId);
    expect(reply!.data[0]).toBe(1);
  });

  it('takes no block whose checksum is wrong', () => {
    const chip = connect('esp32');
    expect(ok(chip.request(Op.flashBegin, words(16, 1, 16, 0x1000)))).toBe(true);
    expect(chip.block(Op.flashData, new Uint8Array(16), 100, 1)[0]!.data[1]).toBe(Failure.wrongChecksum);
    expect(chip.flash.read(0x1000, 16)).toEqual(new Uint8Array(16).fill(0xff));
    expect(ok(chip.block(Op.flashData, new Uint8Array(16), 200))).toBe(true);
    expect(chip.flash.read(0x1000, 16)).toEqual(new Uint8Array(16));
  });

  it('erases before it answers, and gives its MD5 as text', () => {
    const chip = connect('esp32');
    const [begun] = chip.request(Op.flashBegin, words(0x20000, 32, 0x1000, 0x10000), 100);
    expect(begun!.fromMs).toBe(100 + 300);
    const [digest] = chip.request(Op.md5, words(0, 16, 0, 0), 500);
    expect(new TextDecoder().decode(digest!.data.subarray(0, 32))).toBe(bytesToHex(md5(new Uint8Array(16).fill(0xff))));
  });

  it('does not start half a stub', () => {
    const chip = connect('esp32');
    chip.request(Op.memBegin, words(8, 2, 4, 0x40080000));
    chip.block(Op.memData, Uint8Array.of(1, 2, 3, 4));
    chip.request(Op.memEnd, words(0, 0x40080000));
    expect(chip.loader.kind).toBe('rom');
    expect(chip.request(Op.sync, syncData, 1000)).toEqual([]);
  });
});

describe('the stub', () => {
  it('greets, and then answers as a stub', () => {
    const chip = connect('esp32');
    expect(chip.startStub()).toContain('OHAI');
    const [reply] = chip.request(Op.readReg, words(0x40001000), 100);
    expect(reply).toMatchObject({ value: 0x00f01d83, data: Uint8Array.of(0, 0) });
    expect(chip.request(Op.sync, syncData, 200).every(({ value }) => value === 0)).toBe(true);
    expect(chip.request(0x77, new Uint8Array(0), 300)[0]!.data[1]).toBe(Failure.stubUnknownCommand);
  });

  it('acknowledges a block before it is written, and the command after waits for that', () => {
    const chip = connect('esp32');
    chip.startStub();
    const image = Uint8Array.from({ length: 0x8000 }, (_, i) => (i * 7) >> 3);
    const packed = zlibSync(image);
    chip.request(Op.deflateBegin, words(image.length, 1, 0x4000, 0x10000), 1000);
    const [acknowledged] = chip.block(Op.deflateData, packed, 1100);
    expect(acknowledged!.fromMs).toBe(1100);
    const [next] = chip.request(Op.readReg, words(0x40001000), 1101);
    // Eight sectors to erase and 128 pages to write.
    expect(next!.fromMs).toBeGreaterThan(1100 + 8 * 45 + 128 * 0.4);
    expect(Buffer.compare(chip.flash.read(0x10000, image.length), image)).toBe(0);
  });

  it('says with the next answer that what it inflated was broken', () => {
    const chip = connect('esp32');
    chip.startStub();
    const packed = zlibSync(Uint8Array.from({ length: 3000 }, (_, i) => (i * i) & 0xff));
    packed.fill(0xff, 40, 60);
    chip.request(Op.deflateBegin, words(3000, 1, 0x4000, 0x10000), 1000);
    expect(ok(chip.block(Op.deflateData, packed, 1001))).toBe(true);
    expect(chip.request(Op.deflateEnd, words(1), 2000)[0]!.data[0]).toBe(1);
  });

  it('loses a third command that comes while the first is at work', () => {
    const chip = connect('esp32');
    chip.startStub();
    chip.request(Op.eraseFlash, new Uint8Array(0), 1000);
    expect(chip.request(Op.readReg, words(0), 1001)).toHaveLength(1);
    expect(chip.request(Op.readReg, words(0), 1002)).toEqual([]);
    expect(chip.request(Op.readReg, words(0), 20_000)).toHaveLength(1);
  });

  it('sends flash in packets, no more at once than may be under way, and their digest at the end', () => {
    const chip = connect('esp32', new NorFlash(0x100000, Uint8Array.from({ length: 10_000 }, (_, i) => i & 0xff)));
    chip.startStub();
    const started = new Uint8Array(24);
    started.set([0, Op.readFlash, 16, 0]);
    started.set(words(0, 10_000, 4096, 2), 8);
    const [, first, second, ...more] = chip.raw(started, 1000);
    expect([first!.length, second!.length, more.length]).toEqual([4096, 4096, 0]);
    const [third] = chip.raw(words(4096), 1001);
    expect(third).toHaveLength(10_000 - 8192);
    expect(chip.raw(words(8192), 1002)).toEqual([]);
    const [digest] = chip.raw(words(10_000), 1003);
    expect(digest).toEqual(md5(chip.flash.read(0, 10_000)));
  });

  it('erases whole sectors only', () => {
    const chip = connect('esp32', new NorFlash(0x100000, new Uint8Array(0x100000)));
    chip.startStub();
    expect(ok(chip.request(Op.eraseRegion, words(0x1000, 0x1000), 1000))).toBe(true);
    expect(chip.flash.read(0xfff, 2)).toEqual(Uint8Array.of(0, 0xff));
    expect(ok(chip.request(Op.eraseRegion, words(0x1001, 0x1000), 2000))).toBe(false);
    expect(ok(chip.request(Op.eraseRegion, words(0xff000, 0x2000), 3000))).toBe(false);
  });
});
