/** The hardware of a virtual ESP32 and the plot it stands in: probe, pins, relay, soil, battery. */
import { Pin } from '../guest/abi.gen.ts';
import { EnergyMeter, idleState } from './models/energy.ts';
import { Probe } from './models/probe.ts';
import type { Site } from './models/site.ts';
import { Soil } from './models/soil.ts';
import type { HourlyWeather } from './models/weather.ts';
import type { Parameters } from './parameters.ts';
import { stream } from './random.ts';

/** Bits of `outputs`, in the order the page draws them. */
const outputBits = new Map<number, number>([
  [Pin.red, 1],
  [Pin.green, 2],
  [Pin.blue, 4],
  [Pin.pump, 8],
]);
/** Bit of `outputs`. */
export const PUMP_BIT = 8;

/** The bit of `outputs` for a pin; null for one that a guest may not drive. */
export function outputBit(pin: number): number | null {
  return outputBits.get(pin) ?? null;
}

export class EdgeBoard {
  readonly soil: Soil;
  readonly probe: Probe;
  readonly energy: EnergyMeter;
  readonly #irrigationMmPerHour: number;
  readonly #parameters: Parameters;
  #outputs = 0;
  refused = 0;

  /** @param id of the node: its probe draws from a stream of that name */
  constructor(id: string, site: Site, weather: HourlyWeather, parameters: Parameters, seed: number) {
    this.soil = new Soil(site.soil, site.initialWaterContent, weather);
    this.#irrigationMmPerHour = site.irrigationMmPerHour;
    this.#parameters = parameters;
    this.probe = new Probe(parameters, stream(seed, `probe/${id}`), site.soil.saturation);
    this.energy = new EnergyMeter(parameters);
  }

  powerOn(timeUs: number): void {
    this.energy.enter(idleState(this.#parameters), timeUs);
  }

  powerOff(timeUs: number): void {
    this.allOff(timeUs);
    this.energy.enter('off', timeUs);
  }

  get outputs(): number {
    return this.#outputs;
  }

  get pumpOn(): boolean {
    return (this.#outputs & PUMP_BIT) !== 0;
  }

  /** @param bit as `outputBit` gives it */
  setOutput(timeUs: number, bit: number, on: boolean): void {
    if (bit === PUMP_BIT) this.waterTo(timeUs);
    this.#outputs = on ? this.#outputs | bit : this.#outputs & ~bit;
  }

  /** The relay falls and the LEDs go dark: no guest, no power. */
  allOff(timeUs: number): void {
    this.waterTo(timeUs);
    this.#outputs = 0;
  }

  /** ADC count of the probe in its soil now, or -1 when it does not answer. */
  read(timeUs: number): number {
    this.waterTo(timeUs);
    return this.probe.read(timeUs, this.soil.waterContent);
  }

  /** Brings the soil to this time under the pump's present state. */
  waterTo(timeUs: number): void {
    this.soil.advance(timeUs, this.pumpOn ? this.#irrigationMmPerHour : 0);
  }
}
