/** Which broker this browser joined last and has not left, so that a reopened page goes on there; another tab does, too. */
const KEY = 'continuum-joined-profile';

export const lastJoined = {
  /** Id of the profile, or null. */
  get(): string | null {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // Storage is switched off: then there is nothing to go on with either.
      return null;
    }
  },
  set(id: string | null): void {
    try {
      if (id === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, id);
    } catch {
      // As above.
    }
  },
};
