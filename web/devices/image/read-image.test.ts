import { sha256 } from '@noble/hashes/sha2.js';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { buildVirtualImage } from '../virtual-board/rom/virtual-image.ts';
import type { ChipFacts } from '../flash/flash-state.ts';
import { checkImage } from './check-image.ts';
import { composeImage } from './compose-image.ts';
import type { ImageFile } from './flash-image.ts';
import { guessOffset, readImage, readParts } from './read-image.ts';

const parts = buildVirtualImage({ chip: 'esp32', version: '1.2.3', appBytes: 30_000 });
const [bootloader, table, app] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];

const chip: ChipFacts = {
  description: 'ESP32-D0WD-V3',
  family: 'esp32',
  familyName: 'ESP32',
  revision: 'v3',
  features: [],
  crystalMhz: 40,
  mac: '06:5e:32:00:00:01',
  flashBytes: 4 * 1024 * 1024,
  flashId: '1640ef',
  secureBoot: false,
  flashEncryption: false,
};

function file(path: string, bytes: Uint8Array): ImageFile {
  return { path, bytes: () => Promise.resolve(new Uint8Array(bytes)) };
}

function text(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

const flasherArgs = text({
  flash_files: { '0x1000': 'bootloader/bootloader.bin', '0x8000': 'partition_table/partition-table.bin', '0x10000': 'node.bin' },
  extra_esptool_args: { chip: 'esp32' },
});

const buildFiles: Record<string, Uint8Array> = {
  'build/flasher_args.json': flasherArgs,
  'build/bootloader/bootloader.bin': bootloader.bytes,
  'build/partition_table/partition-table.bin': table.bytes,
  'build/node.bin': app.bytes,
  'build/esp-idf/main/libmain.a': new Uint8Array(5000),
};

/** As `esptool merge_bin` fills: erased bytes between the parts. */
function merged(more: { offset: number; bytes: Uint8Array }[] = []): Uint8Array {
  const all = [...parts, ...more];
  const image = new Uint8Array(Math.max(...all.map(({ offset, bytes }) => offset + bytes.length))).fill(0xff);
  for (const { offset, bytes } of all) image.set(bytes, offset);
  return image;
}

describe('a build of ESP-IDF', () => {
  it('is read from its folder, with project, version and chip', async () => {
    const image = await readImage(Object.entries(buildFiles).map(([path, bytes]) => file(path, bytes)));
    expect(image).toMatchObject({ title: 'continuum-node', version: '1.2.3-virtual', familyName: 'ESP32', warnings: [] });
    expect(image.parts.map(({ name, offset }) => [name, offset])).toEqual([
      ['bootloader.bin', 0x1000],
      ['partition-table.bin', 0x8000],
      ['node.bin', 0x10000],
    ]);
    expect(image.contents.map(({ kind }) => kind)).toEqual(['bootloader', 'partition-table', 'app']);
    expect(checkImage(image, chip)).toBeNull();
  });

  it('is read from a zip of it', async () => {
    const image = await readImage([file('build.zip', zipSync(buildFiles))]);
    expect(image.parts.map(({ bytes }) => bytes.length)).toEqual(parts.map(({ bytes }) => bytes.length));
  });

  it('is refused when a file that it names is missing', async () => {
    const files = Object.entries(buildFiles).filter(([path]) => path !== 'build/node.bin');
    await expect(readImage(files.map(([path, bytes]) => file(path, bytes)))).rejects.toThrow(/node\.bin, which flasher_args\.json names, is not there/);
  });

  it('is refused when the zip is damaged', async () => {
    await expect(readImage([file('build.zip', new Uint8Array(100))])).rejects.toThrow('no zip, or is damaged');
  });
});

describe('a merged image', () => {
  it('leaves settings and guests of the board alone', async () => {
    const image = await readImage([file('merged.bin', merged())]);
    const nvs = { from: 0x9000, to: 0xf000 };
    expect(image.parts.every(({ offset, bytes }) => offset + bytes.length <= nvs.from || offset >= nvs.to)).toBe(true);
    expect(image.parts.map(({ offset }) => offset)).toEqual([0x1000, 0x8000, 0x10000]);
    expect(image.warnings[0]).toContain('settings stay');
  });

  it('marks settings that it brings, so that they go only where all is erased', async () => {
    const image = await readImage([file('merged.bin', merged([{ offset: 0xa000, bytes: new Uint8Array(16) }]))]);
    expect(image.parts.filter(({ settings }) => settings).map(({ offset, bytes }) => [offset, bytes.length])).toEqual([[0x9000, 0x6000]]);
  });

  it('keeps what is erased within an app', async () => {
    const image = await readImage([file('merged.bin', merged())]);
    const whole = image.parts.find(({ offset }) => offset === 0x10000)!;
    expect(whole.bytes.subarray(0, app.bytes.length)).toEqual(app.bytes);
  });
});

describe('single files', () => {
  it('find their places by what is in them', () => {
    expect([bootloader, table, app].map(({ bytes }) => guessOffset(bytes))).toEqual([0x1000, 0x8000, 0x10000]);
    expect(guessOffset(new Uint8Array(64))).toBeNull();
  });

  it('are refused with the name of the file when nothing tells where it goes', async () => {
    await expect(readImage([file('spiffs.bin', new Uint8Array(64))])).rejects.toThrow('Nothing in spiffs.bin says where in flash it goes');
  });

  it('are refused when they overlap', async () => {
    const both = [
      { file: file('a.bin', app.bytes), offset: 0x10000 },
      { file: file('b.bin', new Uint8Array(64)), offset: 0x11000 },
    ];
    await expect(readParts(both)).rejects.toThrow('would be overwritten by b.bin');
  });

  it('are refused where flash cannot be erased', async () => {
    await expect(readParts([{ file: file('a.bin', app.bytes), offset: 0x10010 }])).rejects.toThrow('multiple of 0x1000');
  });
});

describe('a damaged image', () => {
  it.each([
    ['cut off', app.bytes.slice(0, 20_000), /cut off/],
    ['changed', app.bytes.map((byte, i) => (i === 9000 ? byte ^ 1 : byte)), /checksum is wrong|SHA-256 is wrong/],
    ['with another hash', app.bytes.map((byte, i) => (i === app.bytes.length - 1 ? byte ^ 1 : byte)), /SHA-256 is wrong/],
  ])('that is %s is refused', (_, bytes, message) => {
    expect(() => composeImage([{ name: 'app', offset: 0x10000, bytes: new Uint8Array(bytes) }], { title: 'x' })).toThrow(message);
  });

  it('in its partition table is refused', () => {
    const bytes = table.bytes.map((byte, i) => (i === 4 ? byte ^ 1 : byte));
    expect(() => composeImage([{ name: 'table', offset: 0x8000, bytes: new Uint8Array(bytes) }], { title: 'x' })).toThrow('partition table is damaged');
  });

  it('of two chips is refused', () => {
    const other = buildVirtualImage({ chip: 'esp32c3', version: '1.2.3', appBytes: 30_000 });
    expect(() => composeImage([bootloader, table, other[2]!], { title: 'x' })).toThrow('do not belong together');
  });
});

it('asks for a newer chip when the image does', () => {
  const bytes = Uint8Array.from(bootloader.bytes);
  new DataView(bytes.buffer).setUint16(15, 301, true);
  bytes.set(sha256(bytes.subarray(0, -32)), bytes.length - 32);
  const image = composeImage([{ name: 'boot.bin', offset: 0x1000, bytes }], { title: 'x' });
  expect(checkImage(image, { ...chip, revision: 'v1' })?.what).toBe('boot.bin needs revision v3.1 of the ESP32 or newer; this board has v1.');
  expect(checkImage(image, { ...chip, revision: 'v3' })).toBeNull();
});

describe('a board that an image does not fit', () => {
  const image = composeImage(parts, { title: 'x' });
  it.each([
    ['another chip', { family: 'esp32c3', familyName: 'ESP32-C3' }, 'wrong-chip'],
    ['a smaller flash', { flashBytes: 2 * 1024 * 1024 }, 'image-too-large'],
    ['a real chip, when it is for virtual ones', { mac: '24:6f:28:00:00:01' }, 'wrong-chip'],
    ['encryption', { flashEncryption: true }, 'encrypted'],
    ['secure boot', { secureBoot: true }, 'secure-boot'],
  ] as const)('for %s is refused with what to do', (_, facts, cause) => {
    const diagnosis = checkImage(image, { ...chip, ...facts });
    expect(diagnosis).toMatchObject({ cause });
    expect(diagnosis!.steps.length).toBeGreaterThan(0);
  });
});
