/** The chip's registers as a loader's READ_REG and WRITE_REG reach them, with enough of the SPI controller to ask the flash. */
import type { ChipModel } from './chip-model.ts';
import type { NorFlash } from './nor-flash.ts';

/** Commands of a serial flash chip that give an answer of up to 32 bits. */
const READ_ID = 0x9f;
const READ_STATUS_1 = 0x05;
const READ_STATUS_2 = 0x35;
const READ_STATUS_3 = 0x15;
const READ_SFDP = 0x5a;
const SFDP_SIGNATURE = 0x50444653;
/** Status register 2 of a chip in quad mode. */
const QUAD_ENABLE = 0x02;

const USER_COMMAND = 1 << 18;
const DEFAULT_USR = 0x80000000;

export class Registers {
  readonly #model: ChipModel;
  readonly #flash: NorFlash;
  readonly #fixed: Map<number, number>;
  /** What was written since the last reset. */
  readonly #written = new Map<number, number>();
  readonly #baud: () => number;

  /** `baud`: that of UART0, for its clock divider. */
  constructor(model: ChipModel, flash: NorFlash, fixed: Map<number, number>, baud: () => number) {
    this.#model = model;
    this.#flash = flash;
    this.#fixed = fixed;
    this.#baud = baud;
  }

  read(address: number): number {
    if (address === this.#model.uartClockDividerAddress) return Math.round(this.#model.crystalHz / this.#baud());
    if (address === this.#model.spiBase + this.#model.spiUser.usr) return this.#written.get(address) ?? DEFAULT_USR;
    return (this.#written.get(address) ?? this.#fixed.get(address) ?? 0) >>> 0;
  }

  write(address: number, value: number, mask: number): void {
    // eFuses and ROM are read only.
    if (this.#fixed.has(address)) return;
    if (address === this.#model.spiBase && (value & USER_COMMAND) !== 0) {
      this.#runFlashCommand();
      return;
    }
    this.#written.set(address, ((this.read(address) & ~mask) | (value & mask)) >>> 0);
  }

  #runFlashCommand(): void {
    const { spiBase, spiUser } = this.#model;
    const command = this.read(spiBase + spiUser.usr2) & 0xff;
    const answer = this.#answer(command);
    if (answer !== null) this.#written.set(spiBase + spiUser.w0, answer);
  }

  #answer(command: number): number | null {
    switch (command) {
      case READ_ID:
        return this.#flash.jedecId;
      case READ_STATUS_2:
        return QUAD_ENABLE;
      case READ_STATUS_1:
      case READ_STATUS_3:
        return 0;
      case READ_SFDP:
        return SFDP_SIGNATURE;
      default:
        return null;
    }
  }
}
