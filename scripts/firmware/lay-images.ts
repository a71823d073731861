/**
 * Takes what ESP-IDF built for each target and lays it where the page finds it: the images, `manifest.json` in the
 * format of ESP Web Tools (each part with its name, size and SHA-256 besides), and `SHA256SUMS` for `sha256sum -c`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What we read of ESP-IDF's `flasher_args.json`. */
interface FlasherArgs {
  /** Offset, `0x10000`, to file, relative to the build folder. */
  flash_files: Record<string, string>;
  extra_esptool_args: { chip: string };
}

export interface ManifestPart {
  /** Relative to the manifest. */
  path: string;
  offset: number;
  /** `bootloader`, `partition-table`, `app`, or the name of the partition. */
  name: string;
  bytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

export interface FirmwareManifest {
  name: string;
  version: string;
  /** ESP Web Tools asks whether to erase a board that had another firmware. */
  new_install_prompt_erase: true;
  /** Seconds in which a board answers over Improv after it was installed. */
  new_install_improv_wait_time: number;
  builds: { chipFamily: string; parts: ManifestPart[] }[];
}

/** How ESP Web Tools writes the chips' names. */
const chipFamilies: Readonly<Record<string, string>> = { esp32: 'ESP32', esp32s3: 'ESP32-S3', esp32c3: 'ESP32-C3' };

/**
 * `builds` are ESP-IDF's build folders, one for each target. Replaces `into` only when everything is there; throws an
 * `Error` with a sentence otherwise.
 */
export function layImages(builds: readonly string[], into: string): FirmwareManifest {
  const read = builds.map(readBuild);
  const [first] = read;
  if (first === undefined) throw new Error('No build was given, so there is nothing to lay out.');
  const other = read.find(({ version }) => version !== first.version);
  if (other) throw new Error(`${first.chip} is version ${first.version}, but ${other.chip} is ${other.version}. Build both again.`);

  const manifest: FirmwareManifest = {
    name: 'Continuum node',
    version: first.version,
    new_install_prompt_erase: true,
    new_install_improv_wait_time: 15,
    builds: read.map(({ chipFamily, files }) => ({ chipFamily, parts: files.map(({ part }) => part) })),
  };
  const fresh = `${into}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const files = read.flatMap((build) => build.files);
  for (const { part, content } of files) {
    mkdirSync(dirname(join(fresh, part.path)), { recursive: true });
    writeFileSync(join(fresh, part.path), content);
  }
  const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(fresh, 'manifest.json'), manifestText);
  const sums = [...files.map(({ part }) => [part.sha256, part.path]), [sha256(Buffer.from(manifestText)), 'manifest.json']];
  writeFileSync(join(fresh, 'SHA256SUMS'), sums.map(([sum, path]) => `${sum}  ${path}\n`).join(''));
  rmSync(into, { recursive: true, force: true });
  renameSync(fresh, into);
  return manifest;
}

function readBuild(folder: string) {
  const args = readJson(join(folder, 'flasher_args.json')) as FlasherArgs;
  const { project_version: version } = readJson(join(folder, 'project_description.json')) as { project_version: string };
  const { chip } = args.extra_esptool_args;
  const chipFamily = chipFamilies[chip];
  if (chipFamily === undefined) throw new Error(`${folder} was built for ${chip}; the page knows ${Object.keys(chipFamilies).join(', ')}.`);
  const files = Object.entries(args.flash_files)
    .map(([offset, file]) => readPart(folder, chip, Number(offset), file, nameOf(args, file)))
    .sort((a, b) => a.part.offset - b.part.offset);
  return { chip, chipFamily, version, files };
}

function readPart(folder: string, chip: string, offset: number, file: string, name: string) {
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`${path}, which flasher_args.json names, is missing. Build again.`);
  const content = readFileSync(path);
  const part: ManifestPart = { path: `${chip}/${basename(file)}`, offset, name, bytes: content.length, sha256: sha256(content) };
  return { part, content };
}

/** ESP-IDF lists each image a second time, under its name. */
function nameOf(args: FlasherArgs, file: string): string {
  const named = Object.entries(args as unknown as Record<string, { file?: string }>).find(([, value]) => value.file === file);
  return named?.[0] ?? basename(file, '.bin');
}

function readJson(path: string): unknown {
  if (!existsSync(path)) throw new Error(`${path} is missing, so this is no finished build of ESP-IDF.`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
