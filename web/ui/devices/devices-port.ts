/** What the device page asks of the rest of the page; `web/app` connects the two. */
import type { ServedFirmware } from '../../devices/image/served-firmware.ts';
import type { VirtualBoards } from '../../devices/virtual-board/virtual-boards-port.ts';

export interface DevicesPort {
  /** Rejects with a sentence when virtual boards cannot be run here. */
  openBoards(): Promise<VirtualBoards>;
  /** What virtual boards can be flashed with; it must never go to a real one. */
  virtualFirmware(): Promise<ServedFirmware>;
}
