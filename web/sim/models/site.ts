/** Where an edge node stands: its soil, how wet it starts, how fast its pump waters. */
import type { Parameters } from '../parameters.ts';
import { parameter } from '../parameters.ts';
import { stream } from '../random.ts';
import type { SoilParameters } from './soil.ts';

export interface Site {
  soil: SoilParameters;
  /** m3/m3. */
  initialWaterContent: number;
  irrigationMmPerHour: number;
}

const soilTypes = [
  { key: 'sandyLoam', name: 'sandy loam' },
  { key: 'loam', name: 'loam' },
  { key: 'siltLoam', name: 'silt loam' },
] as const;

/** The same site for the same seed and node, whatever other nodes there are. */
export function siteFor(nodeIndex: number, seed: number, parameters: Parameters): Site {
  const random = stream(seed, `site/${nodeIndex}`);
  const { key, name } = soilTypes[random.int(0, soilTypes.length - 1)]!;
  // One draw moves field capacity and wilting point together, as texture does, so that the
  // available water of the type is kept.
  const texture = parameters.get('soil.siteVariation') * (2 * random.uniform() - 1);
  const fieldCapacityId = `soil.${key}.fieldCapacity` as const;
  const wiltingPointId = `soil.${key}.wiltingPoint` as const;
  const halfRange = (id: typeof fieldCapacityId | typeof wiltingPointId) =>
    (parameter(id).max - parameter(id).min) / 2;

  const saturation = parameters.get(`soil.${key}.saturation`);
  const fieldCapacity = Math.min(
    saturation - 0.02,
    parameters.get(fieldCapacityId) + texture * halfRange(fieldCapacityId),
  );
  const wiltingPoint = Math.min(
    fieldCapacity - 0.02,
    parameters.get(wiltingPointId) + texture * halfRange(wiltingPointId),
  );
  const soil: SoilParameters = {
    name,
    saturation,
    fieldCapacity,
    wiltingPoint,
    rootDepthM: parameters.get('soil.rootDepthM'),
    cropCoefficient: parameters.get('soil.cropCoefficient'),
    depletionFraction: parameters.get('soil.depletionFraction'),
    drainageHours: parameters.get('soil.drainageHours'),
  };
  const spread = parameters.get('soil.initialSpread') * random.normal();
  const initial = (parameters.get('soil.initialSaturation') + spread) * saturation;
  return {
    soil,
    initialWaterContent: Math.min(saturation, Math.max(wiltingPoint, initial)),
    irrigationMmPerHour: parameters.get('soil.irrigationMmPerHour'),
  };
}
