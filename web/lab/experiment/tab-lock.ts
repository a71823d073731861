/** One tab at a time works on an experiment: Web Locks, which the browser frees when a tab closes or crashes. */

const nameOf = (id: string): string => `continuum-lab-experiment-${id}`;

/** Frees the lock; resolves when no tab sees it held any more. */
export type Release = () => Promise<void>;

/** Takes the lock; resolves to what frees it, or to null when another tab has it. */
export function holdInThisTab(id: string, locks: LockManager | undefined = navigator.locks): Promise<Release | null> {
  // Outside a secure page there are no locks, and no workers that share memory either.
  if (!locks) return Promise.resolve(() => Promise.resolve());
  return new Promise((resolve, reject) => {
    const held: Promise<void> = locks.request(nameOf(id), { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((free) => {
        resolve(() => {
          free();
          return held;
        });
      });
    });
    held.catch(reject);
  });
}

/** Experiments, of these, that some tab works on. */
export async function heldInSomeTab(ids: readonly string[], locks: LockManager | undefined = navigator.locks): Promise<Set<string>> {
  if (!locks) return new Set();
  const { held = [] } = await locks.query();
  const names = new Set(held.map(({ name }) => name));
  return new Set(ids.filter((id) => names.has(nameOf(id))));
}
