/** Whether a newer version of the page waits, and how to change to it. */

class Updates {
  #apply = $state.raw<(() => void) | null>(null);

  /** Makes the page available offline, and watches for newer versions. */
  async watch(): Promise<void> {
    const { registerSW } = await import('virtual:pwa-register');
    const reload = registerSW({ onNeedRefresh: () => (this.#apply = () => void reload(true)) });
  }

  /** Null while this is the newest version. */
  get apply(): (() => void) | null {
    return this.#apply;
  }
}

export const updates = new Updates();
