/**
 * Water in the root zone of one site: FAO-56's single-layer balance (Allen et al. 1998, chapter 8,
 * equations 82 to 86) in continuous time. Within an hour of constant weather and pumping the balance
 * is a linear differential equation in each of three zones (stressed, unstressed, draining), so each
 * stretch is solved in closed form. The state therefore does not depend on how often it is asked for.
 */
import { exp, ln } from './elementary.ts';
import { addTo, placeFor } from './numbers.ts';
import type { HourWeather } from './weather.ts';

const HOUR_US = 3_600_000_000;

export interface SoilParameters {
  /** `sandy loam`, `loam`, `silt loam`. */
  name: string;
  /** Volumetric water contents, m3/m3, in falling order. */
  saturation: number;
  fieldCapacity: number;
  wiltingPoint: number;
  rootDepthM: number;
  cropCoefficient: number;
  /** Share p of the available water that the crop takes up without stress. */
  depletionFraction: number;
  /** Time constant with which water above field capacity drains. */
  drainageHours: number;
}

/** Weather of each hour since time 0, constant within the hour. */
export interface HourlyForcing {
  at(hourIndex: number): HourWeather;
}

/** All since time 0, in mm (litres per square metre). */
export interface SoilTotals {
  rainMm: number;
  irrigationMm: number;
  evapotranspirationMm: number;
  drainageMm: number;
  runoffMm: number;
}

/** Where the numbers of a soil stand, from its first on: state, borders between the zones in mm, and sums of two numbers each. */
const WATER_MM = 0;
const TIME_US = 1;
const WILTING_MM = 2;
const STRESS_MM = 3;
const CAPACITY_MM = 4;
const SATURATION_MM = 5;
const DRAINAGE_HOURS = 6;
const CROP_COEFFICIENT = 7;
const RAIN = 8;
const IRRIGATION = 10;
const EVAPOTRANSPIRATION = 12;
const DRAINED = 14;
const RUNOFF = 16;
const NUMBERS = 18;

export class Soil {
  readonly parameters: SoilParameters;
  readonly #weather: HourlyForcing;
  readonly #numbers: Float64Array;
  readonly #at: number;

  /** `initialWaterContent` in m3/m3 is brought between wilting point and saturation. */
  constructor(parameters: SoilParameters, initialWaterContent: number, weather: HourlyForcing) {
    const depthMm = parameters.rootDepthM * 1000;
    this.parameters = parameters;
    this.#weather = weather;
    const { numbers, at } = placeFor(NUMBERS);
    this.#numbers = numbers;
    this.#at = at;
    const wiltingMm = parameters.wiltingPoint * depthMm;
    const capacityMm = parameters.fieldCapacity * depthMm;
    const saturationMm = parameters.saturation * depthMm;
    numbers[at + WILTING_MM] = wiltingMm;
    numbers[at + CAPACITY_MM] = capacityMm;
    numbers[at + SATURATION_MM] = saturationMm;
    // RAW = p TAW (equations 82 and 83).
    numbers[at + STRESS_MM] = capacityMm - parameters.depletionFraction * (capacityMm - wiltingMm);
    numbers[at + DRAINAGE_HOURS] = parameters.drainageHours;
    numbers[at + CROP_COEFFICIENT] = parameters.cropCoefficient;
    numbers[at + WATER_MM] = Math.min(saturationMm, Math.max(wiltingMm, initialWaterContent * depthMm));
  }

  get totals(): SoilTotals {
    return {
      rainMm: this.#sum(RAIN),
      irrigationMm: this.#sum(IRRIGATION),
      evapotranspirationMm: this.#sum(EVAPOTRANSPIRATION),
      drainageMm: this.#sum(DRAINED),
      runoffMm: this.#sum(RUNOFF),
    };
  }

  /** m3/m3. */
  get waterContent(): number {
    return this.#numbers[this.#at + WATER_MM] / (this.parameters.rootDepthM * 1000);
  }

  /** Root zone depletion Dr, mm below field capacity; negative while the soil drains. */
  get depletionMm(): number {
    return this.#numbers[this.#at + CAPACITY_MM] - this.#numbers[this.#at + WATER_MM];
  }

  /** Stress coefficient Ks, 0 to 1 (equation 84). */
  get stress(): number {
    const share = (this.#numbers[this.#at + WATER_MM] - this.#numbers[this.#at + WILTING_MM]) / (this.#numbers[this.#at + STRESS_MM] - this.#numbers[this.#at + WILTING_MM]);
    return Math.min(1, Math.max(0, share));
  }

  /** Takes a water content that was measured, m3/m3, in place of the one computed; the totals do not count the jump. */
  assimilate(waterContent: number): void {
    const measuredMm = waterContent * this.parameters.rootDepthM * 1000;
    this.#numbers[this.#at + WATER_MM] = Math.min(this.#numbers[this.#at + SATURATION_MM], Math.max(this.#numbers[this.#at + WILTING_MM], measuredMm));
  }

  /** Runs to a virtual time in microseconds, the pump at a constant rate. Earlier times change nothing. */
  advance(toUs: number, irrigationMmPerHour: number): void {
    while (this.#numbers[this.#at + TIME_US] < toUs) {
      const hourIndex = Math.floor(this.#numbers[this.#at + TIME_US] / HOUR_US);
      const endUs = Math.min(toUs, (hourIndex + 1) * HOUR_US);
      const hours = (endUs - this.#numbers[this.#at + TIME_US]) / HOUR_US;
      const { rainMmPerHour, et0MmPerHour } = this.#weather.at(hourIndex);
      this.#add(RAIN, rainMmPerHour * hours);
      this.#add(IRRIGATION, irrigationMmPerHour * hours);
      this.#flow(hours, rainMmPerHour + irrigationMmPerHour, this.#numbers[this.#at + CROP_COEFFICIENT] * et0MmPerHour);
      this.#numbers[this.#at + TIME_US] = endUs;
    }
  }

  /** Constant inflow and unstressed crop evapotranspiration, both mm per hour. */
  #flow(hours: number, inflow: number, cropEt: number): void {
    const net = inflow - cropEt;
    let left = hours;
    // Each turn ends the stretch or crosses a border for good: water content is monotone here.
    while (left > 0) {
      const water = this.#numbers[this.#at + WATER_MM];
      if (water < this.#numbers[this.#at + STRESS_MM] || (water === this.#numbers[this.#at + STRESS_MM] && net < 0)) {
        left = this.#stressed(left, inflow, cropEt);
      } else if (water < this.#numbers[this.#at + CAPACITY_MM] || (water === this.#numbers[this.#at + CAPACITY_MM] && net <= 0)) {
        left = this.#unstressed(left, net, cropEt);
      } else if (water === this.#numbers[this.#at + SATURATION_MM] && net >= this.#drainage(water)) {
        const drainage = this.#drainage(water);
        this.#add(EVAPOTRANSPIRATION, cropEt * left);
        this.#add(DRAINED, drainage * left);
        this.#add(RUNOFF, (net - drainage) * left);
        left = 0;
      } else {
        left = this.#draining(left, net, cropEt);
      }
    }
  }

  /** mm per hour. */
  #drainage(waterMm: number): number {
    return (waterMm - this.#numbers[this.#at + CAPACITY_MM]) / this.#numbers[this.#at + DRAINAGE_HOURS];
  }

  /** Below the stress border uptake falls linearly to nothing at the wilting point. */
  #stressed(hours: number, inflow: number, cropEt: number): number {
    const before = this.#numbers[this.#at + WATER_MM];
    const span = this.#numbers[this.#at + STRESS_MM] - this.#numbers[this.#at + WILTING_MM];
    // Uptake equals inflow at this much water; at night there is no uptake and no equilibrium.
    const equilibrium = this.#numbers[this.#at + WILTING_MM] + (inflow / cropEt) * span;
    const spent =
      cropEt === 0
        ? this.#rise(hours, inflow, this.#numbers[this.#at + STRESS_MM])
        : this.#approach(hours, cropEt / span, equilibrium, this.#numbers[this.#at + STRESS_MM]);
    this.#add(EVAPOTRANSPIRATION, inflow * spent - (this.#numbers[this.#at + WATER_MM] - before));
    return hours - spent;
  }

  #unstressed(hours: number, net: number, cropEt: number): number {
    const spent = this.#rise(hours, net, net > 0 ? this.#numbers[this.#at + CAPACITY_MM] : this.#numbers[this.#at + STRESS_MM]);
    this.#add(EVAPOTRANSPIRATION, cropEt * spent);
    return hours - spent;
  }

  #draining(hours: number, net: number, cropEt: number): number {
    const before = this.#numbers[this.#at + WATER_MM];
    const drainageHours = this.#numbers[this.#at + DRAINAGE_HOURS];
    const equilibrium = this.#numbers[this.#at + CAPACITY_MM] + net * drainageHours;
    const border = equilibrium > before ? this.#numbers[this.#at + SATURATION_MM] : this.#numbers[this.#at + CAPACITY_MM];
    const spent = this.#approach(hours, 1 / drainageHours, equilibrium, border);
    this.#add(EVAPOTRANSPIRATION, cropEt * spent);
    this.#add(DRAINED, net * spent - (this.#numbers[this.#at + WATER_MM] - before));
    return hours - spent;
  }

  /** Moves at a constant rate for `hours` or up to the border if that is first; returns the hours spent. */
  #rise(hours: number, rate: number, border: number): number {
    const needed = rate === 0 ? Infinity : (border - this.#numbers[this.#at + WATER_MM]) / rate;
    if (needed > hours) {
      this.#numbers[this.#at + WATER_MM] += rate * hours;
      return hours;
    }
    this.#numbers[this.#at + WATER_MM] = border;
    return needed;
  }

  /** Approaches an equilibrium exponentially, for `hours` or up to the border; returns the hours spent. */
  #approach(hours: number, rate: number, equilibrium: number, border: number): number {
    const distance = this.#numbers[this.#at + WATER_MM] - equilibrium;
    const atBorder = border - equilibrium;
    // Only a border that lies between here and the equilibrium is reached; one stood upon is being left.
    const crosses = distance * atBorder > 0 && Math.abs(atBorder) < Math.abs(distance);
    const needed = crosses ? ln(distance / atBorder) / rate : Infinity;
    if (needed > hours) {
      this.#numbers[this.#at + WATER_MM] = equilibrium + distance * exp(-rate * hours);
      return hours;
    }
    this.#numbers[this.#at + WATER_MM] = border;
    return needed;
  }

  #add(sum: number, term: number): void {
    addTo(this.#numbers, this.#at + sum, term);
  }

  #sum(sum: number): number {
    return this.#numbers[this.#at + sum] + this.#numbers[this.#at + sum + 1];
  }
}
