/** Whether a guest can run on a tier. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { Tier } from '../sim/snapshot.ts';

/**
 * Why the guest cannot run there, as a sentence; null when it can.
 * @param edgePages memory that an edge node gives a guest
 */
export function guestProblem({ name, checked }: LoadedGuest, tier: Tier, edgePages: number): string | null {
  if (tier !== 'edge') {
    if (checked.filterValue && checked.detectAnomaly) return null;
    return `${name} exports no \`filter_value\` and \`detect_anomaly\`, which the fog and the cloud call.`;
  }
  if (!checked.entry) return `${name} has no \`main\`, so an edge node cannot run it. It can run on the fog or the cloud.`;
  const { initialPages } = checked.memory;
  if (initialPages <= edgePages) return null;
  return `${name} begins with ${initialPages} pages of memory; an edge node gives a guest ${edgePages} (${edgePages * 64} KiB).`;
}
