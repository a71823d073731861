/**
 * A serial NOR flash chip. Times are the typical ones of Winbond's W25Q32JV data sheet (revision G, table of AC
 * characteristics): what a loader waits for.
 */
const SECTOR_BYTES = 0x1000;
const BLOCK_BYTES = 0x10000;
const PAGE_BYTES = 256;
const ERASE_SECTOR_MS = 45;
const ERASE_BLOCK_MS = 150;
const PROGRAM_PAGE_MS = 0.4;
/** Chip erase of 4 MiB takes 10 s. */
const ERASE_CHIP_MS_PER_MIB = 2500;

export class NorFlash {
  readonly #cells: Uint8Array<ArrayBuffer>;
  readonly #listeners = new Set<(offset: number, bytes: number) => void>();
  /** Asked for each page that is programmed: true leaves it as it was. */
  wornPage: () => boolean = () => false;

  /** `sizeBytes` is a power of two from 1 to 16 MiB; `contents` is copied, the rest is erased. */
  constructor(sizeBytes: number, contents?: Uint8Array) {
    if (!Number.isInteger(Math.log2(sizeBytes)) || sizeBytes < 0x100000 || sizeBytes > 0x1000000) {
      throw new RangeError(`A flash chip has 1, 2, 4, 8 or 16 MiB, not ${sizeBytes} bytes.`);
    }
    if (contents !== undefined && contents.length > sizeBytes) {
      throw new RangeError(`${contents.length} bytes do not fit into a flash of ${sizeBytes} bytes.`);
    }
    this.#cells = new Uint8Array(sizeBytes).fill(0xff);
    if (contents !== undefined) this.#cells.set(contents);
  }

  get sizeBytes(): number {
    return this.#cells.length;
  }

  /** RDID: manufacturer Winbond, type, and the binary logarithm of the size, lowest byte first. */
  get jedecId(): number {
    return (Math.log2(this.sizeBytes) << 16) | 0x4000 | 0xef;
  }

  watch(hear: (offset: number, bytes: number) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  holds(offset: number, bytes: number): boolean {
    return offset >= 0 && bytes >= 0 && offset + bytes <= this.#cells.length;
  }

  /** A copy. Throws `RangeError` outside the chip, as do the others. */
  read(offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    this.#check(offset, bytes);
    return this.#cells.slice(offset, offset + bytes);
  }

  /** Clears bits, and never sets one. Returns the ms it takes. */
  program(offset: number, data: Uint8Array): number {
    this.#check(offset, data.length);
    let pages = 0;
    for (let at = 0; at < data.length; pages++) {
      const end = Math.min(data.length, at + PAGE_BYTES - ((offset + at) % PAGE_BYTES));
      if (!this.wornPage()) for (let i = at; i < end; i++) this.#cells[offset + i]! &= data[i]!;
      at = end;
    }
    this.#tell(offset, data.length);
    return pages * PROGRAM_PAGE_MS;
  }

  /** Erases all sectors that the range touches. Returns the ms it takes, by blocks of 64 KiB where they fit. */
  erase(offset: number, bytes: number): number {
    const first = offset - (offset % SECTOR_BYTES);
    const end = Math.ceil((offset + bytes) / SECTOR_BYTES) * SECTOR_BYTES;
    if (bytes === 0) return 0;
    this.#check(first, end - first);
    this.#cells.fill(0xff, first, end);
    this.#tell(first, end - first);
    let ms = 0;
    for (let at = first; at < end; ) {
      const whole = at % BLOCK_BYTES === 0 && end - at >= BLOCK_BYTES;
      ms += whole ? ERASE_BLOCK_MS : ERASE_SECTOR_MS;
      at += whole ? BLOCK_BYTES : SECTOR_BYTES;
    }
    return ms;
  }

  /** Returns the ms it takes. */
  eraseAll(): number {
    this.#cells.fill(0xff);
    this.#tell(0, this.sizeBytes);
    return (this.sizeBytes / 0x100000) * ERASE_CHIP_MS_PER_MIB;
  }

  #check(offset: number, bytes: number): void {
    if (!this.holds(offset, bytes)) {
      throw new RangeError(`The flash has ${this.sizeBytes} bytes; ${bytes} at 0x${offset.toString(16)} lie outside.`);
    }
  }

  #tell(offset: number, bytes: number): void {
    for (const hear of this.#listeners) hear(offset, bytes);
  }
}
