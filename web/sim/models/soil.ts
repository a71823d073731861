/**
 * Water in the root zone of one site: FAO-56's single-layer balance (Allen et al. 1998, chapter 8,
 * equations 82 to 86) in continuous time. Within an hour of constant weather and pumping the balance
 * is a linear differential equation in each of three zones (stressed, unstressed, draining), so each
 * stretch is solved in closed form. The state therefore does not depend on how often it is asked for.
 */
import { exp, ln } from './elementary.ts';
import { RunningSum } from './running-sum.ts';
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

export class Soil {
  readonly parameters: SoilParameters;
  readonly #rain = new RunningSum();
  readonly #irrigation = new RunningSum();
  readonly #evapotranspiration = new RunningSum();
  readonly #drained = new RunningSum();
  readonly #runoff = new RunningSum();
  readonly #weather: HourlyForcing;
  /** Water in the root zone at each zone's border, mm. */
  readonly #wiltingMm: number;
  readonly #stressMm: number;
  readonly #capacityMm: number;
  readonly #saturationMm: number;
  #waterMm: number;
  #timeUs = 0;

  /** `initialWaterContent` in m3/m3 is brought between wilting point and saturation. */
  constructor(parameters: SoilParameters, initialWaterContent: number, weather: HourlyForcing) {
    const depthMm = parameters.rootDepthM * 1000;
    this.parameters = parameters;
    this.#weather = weather;
    this.#wiltingMm = parameters.wiltingPoint * depthMm;
    this.#capacityMm = parameters.fieldCapacity * depthMm;
    this.#saturationMm = parameters.saturation * depthMm;
    // RAW = p TAW (equations 82 and 83).
    this.#stressMm = this.#capacityMm - parameters.depletionFraction * (this.#capacityMm - this.#wiltingMm);
    this.#waterMm = Math.min(this.#saturationMm, Math.max(this.#wiltingMm, initialWaterContent * depthMm));
  }

  get totals(): SoilTotals {
    return {
      rainMm: this.#rain.value,
      irrigationMm: this.#irrigation.value,
      evapotranspirationMm: this.#evapotranspiration.value,
      drainageMm: this.#drained.value,
      runoffMm: this.#runoff.value,
    };
  }

  /** m3/m3. */
  get waterContent(): number {
    return this.#waterMm / (this.parameters.rootDepthM * 1000);
  }

  /** Root zone depletion Dr, mm below field capacity; negative while the soil drains. */
  get depletionMm(): number {
    return this.#capacityMm - this.#waterMm;
  }

  /** Stress coefficient Ks, 0 to 1 (equation 84). */
  get stress(): number {
    const share = (this.#waterMm - this.#wiltingMm) / (this.#stressMm - this.#wiltingMm);
    return Math.min(1, Math.max(0, share));
  }

  /** Takes a water content that was measured, m3/m3, in place of the one computed; the totals do not count the jump. */
  assimilate(waterContent: number): void {
    const measuredMm = waterContent * this.parameters.rootDepthM * 1000;
    this.#waterMm = Math.min(this.#saturationMm, Math.max(this.#wiltingMm, measuredMm));
  }

  /** Runs to a virtual time in microseconds, the pump at a constant rate. Earlier times change nothing. */
  advance(toUs: number, irrigationMmPerHour: number): void {
    while (this.#timeUs < toUs) {
      const hourIndex = Math.floor(this.#timeUs / HOUR_US);
      const endUs = Math.min(toUs, (hourIndex + 1) * HOUR_US);
      const hours = (endUs - this.#timeUs) / HOUR_US;
      const { rainMmPerHour, et0MmPerHour } = this.#weather.at(hourIndex);
      this.#rain.add(rainMmPerHour * hours);
      this.#irrigation.add(irrigationMmPerHour * hours);
      this.#flow(hours, rainMmPerHour + irrigationMmPerHour, this.parameters.cropCoefficient * et0MmPerHour);
      this.#timeUs = endUs;
    }
  }

  /** Constant inflow and unstressed crop evapotranspiration, both mm per hour. */
  #flow(hours: number, inflow: number, cropEt: number): void {
    const net = inflow - cropEt;
    let left = hours;
    // Each turn ends the stretch or crosses a border for good: water content is monotone here.
    while (left > 0) {
      const water = this.#waterMm;
      if (water < this.#stressMm || (water === this.#stressMm && net < 0)) {
        left = this.#stressed(left, inflow, cropEt);
      } else if (water < this.#capacityMm || (water === this.#capacityMm && net <= 0)) {
        left = this.#unstressed(left, net, cropEt);
      } else if (water === this.#saturationMm && net >= this.#drainage(water)) {
        const drainage = this.#drainage(water);
        this.#evapotranspiration.add(cropEt * left);
        this.#drained.add(drainage * left);
        this.#runoff.add((net - drainage) * left);
        left = 0;
      } else {
        left = this.#draining(left, net, cropEt);
      }
    }
  }

  /** mm per hour. */
  #drainage(waterMm: number): number {
    return (waterMm - this.#capacityMm) / this.parameters.drainageHours;
  }

  /** Below the stress border uptake falls linearly to nothing at the wilting point. */
  #stressed(hours: number, inflow: number, cropEt: number): number {
    const before = this.#waterMm;
    const span = this.#stressMm - this.#wiltingMm;
    // Uptake equals inflow at this much water; at night there is no uptake and no equilibrium.
    const equilibrium = this.#wiltingMm + (inflow / cropEt) * span;
    const spent =
      cropEt === 0
        ? this.#rise(hours, inflow, this.#stressMm)
        : this.#approach(hours, cropEt / span, equilibrium, this.#stressMm);
    this.#evapotranspiration.add(inflow * spent - (this.#waterMm - before));
    return hours - spent;
  }

  #unstressed(hours: number, net: number, cropEt: number): number {
    const spent = this.#rise(hours, net, net > 0 ? this.#capacityMm : this.#stressMm);
    this.#evapotranspiration.add(cropEt * spent);
    return hours - spent;
  }

  #draining(hours: number, net: number, cropEt: number): number {
    const before = this.#waterMm;
    const { drainageHours } = this.parameters;
    const equilibrium = this.#capacityMm + net * drainageHours;
    const border = equilibrium > before ? this.#saturationMm : this.#capacityMm;
    const spent = this.#approach(hours, 1 / drainageHours, equilibrium, border);
    this.#evapotranspiration.add(cropEt * spent);
    this.#drained.add(net * spent - (this.#waterMm - before));
    return hours - spent;
  }

  /** Moves at a constant rate for `hours` or up to the border if that is first; returns the hours spent. */
  #rise(hours: number, rate: number, border: number): number {
    const needed = rate === 0 ? Infinity : (border - this.#waterMm) / rate;
    if (needed > hours) {
      this.#waterMm += rate * hours;
      return hours;
    }
    this.#waterMm = border;
    return needed;
  }

  /** Approaches an equilibrium exponentially, for `hours` or up to the border; returns the hours spent. */
  #approach(hours: number, rate: number, equilibrium: number, border: number): number {
    const distance = this.#waterMm - equilibrium;
    const atBorder = border - equilibrium;
    // Only a border that lies between here and the equilibrium is reached; one stood upon is being left.
    const crosses = distance * atBorder > 0 && Math.abs(atBorder) < Math.abs(distance);
    const needed = crosses ? ln(distance / atBorder) / rate : Infinity;
    if (needed > hours) {
      this.#waterMm = equilibrium + distance * exp(-rate * hours);
      return hours;
    }
    this.#waterMm = border;
    return needed;
  }
}
