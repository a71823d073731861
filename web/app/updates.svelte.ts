/** Whether a newer version of the page waits, and how to change to it. */

/** A page left open for days looks for newer versions this often; without a network the look fails quietly. */
const LOOK_EVERY_MS = 3_600_000;

class Updates {
  #apply = $state.raw<(() => void) | null>(null);

  /** Makes the page available offline, and watches for newer versions. */
  async watch(): Promise<void> {
    const { registerSW } = await import('virtual:pwa-register');
    const reload = registerSW({
      onNeedRefresh: () => (this.#apply = () => void reload(true)),
      onRegisteredSW: (_address, registration) => {
        // Left to itself the browser looks minutes after a visit, or a day.
        const look = (): void => void registration?.update().catch(() => undefined);
        look();
        setInterval(look, LOOK_EVERY_MS);
      },
    });
  }

  /** Null while this is the newest version. */
  get apply(): (() => void) | null {
    return this.#apply;
  }
}

export const updates = new Updates();
