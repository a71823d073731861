/** The sun over a place: FAO-56 equations 21 to 25 (Allen et al. 1998, chapter 3), in local solar time. */
import { acos, cos, PI, sin, tan } from './elementary.ts';

/** Solar constant, MJ m-2 min-1 (FAO-56, equation 21). */
const SOLAR_CONSTANT = 0.082;

export interface SolarDay {
  /** Radians. */
  latitude: number;
  /** Radians (equation 24). */
  declination: number;
  /** Hour angle of sunset, radians; 0 in polar night and pi under the midnight sun (equation 25). */
  sunsetAngle: number;
  /** Hours after midnight. */
  sunriseHour: number;
  /** Radiation above the atmosphere, MJ m-2 day-1 (equation 21). */
  extraterrestrialMj: number;
}

/** `dayOfYear` is 1 on 1 January; `latitudeDeg` is positive in the north. */
export function solarDay(latitudeDeg: number, dayOfYear: number): SolarDay {
  const latitude = (PI / 180) * latitudeDeg;
  const yearAngle = ((2 * PI) / 365) * dayOfYear;
  const inverseDistance = 1 + 0.033 * cos(yearAngle);
  const declination = 0.409 * sin(yearAngle - 1.39);
  const sunsetAngle = acos(Math.min(1, Math.max(-1, -tan(latitude) * tan(declination))));
  const extraterrestrialMj =
    ((24 * 60) / PI) *
    SOLAR_CONSTANT *
    inverseDistance *
    (sunsetAngle * sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * sin(sunsetAngle));
  return {
    latitude,
    declination,
    sunsetAngle,
    sunriseHour: 12 - (12 / PI) * sunsetAngle,
    extraterrestrialMj: Math.max(0, extraterrestrialMj),
  };
}

/** Sine of the sun's height over the horizon at an hour of local solar time; negative at night. */
export function sinElevation(day: SolarDay, hour: number): number {
  const hourAngle = (PI / 12) * (hour - 12);
  return sin(day.latitude) * sin(day.declination) + cos(day.latitude) * cos(day.declination) * cos(hourAngle);
}

/**
 * Reference evapotranspiration by Hargreaves, mm per day (FAO-56, equation 52). The radiation in
 * MJ m-2 day-1 is turned into mm of water by 0.408 (equation 20). Never negative.
 */
export function hargreavesEt0Mm(minC: number, maxC: number, extraterrestrialMj: number): number {
  const meanC = (minC + maxC) / 2;
  return Math.max(0, 0.0023 * (meanC + 17.8) * Math.sqrt(maxC - minC) * 0.408 * extraterrestrialMj);
}
