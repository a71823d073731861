/** The way to real boards that this browser offers: Web Serial, or its polyfill over WebUSB where there is only that. */
import type { BoardPort } from '../../devices/port/board-port.ts';

/** `insecure`: the page came over plain http, and browsers then hide both. */
export type SerialWay = 'serial' | 'usb' | 'insecure' | 'absent';

/** https://wicg.github.io/serial/#serial-interface */
interface Serial extends EventTarget {
  requestPort(): Promise<BoardPort>;
  /** Those that the user has allowed before. */
  getPorts(): Promise<BoardPort[]>;
}

const platform = (): { serial?: Serial; usb?: EventTarget } => navigator as { serial?: Serial; usb?: EventTarget };

export function serialWay(): SerialWay {
  const { serial, usb } = platform();
  if (serial) return 'serial';
  if (usb) return 'usb';
  return isSecureContext ? 'absent' : 'insecure';
}

/** Null when the user chose none. Rejects when the browser offers no way. */
export async function requestBoard(): Promise<BoardPort | null> {
  try {
    const { serial } = platform();
    return serial ? await serial.requestPort() : await (await usbSerial()).request();
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'AbortError')) return null;
    throw error;
  }
}

/** Boards that were allowed before and are plugged in. */
export async function knownBoards(): Promise<BoardPort[]> {
  return (await platform().serial?.getPorts().catch(() => [])) ?? [];
}

/** Tells of boards that come back, until what it returns is called. */
export function watchArrivals(hear: (port: BoardPort) => void): () => void {
  const { serial } = platform();
  const arrived = ({ target }: Event): void => hear(target as unknown as BoardPort);
  serial?.addEventListener('connect', arrived);
  return () => serial?.removeEventListener('connect', arrived);
}

async function usbSerial() {
  const { serial } = await import('web-serial-polyfill');
  return {
    async request(): Promise<BoardPort> {
      const port = await serial.requestPort();
      const listeners = new Map<() => void, () => void>();
      // The polyfill's ports tell nobody that they were pulled: WebUSB does, of every device alike.
      return {
        get readable() {
          return port.readable;
        },
        get writable() {
          return port.writable;
        },
        open: (options) => port.open(options),
        close: () => port.close(),
        setSignals: (signals) => port.setSignals(signals),
        getInfo: () => port.getInfo(),
        addEventListener(type, listener) {
          const heard = (): void => listener();
          listeners.set(listener, heard);
          platform().usb?.addEventListener(type, heard);
        },
        removeEventListener(type, listener) {
          const heard = listeners.get(listener);
          if (heard) platform().usb?.removeEventListener(type, heard);
          listeners.delete(listener);
        },
      };
    },
  };
}
