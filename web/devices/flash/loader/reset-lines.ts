/** How boards are brought into the loader or back to their app by DTR and RTS. https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/boot-mode-selection.html */
import type { BoardTransport } from './board-transport.ts';

/** Espressif's USB Serial/JTAG, which is in the chip itself. */
const espressifVendor = 0x303a;
const usbJtagProduct = 0x1001;

export function isNativeUsb(transport: BoardTransport): boolean {
  return transport.getVid() === espressifVendor;
}

/** From short to long: a capacitor at EN can hold the chip in reset for so long that IO0 is let go too early. */
const ioHoldMs = [50, 550, 250];

export async function resetIntoLoader(transport: BoardTransport, attempt: number): Promise<void> {
  if (transport.getVid() === espressifVendor && transport.getPid() === usbJtagProduct) {
    await resetUsbJtag(transport);
    return;
  }
  await transport.setSignals(false, true);
  await transport.pause(100);
  transport.flushInput();
  await transport.setSignals(true, false);
  await transport.pause(ioHoldMs[attempt % ioHoldMs.length]!);
  await transport.setSignals(false, false);
}

/** RTS resets the chip, and DTR is read as the strap only while RTS changes. */
async function resetUsbJtag(transport: BoardTransport): Promise<void> {
  await transport.setSignals(false, false);
  await transport.pause(100);
  await transport.setSignals(true, false);
  await transport.pause(100);
  transport.flushInput();
  await transport.setSignals(true, true);
  await transport.setSignals(false, true);
  await transport.pause(100);
  await transport.setSignals(false, false);
}

/** esptool-js's own hard reset only lets EN go, which it never pulled. Never rejects. */
export async function resetIntoApp(transport: BoardTransport, wait: (ms: number) => Promise<void>): Promise<void> {
  await transport.setSignalsAtEnd(false, true);
  await wait(100);
  await transport.setSignalsAtEnd(false, false);
}
