/** Threads of guests in a browser. */
import type { GuestThreads, ThreadStart } from '../guest/guest-threads.ts';

/** To the warden: without `start` the thread is ended. */
export interface WardenOrder {
  id: number;
  start?: ThreadStart;
}

/** Resolves when threads can be begun; rejects with a sentence. */
export function openGuestThreads(): Promise<GuestThreads> {
  return new Promise((resolve, reject) => {
    const warden = new Worker(new URL('./guest-warden.ts', import.meta.url), { type: 'module' });
    const order = (message: WardenOrder): void => warden.postMessage(message);
    let ids = 0;
    warden.onerror = () => reject(new Error('A part of this page did not load.'));
    warden.onmessage = () =>
      resolve({
        nowMs: () => performance.now(),
        open: (start) => {
          const id = (ids += 1);
          order({ id, start });
          return { terminate: () => order({ id }) };
        },
      });
  });
}
