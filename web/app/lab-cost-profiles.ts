/** Calibrated boards as an experiment can take them. */
import { overridesFor } from '../lab/calibration/edge-costs.ts';
import { KeptProfiles } from '../lab/calibration/profile-store.ts';
import type { CostProfile } from '../ui/lab/lab-parts.ts';

export async function costProfiles(): Promise<CostProfile[]> {
  const profiles = await new KeptProfiles().list();
  return profiles.map(({ id, board, measuredAt, parameters, runtime }) => ({
    id,
    label: `${board}, ${measuredAt.slice(0, 10)}`,
    parameters: overridesFor(parameters, runtime),
  }));
}
