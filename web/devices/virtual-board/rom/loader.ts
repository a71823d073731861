/**
 * What answers a flasher: the loader in the chip's ROM, and once a client has put its stub into RAM, the stub. A stub's
 * code is not run; what it does is known, so the board does it in its place.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ChipModel } from './chip-model.ts';
import { FlashReader } from './flash-reader.ts';
import { FlashWriter } from './flash-writer.ts';
import { blockOf, encodeReply, Failure, Op, parseRequest, type Request } from './loader-protocol.ts';
import type { NorFlash } from './nor-flash.ts';
import { RamUpload } from './ram-upload.ts';
import type { Registers } from './registers.ts';
import { encodeSlip, SlipDecoder } from './slip.ts';

/** A block of 16 KiB, its header and some room, as in the stub. */
const MAX_FRAME_BYTES = 0x4000 + 64;
/** The ROM answers SYNC with something else than 0 here, by which clients tell it from the stub. */
const ROM_SYNC_VALUE = 0x20120707;
const SYNC_PATTERN = new Uint8Array(36).fill(0x55);
SYNC_PATTERN.set([0x07, 0x07, 0x12, 0x20]);
/** A SYNC, and in the ROM a command that it does not know, are answered so often. */
const REPEATS = 8;
const STUB_START_MS = 5;
const MD5_MS_PER_MIB = 400;
const ROM_MD5_MS_PER_MIB = 800;
const SLOW_READ_BYTES = 64;
const EMPTY = new Uint8Array(0);

export interface LoaderSurroundings {
  model: ChipModel;
  flash: NorFlash;
  registers: Registers;
  secureBoot: boolean;
  flashEncryption: boolean;
  /** False: nothing takes time. */
  paced: boolean;
  /** Puts bytes on the line, not before `fromMs`. */
  send(bytes: Uint8Array, fromMs: number): void;
  setBaud(baud: number): void;
  /** Resets the chip by software. */
  restart(): void;
  /** The stub runs. */
  stubStarted(): void;
}

export class Loader {
  readonly #chip: LoaderSurroundings;
  readonly #frames = new SlipDecoder(MAX_FRAME_BYTES);
  #kind: 'rom' | 'stub' = 'rom';
  #synced = false;
  #upload = new RamUpload();
  #writer: FlashWriter | null = null;
  #reader: FlashReader | null = null;
  #lastOp: number = Op.sync;
  /** When the command at work began, and when it ends. */
  #beganMs = 0;
  #busyUntilMs = 0;

  constructor(chip: LoaderSurroundings) {
    this.#chip = chip;
  }

  get kind(): 'rom' | 'stub' {
    return this.#kind;
  }

  /** The ROM takes the baud rate of whoever speaks first. */
  get takesAnyBaud(): boolean {
    return this.#kind === 'rom' && !this.#synced;
  }

  receive(bytes: Uint8Array, atMs: number): void {
    this.#frames.push(bytes, (frame) => this.#frame(frame, atMs));
  }

  #frame(frame: Uint8Array, atMs: number): void {
    if (this.#reader !== null) {
      this.#busyUntilMs = Math.max(this.#busyUntilMs, atMs);
      if (this.#reader.acknowledge(frame)) this.#readOn();
      else this.#reader = null;
      return;
    }
    // There are two buffers: one command at work, one that waits. What comes on top is lost.
    if (atMs < this.#beganMs) return;
    const request = parseRequest(frame);
    if (request === null) return;
    this.#beganMs = Math.max(atMs, this.#busyUntilMs);
    this.#busyUntilMs = this.#beganMs;
    if ('wrongLength' in request) this.#answer(request.op, this.#either(Failure.invalidMessage, Failure.stubWrongLength));
    else this.#execute(request);
    this.#lastOp = request.op;
  }

  #execute(request: Request): void {
    switch (request.op) {
      case Op.sync:
        return this.#sync(request);
      case Op.readReg:
        return this.#answer(request.op, 0, EMPTY, this.#chip.registers.read(request.word(0)));
      case Op.writeReg:
        return this.#writeRegisters(request);
      case Op.memBegin:
        if (request.word(3) === 0) return this.#answer(request.op, this.#either(Failure.failedToAct, Failure.stubWrongLength));
        this.#upload.begin(request.word(3), request.word(0));
        return this.#answer(request.op);
      case Op.memData:
        return this.#memData(request);
      case Op.memEnd:
        return this.#memEnd(request);
      case Op.spiAttach:
      case Op.spiSetParams:
        return this.#answer(request.op);
      case Op.changeBaud:
        this.#answer(request.op);
        return this.#chip.setBaud(request.word(0));
      case Op.flashBegin:
      case Op.deflateBegin:
        return this.#flashBegin(request);
      case Op.flashData:
      case Op.deflateData:
        return this.#flashData(request);
      case Op.flashEnd:
      case Op.deflateEnd:
        return this.#flashEnd(request);
      case Op.md5:
        return this.#md5(request);
      case Op.readFlashSlow:
        if (this.#kind === 'rom') return this.#readSlowly(request);
        return this.#unknown(request.op);
      case Op.securityInfo:
        if (this.#chip.model.hasSecurityInfo) return this.#answer(request.op, 0, this.#securityInfo());
        return this.#unknown(request.op);
      default:
        if (this.#kind === 'stub') return this.#executeInStub(request);
        return this.#unknown(request.op);
    }
  }

  #executeInStub(request: Request): void {
    const { flash } = this.#chip;
    switch (request.op) {
      case Op.eraseFlash:
        this.#spend(flash.eraseAll());
        return this.#answer(request.op);
      case Op.eraseRegion: {
        const [offset, bytes] = [request.word(0), request.word(1)];
        if (!flash.holds(offset, bytes) || offset % 0x1000 !== 0 || bytes % 0x1000 !== 0) return this.#answer(request.op, Failure.stubFlash);
        this.#spend(flash.erase(offset, bytes));
        return this.#answer(request.op);
      }
      case Op.readFlash: {
        const start = { offset: request.word(0), bytes: request.word(1), packetBytes: request.word(2), maxInFlight: request.word(3) };
        if (!flash.holds(start.offset, start.bytes)) return this.#answer(request.op, Failure.stubFlash);
        this.#answer(request.op);
        this.#reader = new FlashReader(flash, start);
        return this.#readOn();
      }
      case Op.runUserCode:
        return this.#chip.restart();
      default:
        return this.#unknown(request.op);
    }
  }

  #sync(request: Request): void {
    if (request.data.length !== SYNC_PATTERN.length || request.data.some((byte, i) => byte !== SYNC_PATTERN[i])) return;
    this.#synced = true;
    for (let i = 0; i < REPEATS; i++) this.#answer(Op.sync, 0, EMPTY, this.#kind === 'rom' ? ROM_SYNC_VALUE : 0);
  }

  #writeRegisters(request: Request): void {
    for (let i = 0; i + 4 <= request.data.length / 4; i += 4) {
      this.#chip.registers.write(request.word(i), request.word(i + 1), request.word(i + 2));
    }
    this.#answer(request.op);
  }

  #memData(request: Request): void {
    const block = this.#block(request);
    if (block === null) return;
    const known = this.#upload.add(block.length);
    this.#answer(request.op, known ? 0 : this.#either(Failure.failedToAct, Failure.stubNotWriting));
  }

  #memEnd(request: Request): void {
    const entry = request.word(1);
    this.#answer(request.op);
    if (entry === 0 || this.#kind === 'stub') return;
    const runs = this.#upload.holdsProgram(entry);
    this.#upload = new RamUpload();
    // Half a program hangs the chip, and nothing answers until it is reset.
    if (!runs) {
      this.#beganMs = Infinity;
      return;
    }
    this.#kind = 'stub';
    this.#spend(STUB_START_MS);
    this.#chip.send(encodeSlip(new TextEncoder().encode('OHAI')), this.#busyUntilMs);
    this.#chip.stubStarted();
  }

  #flashBegin(request: Request): void {
    const stub = this.#kind === 'stub';
    const deflated = request.op === Op.deflateBegin;
    // Since the ESP32-S2 a fifth word says whether to encrypt; the stub does without it.
    const words = request.data.length / 4;
    const fits = stub ? words >= 4 : words === (this.#chip.model.hasSecurityInfo ? 5 : 4);
    if (!fits) return this.#answer(request.op, this.#either(Failure.invalidMessage, Failure.stubWrongLength));
    try {
      this.#writer = new FlashWriter(this.#chip.flash, { offset: request.word(3), bytes: request.word(0), deflated, eraseFirst: !stub });
    } catch {
      return this.#answer(request.op, this.#either(Failure.flashWrite, Failure.stubFlash));
    }
    this.#spend(this.#writer.takeCostMs());
    this.#answer(request.op);
  }

  #flashData(request: Request): void {
    const block = this.#block(request);
    if (block === null) return;
    const writer = this.#writer;
    if (writer === null || writer.deflated !== (request.op === Op.deflateData)) {
      return this.#answer(request.op, this.#either(Failure.failedToAct, Failure.stubNotWriting));
    }
    // The stub acknowledges a block before it writes it, so that the line stays busy, and says with the next answer how it went.
    if (this.#kind === 'stub') {
      this.#answer(request.op, writer.takeFailure());
      writer.write(block);
      this.#spend(writer.takeCostMs());
    } else {
      writer.write(block);
      this.#spend(writer.takeCostMs());
      this.#answer(request.op, writer.takeFailure());
    }
  }

  #flashEnd(request: Request): void {
    const failure = this.#writer?.finish() ?? this.#either(0, Failure.stubNotWriting);
    this.#writer = null;
    this.#answer(request.op, failure);
    if (failure === 0 && request.word(0) === 0) this.#chip.restart();
  }

  #md5(request: Request): void {
    const [offset, bytes] = [request.word(0), request.word(1)];
    if (!this.#chip.flash.holds(offset, bytes)) return this.#answer(request.op, this.#either(Failure.flashRead, Failure.stubFlash));
    this.#spend((bytes / 0x100000) * (this.#kind === 'stub' ? MD5_MS_PER_MIB : ROM_MD5_MS_PER_MIB));
    const digest = md5(this.#chip.flash.read(offset, bytes));
    this.#answer(request.op, 0, this.#kind === 'stub' ? digest : new TextEncoder().encode(bytesToHex(digest)));
  }

  #readSlowly(request: Request): void {
    const [offset, bytes] = [request.word(0), request.word(1)];
    if (bytes > SLOW_READ_BYTES || !this.#chip.flash.holds(offset, bytes)) return this.#answer(request.op, Failure.flashRead);
    const data = new Uint8Array(SLOW_READ_BYTES);
    data.set(this.#chip.flash.read(offset, bytes));
    this.#answer(request.op, 0, data);
  }

  #readOn(): void {
    const { packets, done } = this.#reader!.next();
    for (const packet of packets) this.#chip.send(encodeSlip(packet), this.#busyUntilMs);
    if (done) this.#reader = null;
  }

  #securityInfo(): Uint8Array {
    const info = new Uint8Array(20);
    const view = new DataView(info.buffer);
    view.setUint32(0, this.#chip.secureBoot ? 1 : 0, true);
    info[4] = this.#chip.flashEncryption ? 1 : 0;
    if (this.#chip.flashEncryption) info[5] = 4;
    view.setUint32(12, this.#chip.model.imageChipId, true);
    return info;
  }

  /** Null when it was refused, and that is told. */
  #block(request: Request): Uint8Array | null {
    const block = blockOf(request);
    if (block === 'wrong-length') this.#answer(request.op, this.#either(Failure.invalidMessage, Failure.stubWrongLength));
    else if (block === 'wrong-checksum') this.#answer(request.op, this.#either(Failure.wrongChecksum, Failure.stubWrongChecksum));
    else return block;
    return null;
  }

  #unknown(op: number): void {
    if (this.#kind === 'stub') return this.#answer(op, Failure.stubUnknownCommand);
    // The ROM sends what it answered last with its error in it, and that several times.
    for (let i = 0; i < REPEATS; i++) this.#answer(this.#lastOp === op ? Op.sync : this.#lastOp, Failure.invalidMessage);
  }

  #either(rom: number, stub: number): number {
    return this.#kind === 'rom' ? rom : stub;
  }

  #spend(ms: number): void {
    if (this.#chip.paced) this.#busyUntilMs += ms;
  }

  #answer(op: number, failure = 0, data: Uint8Array = EMPTY, value = 0): void {
    const reply = encodeReply(op, value, failure === 0 ? data : EMPTY, failure, this.#kind === 'rom' ? 4 : 2);
    this.#chip.send(encodeSlip(reply), this.#busyUntilMs);
  }
}
