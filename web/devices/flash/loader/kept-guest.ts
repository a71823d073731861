/** A board keeps the guest that it was given, as it keeps its settings: the one that comes with an image is for bare boards. */
import type { FlashImage, ImagePart } from '../../image/flash-image.ts';
import { decodeGuestSlot, guestSlotBytes, HEADER_BYTES } from '../../image/guest-slot-image.ts';
import { readRange } from './flash-reader.ts';
import type { Recovery } from './recovery.ts';

/** As firmware/partitions.csv has it. */
const GUEST_SUBTYPE = 0x40;

export const isGuest = ({ bytes }: ImagePart): boolean => guestSlotBytes(bytes) !== null;

/** Name of a whole guest in one of the slots that the image's partition table names, or null. Rejects with a `FlashFailure`. */
export async function guestOnBoard(recovery: Recovery, image: FlashImage): Promise<string | null> {
  const table = image.contents.find((content) => content.kind === 'partition-table');
  for (const { offset } of table?.partitions.filter(({ type, subtype }) => type === 1 && subtype === GUEST_SUBTYPE) ?? []) {
    const bytes = guestSlotBytes(await readRange(recovery, offset, HEADER_BYTES));
    if (bytes === null) continue;
    // Its header alone proves nothing: an installation that broke off may have left it.
    const slot = decodeGuestSlot(await readRange(recovery, offset, bytes));
    if (slot.ok) return slot.value.name;
  }
  return null;
}
