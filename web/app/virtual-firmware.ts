/**
 * What virtual boards are flashed with where no build of the firmware is served: the same format and layout, with the C
 * guest in its slot, and no machine code.
 */
import guestUrl from '../guest/modules/irrigation-c.wasm?url';
import { composeImage } from '../devices/image/compose-image.ts';
import type { ChipFamily, FlashImage } from '../devices/image/flash-image.ts';
import { encodeGuestSlot } from '../devices/image/guest-slot-image.ts';
import type { ServedFirmware } from '../devices/image/served-firmware.ts';
import { buildVirtualImage, VIRTUAL_PROJECT_NAME } from '../devices/virtual-board/rom/virtual-image.ts';
import { VIRTUAL_VERSION_SUFFIX } from '../devices/virtual-board/virtual-marks.ts';
import type { VirtualChip } from '../devices/virtual-board/virtual-boards-port.ts';
import { fetchBytes } from './fetch-bytes.ts';

const VERSION = '1.0.0';
const GUEST_NAME = 'irrigation-c.wasm';
/** esptool's names. */
const familyNames: Record<VirtualChip, string> = { esp32: 'ESP32', esp32s3: 'ESP32-S3', esp32c3: 'ESP32-C3' };

function isVirtualChip(family: ChipFamily): family is VirtualChip {
  return family in familyNames;
}

export const virtualFirmware: ServedFirmware = {
  name: VIRTUAL_PROJECT_NAME,
  version: `${VERSION}${VIRTUAL_VERSION_SUFFIX}`,
  families: Object.keys(familyNames) as VirtualChip[],
  async load(family): Promise<FlashImage> {
    if (!isVirtualChip(family)) throw new Error('Virtual boards are made as ESP32, ESP32-S3 and ESP32-C3.');
    const guestSlot = encodeGuestSlot({ module: await fetchBytes(guestUrl), name: GUEST_NAME, sequence: 1, signer: null });
    const parts = buildVirtualImage({ chip: family, version: VERSION, guestSlot });
    return composeImage(parts, { title: VIRTUAL_PROJECT_NAME, version: virtualFirmware.version, familyName: familyNames[family] });
  },
};
