/** `npm run esptool-bridge`: a virtual board that esptool and other programs reach over TCP, as over a serial port. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ChipFamily, chipModels } from '../web/devices/virtual-board/rom/chip-model.ts';
import { openBridgedBoard } from './esptool-bridge/bridged-board.ts';

const usage = `npm run esptool-bridge -- [options]

  --chip NAME    ${Object.keys(chipModels).join(', ')} (esp32)
  --port PORT    on 127.0.0.1 (4000)
  --seed NUMBER  of the board's MAC (1)
  --flash FILE   what lies in its flash; written back at the end
  --fast         neither the line nor the flash takes time

Then: esptool --port rfc2217://127.0.0.1:4000 flash-id`;

function giveUp(why: string): never {
  console.error(why);
  process.exit(1);
}

function parameters() {
  try {
    return parseArgs({
      options: {
        chip: { type: 'string', default: 'esp32' },
        port: { type: 'string', default: '4000' },
        seed: { type: 'string', default: '1' },
        flash: { type: 'string' },
        fast: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return giveUp(`${(error as Error).message}\n\n${usage}`);
  }
}

function isFamily(name: string): name is ChipFamily {
  return Object.hasOwn(chipModels, name);
}

function contents(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return giveUp(`${file} cannot be read: ${(error as Error).message}`);
  }
}

const chosen = parameters();
if (chosen.help) {
  console.log(usage);
  process.exit(0);
}
const { chip, port, seed, flash, fast } = chosen;
if (!isFamily(chip)) giveUp(`There is no chip "${chip}".\n\n${usage}`);
if (!/^\d+$/.test(port) || Number(port) > 65_535) giveUp(`"${port}" is no TCP port.\n\n${usage}`);
if (!/^\d+$/.test(seed)) giveUp(`"${seed}" is no seed: it is a whole number.\n\n${usage}`);
const { board, bridge } = await openBridgedBoard({ chip, seed: Number(seed), paced: !fast, flashContents: contents(flash), port: Number(port) }).catch(
  (error: unknown) => giveUp(`The bridge does not start: ${(error as Error).message}`),
);
board.watchMode((mode) => console.log('reason' in mode ? `${mode.kind}: ${mode.reason}` : mode.kind));
console.log(`A virtual ${chip} (${board.mac}) waits at ${bridge.url}`);

async function end(): Promise<void> {
  await bridge.close();
  board.power(false);
  if (flash !== undefined) writeFileSync(flash, board.flashCopy());
  process.exit(0);
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
