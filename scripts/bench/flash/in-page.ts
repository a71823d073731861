/** Installs the same image on two paced virtual boards: once with this project's flasher, once with plain esptool-js. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ESPLoader, Transport } from 'esptool-js';
import { zlibSync } from 'fflate';
import { Flasher } from '../../../web/devices/flash/flasher.ts';
import { pageClock } from '../../../web/devices/flash/flasher-clock.ts';
import { composeImage } from '../../../web/devices/image/compose-image.ts';
import { buildVirtualImage } from '../../../web/devices/virtual-board/rom/virtual-image.ts';
import { VirtualBoard } from '../../../web/devices/virtual-board/rom/virtual-board.ts';

export const baud = 921_600;
const bitsPerByte = 10;

const parts = buildVirtualImage({ chip: 'esp32', version: '1.0.0' });

export interface FlashTimes {
  connectMs: number;
  /** From the connection to the verified image. */
  installMs: number;
}

export interface ImageSize {
  imageBytes: number;
  compressedBytes: number;
  /** What the compressed image needs on the wire, and no more. */
  idealMs: number;
}

export function imageSize(): ImageSize {
  const imageBytes = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const compressedBytes = parts.reduce((sum, { bytes }) => sum + zlibSync(bytes, { level: 9 }).length, 0);
  return { imageBytes, compressedBytes, idealMs: (compressedBytes * bitsPerByte * 1000) / baud };
}

export async function timeFlasher(seed: number): Promise<FlashTimes> {
  const board = newBoard(seed);
  let verifiedMs = 0;
  // The last step of the work is heard when all is verified; the restart of the board follows.
  const flasher = new Flasher(board.port, ({ kind }) => {
    if (kind === 'working') verifiedMs = performance.now();
  });
  const image = composeImage(parts, { title: 'firmware' });
  const beganMs = performance.now();
  await flasher.connect();
  if (flasher.state.kind !== 'connected' || flasher.state.baud !== baud) throw new Error(flasher.logBundle('bench'));
  const connectedMs = performance.now();
  if (!(await flasher.install(image, { eraseAll: false }))) throw new Error(flasher.logBundle('bench'));
  return finish(board, { connectMs: connectedMs - beganMs, installMs: verifiedMs - connectedMs });
}

export async function timeEsptoolJs(seed: number): Promise<FlashTimes> {
  const board = newBoard(seed);
  const transport = new Transport(board.port as unknown as ConstructorParameters<typeof Transport>[0], false);
  const quiet = { clean: () => {}, write: () => {}, writeLine: () => {} };
  const loader = new ESPLoader({ transport, baudrate: baud, terminal: quiet });
  const beganMs = performance.now();
  await loader.main();
  if (transport.baudrate !== baud) throw new Error(`esptool-js works at ${transport.baudrate} baud.`);
  const connectedMs = performance.now();
  await loader.writeFlash({
    fileArray: parts.map(({ bytes, offset }) => ({ data: bytes, address: offset })),
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (image) => bytesToHex(md5(image)),
  });
  const verifiedMs = performance.now();
  await transport.disconnect();
  return finish(board, { connectMs: connectedMs - beganMs, installMs: verifiedMs - connectedMs });
}

function newBoard(seed: number): VirtualBoard {
  return new VirtualBoard({ chip: 'esp32', clock: pageClock, seed, latencyMs: 1 });
}

function finish(board: VirtualBoard, times: FlashTimes): FlashTimes {
  for (const { offset, bytes, name } of parts) {
    if (board.flashCopy(offset, bytes.length).some((byte, i) => byte !== bytes[i])) throw new Error(`The ${name} in flash is wrong.`);
  }
  board.power(false);
  return times;
}
