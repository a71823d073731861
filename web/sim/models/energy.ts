/** What an edge node draws from its battery: current times voltage times time, summed over its states. */
import type { Parameters } from '../parameters.ts';

/** States of the whole chip; `off` draws nothing. */
export const energyStates = [
  'off',
  'deepSleep',
  'lightSleep',
  'modemSleepDfs',
  'modemSleep',
  'active',
  'receive',
  'transmit',
] as const;
export type EnergyState = (typeof energyStates)[number];

const places = Object.fromEntries(energyStates.map((name, place) => [name, place])) as Record<EnergyState, number>;

/** The state a node waits in, as `energy.idleMode` says. */
export function idleState(parameters: Parameters): EnergyState {
  const modes = ['modemSleep', 'modemSleepDfs', 'lightSleep'] as const;
  return modes[Math.floor(parameters.get('energy.idleMode'))]!;
}

/** Current of each state in mA, with the DTIM and the clock that the parameters pick. */
export function stateCurrentsMa(parameters: Parameters): Record<EnergyState, number> {
  const dtim = ([1, 3, 10] as const)[Math.floor(parameters.get('energy.dtim'))]!;
  const mhz = parameters.get('node.edge.cpuMhz');
  const clock = mhz > 200 ? 240 : mhz > 120 ? 160 : 80;
  return {
    off: 0,
    deepSleep: parameters.get('energy.deepSleepMa'),
    lightSleep: parameters.get(`energy.lightSleep.dtim${dtim}Ma`),
    modemSleepDfs: parameters.get(`energy.modemSleepDfs.dtim${dtim}Ma`),
    modemSleep: parameters.get(`energy.modemSleep.dtim${dtim}Ma`),
    active: parameters.get(`energy.cpuActive${clock}Ma`),
    receive: parameters.get('energy.rxMa'),
    transmit: parameters.get('energy.txMa'),
  };
}

export class EnergyMeter {
  /** By the place of the state in `energyStates`, as `#spentUs`. */
  readonly #currentsMa: Float64Array;
  readonly #supplyV: number;
  readonly #batteryMah: number;
  readonly #startUs: number;
  /** Time spent in each state, microseconds; the present state's is booked when it is left. */
  readonly #spentUs = new Float64Array(energyStates.length);
  #state: number;
  #sinceUs: number;

  constructor(parameters: Parameters, state: EnergyState = 'off', timeUs = 0) {
    const currentsMa = stateCurrentsMa(parameters);
    this.#currentsMa = Float64Array.from(energyStates, (name) => currentsMa[name]);
    this.#supplyV = parameters.get('energy.supplyV');
    this.#batteryMah = parameters.get('energy.batteryMah');
    this.#state = placeOf(state);
    this.#sinceUs = timeUs;
    this.#startUs = timeUs;
  }

  get state(): EnergyState {
    return energyStates[this.#state];
  }

  enter(state: EnergyState, timeUs: number): void {
    this.#spentUs[this.#state] += timeUs - this.#sinceUs;
    this.#state = placeOf(state);
    this.#sinceUs = timeUs;
  }

  /**
   * Books a short time of another state, such as radio airtime, out of the present one. The datasheet's
   * radio currents are the whole chip's, so the present state's current is replaced, not added to.
   */
  addPulse(state: EnergyState, durationUs: number): void {
    this.#spentUs[placeOf(state)] += durationUs;
    this.#spentUs[this.#state] -= durationUs;
  }

  /** Joules since the meter was made. */
  totalJ(nowUs: number): number {
    let joules = 0;
    for (let state = 0; state < energyStates.length; state += 1) joules += this.#joules(state, nowUs);
    return joules;
  }

  /** States with any time in them; their seconds add up to the time since the meter was made. */
  byState(nowUs: number): { state: EnergyState; seconds: number; joules: number }[] {
    return energyStates
      .map((state, place) => ({ state, seconds: this.#us(place, nowUs) / 1e6, joules: this.#joules(place, nowUs) }))
      .filter(({ seconds }) => seconds !== 0);
  }

  /** Mean current since the meter was made; NaN before any time has passed. */
  averageMa(nowUs: number): number {
    return (this.totalJ(nowUs) / this.#supplyV / (nowUs - this.#startUs)) * 1e9;
  }

  /** Life of a full battery at the mean current, for a linear regulator (current in equals current out). */
  batteryDays(nowUs: number): number {
    return this.#batteryMah / this.averageMa(nowUs) / 24;
  }

  #us(state: number, nowUs: number): number {
    return this.#spentUs[state] + (state === this.#state ? nowUs - this.#sinceUs : 0);
  }

  #joules(state: number, nowUs: number): number {
    return (this.#us(state, nowUs) * this.#currentsMa[state] * this.#supplyV) / 1e9;
  }
}

function placeOf(state: EnergyState): number {
  return places[state];
}
