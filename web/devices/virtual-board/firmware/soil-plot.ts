/** The plot of a virtual board: soil, probe and pump as the simulation models them, in wall time. */
import { Pin } from '../../../guest/abi.gen.ts';
import { EdgeBoard, outputBit } from '../../../sim/edge-board.ts';
import type { DailyWeather } from '../../../sim/models/daily-weather.ts';
import { siteFor } from '../../../sim/models/site.ts';
import { HourlyWeather } from '../../../sim/models/weather.ts';
import { Parameters } from '../../../sim/parameters.ts';
import { defaultScenario } from '../../../sim/scenario.ts';
import type { Plot } from './surroundings.ts';

/** It begins in the morning: at night soil hardly changes. */
const BEGINS_US = 9 * 3600e6;
/** Which of the scenario's sites; the seed makes one board's unlike another's. */
const SITE = 0;

export class SoilPlot implements Plot {
  readonly #board: EdgeBoard;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #changed: () => void;

  /** @param changed called when a light or the pump has changed */
  constructor(weather: DailyWeather[], seed: number, nowMs: () => number, changed: () => void) {
    const parameters = new Parameters();
    const hourly = new HourlyWeather(weather, defaultScenario.start, parameters, seed);
    this.#board = new EdgeBoard('virtual-board', siteFor(SITE, seed, parameters), hourly, parameters, seed);
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    this.#changed = changed;
  }

  get lights(): { red: boolean; green: boolean; blue: boolean; pump: boolean } {
    const { red, green, blue, pump } = Pin;
    const on = (pin: number): boolean => (this.#board.outputs & outputBit(pin)!) !== 0;
    return { red: on(red), green: on(green), blue: on(blue), pump: on(pump) };
  }

  read(): number {
    return this.#board.read(this.#timeUs());
  }

  setOutput(pin: number, high: boolean): boolean {
    const bit = outputBit(pin);
    if (bit === null) return false;
    const before = this.#board.outputs;
    this.#board.setOutput(this.#timeUs(), bit, high);
    if (this.#board.outputs !== before) this.#changed();
    return true;
  }

  allOff(): void {
    const before = this.#board.outputs;
    this.#board.allOff(this.#timeUs());
    if (before !== 0) this.#changed();
  }

  #timeUs(): number {
    return BEGINS_US + Math.round((this.#nowMs() - this.#startMs) * 1000);
  }
}
