/** What a module may ask for, whoever brings it: the page that ships guests holds them to the same. */
import type { GuestLimits } from '../guest/loaded-guest.ts';
import { parameter } from '../sim/parameters.ts';

export const guestLimits: GuestLimits = {
  maxPages: parameter('node.edge.memoryCeilingPages').value,
  /** A module larger than this is no guest for a node. */
  maxBytes: 4 * 1024 * 1024,
};
