/**
 * What tells one chip family from another on the wire. Addresses and values are those of the technical reference
 * manuals and of esptool's targets: https://github.com/espressif/esptool/tree/master/esptool/targets
 */
export type ChipFamily = 'esp32' | 'esp32s3' | 'esp32c3' | 'esp32c6';

/** What the eFuses of a chip say that differs from board to board. */
export interface ChipEfuses {
  /** Six bytes. */
  mac: Uint8Array;
  secureBoot: boolean;
  flashEncryption: boolean;
}

export interface ChipModel {
  /** In the header of an image, and in the answer to GET_SECURITY_INFO. */
  imageChipId: number;
  bootloaderOffset: number;
  /** The ESP32's ROM knows no GET_SECURITY_INFO, and FLASH_BEGIN has no fifth word there. */
  hasSecurityInfo: boolean;
  spiBase: number;
  /** From `spiBase`. */
  spiUser: { usr: number; usr1: number; usr2: number; w0: number };
  uartClockDividerAddress: number;
  crystalHz: number;
  /** Registers that do not change while the chip runs. */
  registers(efuses: ChipEfuses): Map<number, number>;
  bootText: BootText;
}

/** What the ROM says when it starts, in the words that programs look for. */
export interface BootText {
  banner: string;
  reset: { power: string; software: string; watchdog: string; brownout: string };
  run: string;
  download: string;
}

/** CRC-8 of Maxim's 1-Wire, which guards the MAC in an ESP32. */
function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x8c : 0);
  }
  return crc;
}

const macLow = ([, , c, d, e, f]: Uint8Array) => ((c! << 24) | (d! << 16) | (e! << 8) | f!) >>> 0;
const macHigh = ([a, b]: Uint8Array) => (a! << 8) | b!;

const ESP32_EFUSE = 0x3ff5a000;

/** An ESP32-D0WD-V3, revision 3.1, on a board with a crystal of 40 MHz. */
const esp32: ChipModel = {
  imageChipId: 0,
  bootloaderOffset: 0x1000,
  hasSecurityInfo: false,
  spiBase: 0x3ff42000,
  spiUser: { usr: 0x1c, usr1: 0x20, usr2: 0x24, w0: 0x80 },
  uartClockDividerAddress: 0x3ff40014,
  crystalHz: 40_000_000,
  registers: ({ mac, secureBoot, flashEncryption }) =>
    new Map([
      [0x40001000, 0x00f01d83],
      [ESP32_EFUSE, flashEncryption ? 1 << 20 : 0],
      [ESP32_EFUSE + 0x04, macLow(mac)],
      [ESP32_EFUSE + 0x08, (crc8(mac) << 16) | macHigh(mac)],
      // Revision bit 0, rated for 240 MHz, package 1.
      [ESP32_EFUSE + 0x0c, (1 << 15) | (1 << 13) | (1 << 9)],
      // Reference voltage calibrated; frequency of the 8 MHz oscillator, from which the crystal is computed.
      [ESP32_EFUSE + 0x10, (0x10 << 8) | 50],
      // Minor revision 1, revision bit 1.
      [ESP32_EFUSE + 0x14, (1 << 24) | (1 << 20)],
      [ESP32_EFUSE + 0x18, secureBoot ? 1 << 5 : 0],
      // An encryption key that can be read back as something else than zero.
      ...(flashEncryption ? ([[ESP32_EFUSE + 0x38, 0x5eedf00d]] as const) : []),
      // Revision bit 2.
      [0x3ff6607c, 0x80000000],
      // 2048 ticks of calibration times the oscillator's 50 make 40 MHz.
      [0x3ff5f06c, 2048 << 7],
      [0x3ff44038, 0x13],
    ]),
  bootText: {
    banner: '\r\nets Jul 29 2019 12:21:46\r\n\r\n',
    reset: {
      power: 'rst:0x1 (POWERON_RESET)',
      software: 'rst:0xc (SW_CPU_RESET)',
      watchdog: 'rst:0x10 (RTCWDT_RTC_RESET)',
      brownout: 'rst:0xf (RTCWDT_BROWN_OUT_RESET)',
    },
    run: 'boot:0x13 (SPI_FAST_FLASH_BOOT)',
    download: 'boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))',
  },
};

interface LaterChip {
  imageChipId: number;
  magic: number;
  efuseBase: number;
  spiBase: number;
  strapAddress: number;
  /** Words 3 to 5 of eFuse block 1: package, revision, embedded memory. */
  block1: readonly [number, number, number];
  bootText: BootText;
}

/** The chips since the S2 differ in addresses only. */
function laterChip({ imageChipId, magic, efuseBase, spiBase, strapAddress, block1, bootText }: LaterChip): ChipModel {
  return {
    imageChipId,
    bootloaderOffset: 0,
    hasSecurityInfo: true,
    spiBase,
    spiUser: { usr: 0x18, usr1: 0x1c, usr2: 0x20, w0: 0x58 },
    uartClockDividerAddress: 0x60000014,
    crystalHz: 40_000_000,
    registers: ({ mac, secureBoot, flashEncryption }) =>
      new Map([
        [0x40001000, magic],
        // Encryption count, and the purpose of key 0: XTS-AES-128.
        [efuseBase + 0x34, flashEncryption ? (1 << 18) | (4 << 24) : 0],
        [efuseBase + 0x38, secureBoot ? 1 << 20 : 0],
        [efuseBase + 0x44, macLow(mac)],
        [efuseBase + 0x48, macHigh(mac)],
        [efuseBase + 0x50, block1[0]],
        [efuseBase + 0x54, block1[1]],
        [efuseBase + 0x58, block1[2]],
        [strapAddress, 0x8],
      ]),
    bootText,
  };
}

const laterResets = {
  power: 'rst:0x1 (POWERON)',
  software: 'rst:0xc (RTC_SW_CPU_RST)',
  watchdog: 'rst:0x10 (RTCWDT_RTC_RST)',
  brownout: 'rst:0xf (BROWNOUT_RST)',
};

/** Revision 0.2, 8 MB of PSRAM. */
const esp32s3 = laterChip({
  imageChipId: 9,
  magic: 9,
  efuseBase: 0x60007000,
  spiBase: 0x60002000,
  strapAddress: 0x60004038,
  block1: [2 << 18, (1 << 3) | (1 << 7), 0],
  bootText: {
    banner: 'ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n',
    reset: laterResets,
    run: 'boot:0x8 (SPI_FAST_FLASH_BOOT)',
    download: 'boot:0x0 (DOWNLOAD(USB/UART0))',
  },
});

/** Revision 0.4. */
const esp32c3 = laterChip({
  imageChipId: 5,
  magic: 0x1b31506f,
  efuseBase: 0x60008800,
  spiBase: 0x60002000,
  strapAddress: 0x60004038,
  block1: [4 << 18, 0, 0],
  bootText: {
    banner: 'ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n',
    reset: laterResets,
    run: 'boot:0xc (SPI_FAST_FLASH_BOOT)',
    download: 'boot:0x4 (DOWNLOAD(USB/UART0/1))',
  },
});

/** A chip that our firmware is not built for. */
const esp32c6 = laterChip({
  imageChipId: 13,
  magic: 0x2ce0806f,
  efuseBase: 0x600b0800,
  spiBase: 0x60003000,
  strapAddress: 0x60091038,
  block1: [1 << 18, 0, 0],
  bootText: {
    banner: 'ESP-ROM:esp32c6-20220919\r\nBuild:Sep 19 2022\r\n',
    reset: laterResets,
    run: 'boot:0xc (SPI_FAST_FLASH_BOOT)',
    download: 'boot:0x4 (DOWNLOAD(USB/UART0/SDIO_REI_FEO))',
  },
});

export const chipModels: Record<ChipFamily, ChipModel> = { esp32, esp32s3, esp32c3, esp32c6 };
