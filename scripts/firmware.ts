/** `npm run firmware`: builds the firmware and lays its images where the page finds them. Installs nothing. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeGuestSlot } from '../web/devices/image/guest-slot-image.ts';
import { containedIdf, IDF_IMAGE, IDF_SERIES, installedIdf, type IdfCommand } from './firmware/esp-idf.ts';
import { layImages } from './firmware/lay-images.ts';
import { giveUp, root, run } from './setup/project.mjs';

const targets = ['esp32', 'esp32s3', 'esp32c3'];
const usage = `npm run firmware -- [options]

  --target LIST   which chips, separated by commas (${targets.join(',')})
  --container     builds in ${IDF_IMAGE} by docker or podman, instead of an installed ESP-IDF ${IDF_SERIES}
  --native        runs the guest that is compiled in, for strategy E
  --guest FILE    the module that a fresh board runs (web/guest/modules/irrigation-c.wasm)
  --lay-only      builds nothing; lays out what was built before

Settings of your own, pins for example, go into firmware/sdkconfig.local, in the form of sdkconfig.defaults.`;

const options = chosenOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const chosen = options.target.split(',');
const unknown = chosen.filter((target) => !targets.includes(target));
if (unknown.length > 0) giveUp(`There is no target ${unknown.join(', ')}; there are ${targets.join(', ')}.`);

try {
  if (!options['lay-only']) {
    const idf = options.container ? containedIdf(root) : installedIdf(root);
    const guest = writeGuestSlot(options.guest);
    for (const target of chosen) build(idf, target, guest);
  }
  const { version, builds } = layImages(chosen.map((target) => join(root, buildFolder(target))), join(root, 'firmware', 'dist'));
  console.log(`\n  Firmware ${version} for ${builds.map(({ chipFamily }) => chipFamily).join(', ')} lies in firmware/dist.`);
  console.log('  "npm run dev" serves it at once; "npm run build" copies it beside the page.\n');
} catch (error) {
  giveUp((error as Error).message);
}

function chosenOptions() {
  try {
    return parseArgs({
      options: {
        target: { type: 'string', default: targets.join(',') },
        container: { type: 'boolean', default: false },
        native: { type: 'boolean', default: false },
        guest: { type: 'string', default: join(root, 'web/guest/modules/irrigation-c.wasm') },
        'lay-only': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return giveUp(`${(error as Error).message}\n\n${usage}`);
  }
}

function buildFolder(target: string): string {
  return `firmware/build/${target}${options.native ? '-native' : ''}`;
}

/** Its path relative to the project's root. Whatever comes by cable or MQTT later has a higher sequence number. */
function writeGuestSlot(file: string): string {
  const path = 'firmware/build/guest_0.bin';
  const name = file.split(/[\\/]/).at(-1) ?? file;
  mkdirSync(join(root, 'firmware/build'), { recursive: true });
  writeFileSync(join(root, path), encodeGuestSlot({ module: readFileSync(file), name, sequence: 1, signer: null }));
  return path;
}

function build(idf: IdfCommand, target: string, guest: string): void {
  const folder = idf.pathOf(buildFolder(target));
  const defaults = ['sdkconfig.defaults', ...(options.native ? ['sdkconfig.native'] : []), 'sdkconfig.local'];
  console.log(`\n=== ${target}`);
  // ESP-IDF would keep the settings of the last build, whatever has changed in the defaults since.
  rmSync(join(root, buildFolder(target), 'sdkconfig'), { force: true });
  const status = run(
    idf.command,
    [
      ...idf.args,
      // A settings file of its own for each target: ESP-IDF's would be rewritten by every change of target.
      ...['-B', folder, '-D', `SDKCONFIG=${folder}/sdkconfig`, '-D', `IDF_TARGET=${target}`],
      ...['-D', `SDKCONFIG_DEFAULTS=${defaults.filter((file) => existsSync(join(root, 'firmware', file))).join(';')}`],
      ...['-D', `GUEST_SLOT_IMAGE=${idf.pathOf(guest)}`, 'build'],
    ],
    { cwd: join(root, 'firmware') },
  );
  if (status !== 0) throw new Error(`The firmware for ${target} was not built; what ESP-IDF said is above.`);
}
