/** Whether a newer version of the page waits, and how to change to it. */
import { registerSW } from 'virtual:pwa-register';

class Updates {
  #apply = $state.raw<(() => void) | null>(null);

  /** Makes the page available offline, and watches for newer versions. */
  watch(): void {
    const reload = registerSW({ onNeedRefresh: () => (this.#apply = () => void reload(true)) });
  }

  /** Null while this is the newest version. */
  get apply(): (() => void) | null {
    return this.#apply;
  }
}

export const updates = new Updates();
