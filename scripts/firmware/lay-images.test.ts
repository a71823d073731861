import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layImages } from './lay-images.ts';

const flashFiles = {
  esp32: { '0x1000': 'bootloader/bootloader.bin', '0x10000': 'continuum-node.bin', '0x8000': 'partition_table/partition-table.bin', '0x200000': 'guest_0.bin' },
  esp32c3: { '0x0': 'bootloader/bootloader.bin', '0x10000': 'continuum-node.bin', '0x8000': 'partition_table/partition-table.bin' },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'continuum-images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A build folder as ESP-IDF 5.5 leaves it, its images made up. */
function build(chip: keyof typeof flashFiles, version = '1.2.3'): string {
  const at = join(folder, 'build', chip);
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content);
  };
  const entry = (offset: string, file: string) => ({ offset, file, encrypted: 'false' });
  const files: Record<string, string> = flashFiles[chip];
  for (const file of Object.values(files)) write(file, `${chip} ${file}`);
  const bootloaderAt = chip === 'esp32' ? '0x1000' : '0x0';
  write(
    'flasher_args.json',
    JSON.stringify({
      write_flash_args: ['--flash_mode', 'dio', '--flash_size', '4MB', '--flash_freq', '40m'],
      flash_settings: { flash_mode: 'dio', flash_size: '4MB', flash_freq: '40m' },
      flash_files: files,
      bootloader: entry(bootloaderAt, 'bootloader/bootloader.bin'),
      app: entry('0x10000', 'continuum-node.bin'),
      'partition-table': entry('0x8000', 'partition_table/partition-table.bin'),
      ...('0x200000' in files && { guest_0: entry('0x200000', 'guest_0.bin') }),
      extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip },
    }),
  );
  write('project_description.json', JSON.stringify({ version: '1.2', project_name: 'continuum-node', project_version: version, target: chip }));
  return at;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('laying out the built images', () => {
  // A page would write a part to the wrong place, or could not tell that it arrived damaged.
  it('lists each part with its place, size and digest, as ESP Web Tools reads them', () => {
    const into = join(folder, 'dist');
    layImages([build('esp32'), build('esp32c3')], into);
    const manifest = JSON.parse(readFileSync(join(into, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'Continuum node', version: '1.2.3', new_install_prompt_erase: true });
    expect(manifest.builds.map((one: { chipFamily: string }) => one.chipFamily)).toEqual(['ESP32', 'ESP32-C3']);
    const [esp32, esp32c3] = manifest.builds;
    expect(esp32.parts.map(({ name, offset, path }: Record<string, unknown>) => [name, offset, path])).toEqual([
      ['bootloader', 0x1000, 'esp32/bootloader.bin'],
      ['partition-table', 0x8000, 'esp32/partition-table.bin'],
      ['app', 0x10000, 'esp32/continuum-node.bin'],
      ['guest_0', 0x200000, 'esp32/guest_0.bin'],
    ]);
    expect(esp32c3.parts[0]).toMatchObject({ name: 'bootloader', offset: 0, path: 'esp32c3/bootloader.bin' });
    for (const part of [...esp32.parts, ...esp32c3.parts]) {
      const content = readFileSync(join(into, part.path));
      expect(part).toMatchObject({ bytes: content.length, sha256: hash(content) });
    }
  });

  // Whoever downloads a release checks it with these.
  it('writes a digest for every file, in the format of sha256sum', () => {
    const into = join(folder, 'dist');
    layImages([build('esp32c3')], into);
    const lines = readFileSync(join(into, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [, sum, path] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line)!;
      expect(sum).toBe(hash(readFileSync(join(into, path!))));
    }
  });

  it('leaves no file of an earlier build behind', () => {
    const into = join(folder, 'dist');
    layImages([build('esp32'), build('esp32c3')], into);
    layImages([build('esp32c3')], into);
    expect(existsSync(join(into, 'esp32'))).toBe(false);
    expect(existsSync(join(into, 'esp32c3/bootloader.bin'))).toBe(true);
  });

  // A page with half of a firmware would be worse than one with none.
  it.each([
    ['an image is missing', (at: string) => rmSync(join(at, 'continuum-node.bin')), /continuum-node\.bin.*is missing/],
    ['it is no finished build', (at: string) => rmSync(join(at, 'flasher_args.json')), /no finished build/],
  ])('changes nothing and says why when %s', (_what, damage, reason) => {
    const into = join(folder, 'dist');
    layImages([build('esp32c3')], into);
    const before = readFileSync(join(into, 'manifest.json'), 'utf8');
    const other = build('esp32');
    damage(other);
    expect(() => layImages([other], into)).toThrow(reason);
    expect(readFileSync(join(into, 'manifest.json'), 'utf8')).toBe(before);
  });

  it('mixes no versions', () => {
    expect(() => layImages([build('esp32', '1.0.0'), build('esp32c3', '1.1.0')], join(folder, 'dist'))).toThrow(/Build both again/);
  });
});
