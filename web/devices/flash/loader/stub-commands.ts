/**
 * Commands of esptool's stub that esptool-js has not or drives too slowly, each with a deadline of its own. What the stub
 * does is documented at https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/serial-protocol.html;
 * that an answer to data comes before they are written, and that the failure of that writing is the answer to the next
 * command, which then is not carried out, is how https://github.com/espressif/esp-flasher-stub works.
 */
import type { ESPLoader } from 'esptool-js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FlashLog } from '../flash-log.ts';
import { NoAnswer, type BoardTransport } from './board-transport.ts';
import { slipEncode } from './slip.ts';

const op = {
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  changeBaud: 0x0f,
  md5: 0x13,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  readReg: 0x0a,
} as const;

const okStatus = 0x00;
/** The frame was not carried out, and nothing before it is affected. */
const wrongLength = 0xc0;
const wrongChecksum = 0xc1;
const notWriting = 0xc6;

const answerMs = 3000;
/** Of slow chips; the data sheets' worst cases, as esptool takes them. */
const writeMsPerByte = 40_000 / 1e6;
const eraseMsPerByte = 30_000 / 1e6;
const md5MsPerByte = 8000 / 1e6;
const chipEraseMs = 120_000;

const readPacketBytes = 4096;
const checksumSeed = 0xef;
/** Any chip has it: the register by which esptool tells chips apart. */
const magicRegister = 0x40001000;

/** The stub refused a command. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;

  constructor(what: string, status: number) {
    super(`${what} was refused with status 0x${status.toString(16)}.`);
    this.status = status;
  }
}

export class StubCommands {
  readonly #loader: ESPLoader;
  readonly #transport: BoardTransport;
  readonly #log: FlashLog;

  constructor(loader: ESPLoader, transport: BoardTransport, log: FlashLog) {
    this.#loader = loader;
    this.#transport = transport;
    this.#log = log;
  }

  /** Of a range of flash, 32 hexadecimal digits. */
  async md5(offset: number, bytes: number): Promise<string> {
    const answer = await this.#command(op.md5, words(offset, bytes, 0, 0), 'MD5', answerMs + bytes * md5MsPerByte);
    if (answer.length < 16) throw new NoAnswer('The MD5 came cut off.');
    return bytesToHex(answer.subarray(0, 16));
  }

  async eraseRegion(offset: number, bytes: number): Promise<void> {
    await this.#command(op.eraseRegion, words(offset, bytes), 'Erasing', answerMs + bytes * eraseMsPerByte);
  }

  async eraseFlash(): Promise<void> {
    await this.#command(op.eraseFlash, new Uint8Array(0), 'Erasing the whole flash', chipEraseMs);
  }

  async beginDeflated(offset: number, bytes: number, compressedBytes: number, blockBytes: number, waitMs: number): Promise<void> {
    const blocks = Math.ceil(compressedBytes / blockBytes);
    await this.#command(op.deflateBegin, words(bytes, blocks, blockBytes, offset), 'Beginning to write', waitMs);
  }

  /**
   * A block that arrived damaged is sent again; `arrived` is false after so many tries that the line must be bad.
   *
   * With `compare` the MD5 of a range is asked for right before, in the same breath: the chip computes it while the block
   * is on its way. That is safe only when the stub has nothing to do yet, as after the beginning of a stream: its two
   * buffers then hold the question and the block.
   */
  async deflatedBlock(
    sequence: number,
    block: Uint8Array,
    waitMs: number,
    compare: { offset: number; bytes: number } | null = null,
  ): Promise<{ arrived: boolean; md5: string | null }> {
    const data = dataOf(sequence, block);
    const checksum = checksumOf(block);
    const wireMs = (data.length * 10_000) / this.#transport.baudrate;
    const md5 = compare ? await this.#askBoth(compare, data, checksum, waitMs + 2 * wireMs) : null;
    for (let tries = 0; tries < 6; tries++) {
      const status = md5 && tries === 0 ? md5.status : await this.#status(op.deflateData, data, checksum, waitMs + 2 * wireMs);
      if (status === okStatus) return { arrived: true, md5: md5?.md5 ?? null };
      if (status !== wrongLength && status !== wrongChecksum) throw new Refused('Writing', status);
      this.#log.add(`block ${sequence} arrived damaged`);
    }
    return { arrived: false, md5: null };
  }

  /** Refused unless all bytes that were announced were written. */
  async endDeflated(waitMs: number): Promise<void> {
    await this.#command(op.deflateEnd, words(1), 'Ending to write', waitMs);
  }

  async changeBaud(baud: number, oldBaud: number): Promise<void> {
    await this.#command(op.changeBaud, words(baud, oldBaud), `Changing to ${baud} baud`, answerMs);
  }

  /** Whether the stub gets so many bytes at once without losing one. It refuses them, as it was told of no writing. */
  async takesFrame(bytes: number): Promise<boolean> {
    const block = Uint8Array.from({ length: bytes }, (_, i) => (i * 89) & 0xff);
    const wireMs = (bytes * 10_000) / this.#transport.baudrate;
    const status = await this.#status(op.deflateData, dataOf(0, block), checksumOf(block), 500 + 2 * wireMs);
    if (status !== notWriting) this.#log.add(`a frame of ${bytes} bytes: status 0x${status.toString(16)}`);
    return status === notWriting;
  }

  /** Whether the stub answers at all. */
  async answers(): Promise<boolean> {
    try {
      await this.#command(op.readReg, words(magicRegister), 'Asking for a sign', 300);
      return true;
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof Refused) return false;
      throw error;
    }
  }

  /** Ends what the stub may be in the middle of, a frame or a transfer, so that it listens to commands again. */
  async resynchronise(): Promise<boolean> {
    for (let tries = 0; tries < 3; tries++) {
      await this.#transport.writeRaw(Uint8Array.of(0xc0, 0xc0));
      await this.#transport.drainInput(60, 1500);
      if (await this.answers()) return true;
    }
    return false;
  }

  /** Reads flash; `take` gets the pieces in order. Rejects when the stub's own MD5 of what it sent is another. */
  async readFlash(offset: number, bytes: number, take: (piece: Uint8Array) => void, md5Of: () => string): Promise<void> {
    await this.#command(op.readFlash, words(offset, bytes, readPacketBytes, 1), 'Reading flash', answerMs);
    const wireMs = (2 * readPacketBytes * 10_000) / this.#transport.baudrate;
    let done = 0;
    while (done < bytes) {
      const wanted = Math.min(readPacketBytes, bytes - done);
      const piece = await this.#transport.read(1000 + wireMs);
      if (piece.length !== wanted) throw new NoAnswer(`A piece of ${piece.length} bytes came instead of ${wanted}.`);
      take(piece);
      done += piece.length;
      await this.#transport.write(words(done));
    }
    const md5 = bytesToHex(await this.#transport.read(answerMs));
    if (md5 !== md5Of()) throw new NoAnswer('What was read arrived damaged.');
  }

  /** How long the stub may take to write what decompresses to so many bytes. */
  writeMs(bytes: number): number {
    return answerMs + bytes * writeMsPerByte;
  }

  async #command(code: number, data: Uint8Array, what: string, waitMs: number): Promise<Uint8Array> {
    const answer = await this.#ask(code, data, 0, waitMs);
    const payload = answer.subarray(8);
    // The status lies behind the data of the answer, and only an MD5 has any.
    const status = statusAt(payload, code === op.md5 && payload.length >= 18 ? 16 : 0);
    this.#log.add(`${what}: ${status === okStatus ? 'ok' : `status 0x${status.toString(16)}`}`);
    if (status !== okStatus) throw new Refused(what, status);
    return payload;
  }

  async #askBoth(
    { offset, bytes }: { offset: number; bytes: number },
    data: Uint8Array,
    checksum: number,
    waitMs: number,
  ): Promise<{ md5: string; status: number }> {
    const question = slipEncode(frameOf(op.md5, words(offset, bytes, 0, 0), 0));
    const block = slipEncode(frameOf(op.deflateData, data, checksum));
    const both = new Uint8Array(question.length + block.length);
    both.set(question);
    both.set(block, question.length);
    // esptool-js throws away what has come in before each command, and so could throw away the first answer.
    this.#transport.flushInput();
    await this.#transport.writeRaw(both);
    const answer = await this.#transport.readMatching(isAnswerTo(op.md5), waitMs + bytes * md5MsPerByte);
    const written = await this.#transport.readMatching(isAnswerTo(op.deflateData), waitMs);
    return { md5: bytesToHex(answer.subarray(8, 24)), status: statusAt(written, 8) };
  }

  async #status(code: number, data: Uint8Array, checksum: number, waitMs: number): Promise<number> {
    return statusAt(await this.#ask(code, data, checksum, waitMs), 8);
  }

  /** esptool-js's `command` waits anew for each frame that is no answer; here the time is for the answer. */
  async #ask(code: number, data: Uint8Array, checksum: number, waitMs: number): Promise<Uint8Array> {
    await this.#loader.command(code, data, checksum, false);
    return this.#transport.readMatching(isAnswerTo(code), waitMs);
  }
}

/** The stub says what failed in the first byte; the ROM says 1 there, and what in the second. */
function statusAt(answer: Uint8Array, at: number): number {
  return answer[at] === 1 ? answer[at + 1]! : answer[at]!;
}

function isAnswerTo(code: number): (frame: Uint8Array) => boolean {
  return (frame) => frame.length >= 10 && frame[0] === 1 && frame[1] === code;
}

function frameOf(code: number, data: Uint8Array, checksum: number): Uint8Array {
  const frame = new Uint8Array(8 + data.length);
  const view = new DataView(frame.buffer);
  frame[1] = code;
  view.setUint16(2, data.length, true);
  view.setUint32(4, checksum, true);
  frame.set(data, 8);
  return frame;
}

function dataOf(sequence: number, block: Uint8Array): Uint8Array {
  const data = new Uint8Array(16 + block.length);
  data.set(words(block.length, sequence, 0, 0));
  data.set(block, 16);
  return data;
}

function checksumOf(block: Uint8Array): number {
  let checksum = checksumSeed;
  for (const byte of block) checksum ^= byte;
  return checksum;
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  return bytes;
}
