import * as v from 'valibot';

/** What `detect_anomaly` answers: 0 none, 1 spike, 2 stuck, 3 out of range. */
export type AnomalyCode = 0 | 1 | 2 | 3;

export const anomalySchema = v.picklist([0, 1, 2, 3] as const, 'must be 0, 1, 2 or 3');
