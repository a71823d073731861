/**
 * The serial protocol of Espressif's loaders: numbers and frames.
 * https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/serial-protocol.html
 */
export const Op = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaud: 0x0f,
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

/** Why a command failed: those below 0xc0 are the ROM's, the others the stub's. */
export const Failure = {
  invalidMessage: 0x05,
  failedToAct: 0x06,
  wrongChecksum: 0x07,
  flashWrite: 0x08,
  flashRead: 0x09,
  inflate: 0x0b,
  stubWrongLength: 0xc0,
  stubWrongChecksum: 0xc1,
  stubFlash: 0xc4,
  stubNotWriting: 0xc6,
  stubInflate: 0xc7,
  stubNotEnoughData: 0xc8,
  stubTooMuchData: 0xc9,
  stubUnknownCommand: 0xff,
} as const;

export interface Request {
  op: number;
  checksum: number;
  data: Uint8Array;
  /** The n-th 32-bit word of the data; 0 beyond its end. */
  word(n: number): number;
}

const HEADER_BYTES = 8;

/** Null for a frame that is no request. `wrongLength`: it says another length than it has. */
export function parseRequest(frame: Uint8Array): Request | { op: number; wrongLength: true } | null {
  if (frame.length < HEADER_BYTES || frame[0] !== 0) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const op = frame[1]!;
  const data = frame.subarray(HEADER_BYTES);
  if (view.getUint16(2, true) !== data.length) return { op, wrongLength: true };
  return {
    op,
    data,
    checksum: view.getUint32(4, true),
    word: (n) => (data.length >= 4 * n + 4 ? view.getUint32(HEADER_BYTES + 4 * n, true) : 0),
  };
}

/** The reply to a request; the ROM's status has four bytes, the stub's two. */
export function encodeReply(op: number, value: number, data: Uint8Array, failure: number, statusBytes: 2 | 4): Uint8Array {
  const reply = new Uint8Array(HEADER_BYTES + data.length + statusBytes);
  const view = new DataView(reply.buffer);
  reply[0] = 1;
  reply[1] = op;
  view.setUint16(2, data.length + statusBytes, true);
  view.setUint32(4, value, true);
  reply.set(data, HEADER_BYTES);
  reply[HEADER_BYTES + data.length] = failure === 0 ? 0 : 1;
  reply[HEADER_BYTES + data.length + 1] = failure;
  return reply;
}

/** Words before the bytes in FLASH_DATA, FLASH_DEFL_DATA and MEM_DATA: length, sequence number, two of no use. */
const BLOCK_HEADER_BYTES = 16;
const CHECKSUM_SEED = 0xef;

/** The bytes of a data block, or what is wrong with it. */
export function blockOf(request: Request): Uint8Array | 'wrong-length' | 'wrong-checksum' {
  const block = request.data.subarray(BLOCK_HEADER_BYTES);
  if (request.data.length < BLOCK_HEADER_BYTES || request.word(0) !== block.length) return 'wrong-length';
  let checksum = CHECKSUM_SEED;
  for (const byte of block) checksum ^= byte;
  return checksum === (request.checksum & 0xff) ? block : 'wrong-checksum';
}
