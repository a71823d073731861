import type { NodeConfig } from '../../protocol/node-config.ts';

/** Moisture in percent, as the guest ABI defines it: C integer division, clamped to 0..100. NaN without a reading. */
export function moisturePercent(rawAdc: number, { dry, wet }: Required<Pick<NodeConfig, 'dry' | 'wet'>>): number {
  if (!Number.isFinite(rawAdc) || dry === wet) return NaN;
  const percent = 100 - Math.trunc((Math.round(rawAdc - wet) * 100) / (dry - wet));
  return Math.min(100, Math.max(0, percent));
}
