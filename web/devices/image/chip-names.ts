/** Chips as images, manifests and loaders name them. */
import type { ChipFamily } from './flash-image.ts';

/** `chip_id` of an image's header. https://github.com/espressif/esp-idf, esp_app_format.h */
const chipNames: Readonly<Record<number, string>> = {
  0: 'ESP32',
  2: 'ESP32-S2',
  5: 'ESP32-C3',
  9: 'ESP32-S3',
  12: 'ESP32-C2',
  13: 'ESP32-C6',
  16: 'ESP32-H2',
  18: 'ESP32-P4',
  20: 'ESP32-C61',
  23: 'ESP32-C5',
  25: 'ESP32-H21',
  28: 'ESP32-H4',
};

/** Where the ROM looks for the bootloader. */
const bootloaderOffsets: Readonly<Record<string, number>> = {
  ESP32: 0x1000,
  'ESP32-S2': 0x1000,
  'ESP32-P4': 0x2000,
  'ESP32-C5': 0x2000,
};

/** esptool's name of the chip: `ESP32-S3`; `chip 99` for one that is not known here. */
export function chipNameOf(chipId: number): string {
  return chipNames[chipId] ?? `chip ${chipId}`;
}

export function bootloaderOffsetOf(chipName: string): number {
  return bootloaderOffsets[chipName] ?? 0;
}

/** From `ESP32-S3`, `esp32s3` or `ESP32S3`. */
export function familyOf(chipName: string): ChipFamily {
  const plain = plainName(chipName);
  return plain === 'esp32' || plain === 'esp32s3' || plain === 'esp32c3' ? plain : 'other';
}

export function sameChip(one: string, other: string): boolean {
  return plainName(one) === plainName(other);
}

function plainName(chipName: string): string {
  return chipName.toLowerCase().replaceAll('-', '');
}
