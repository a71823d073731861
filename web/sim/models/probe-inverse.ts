/** From a reading back to the water it was made in. */
import type { Parameters } from '../parameters.ts';

/** The inverse of `adcAt`, held between 0 and 1. */
export function saturationShareAt(parameters: Parameters, adc: number): number {
  const dry = parameters.get('probe.dryAdc');
  const wet = parameters.get('probe.wetAdc');
  const curve = parameters.get('probe.curve');
  const swing = (dry - adc) / (dry - wet);
  return Math.min(1, Math.max(0, (curve * swing) / (1 + curve - swing)));
}
