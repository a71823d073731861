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
  readonly #currentsMa: Record<EnergyState, number>;
  readonly #supplyV: number;
  readonly #batteryMah: number;
  readonly #startUs: number;
  /** Time spent in each state, microseconds; the present state's is booked when it is left. */
  readonly #spentUs: Record<EnergyState, number>;
  #state: EnergyState;
  #sinceUs: number;

  constructor(parameters: Parameters, state: EnergyState = 'off', timeUs = 0) {
    this.#currentsMa = stateCurrentsMa(parameters);
    this.#supplyV = parameters.get('energy.supplyV');
    this.#batteryMah = parameters.get('energy.batteryMah');
    this.#spentUs = Object.fromEntries(energyStates.map((name) => [name, 0])) as Record<EnergyState, number>;
    this.#state = state;
    this.#sinceUs = timeUs;
    this.#startUs = timeUs;
  }

  get state(): EnergyState {
    return this.#state;
  }

  enter(state: EnergyState, timeUs: number): void {
    this.#spentUs[this.#state] += timeUs - this.#sinceUs;
    this.#state = state;
    this.#sinceUs = timeUs;
  }

  /**
   * Books a short time of another state, such as radio airtime, out of the present one. The datasheet's
   * radio currents are the whole chip's, so the present state's current is replaced, not added to.
   */
  addPulse(state: EnergyState, durationUs: number): void {
    this.#spentUs[state] += durationUs;
    this.#spentUs[this.#state] -= durationUs;
  }

  /** Joules since the meter was made. */
  totalJ(nowUs: number): number {
    return energyStates.reduce((sum, state) => sum + this.#joules(state, nowUs), 0);
  }

  /** States with any time in them; their seconds add up to the time since the meter was made. */
  byState(nowUs: number): { state: EnergyState; seconds: number; joules: number }[] {
    return energyStates
      .map((state) => ({ state, seconds: this.#us(state, nowUs) / 1e6, joules: this.#joules(state, nowUs) }))
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

  #us(state: EnergyState, nowUs: number): number {
    return this.#spentUs[state] + (state === this.#state ? nowUs - this.#sinceUs : 0);
  }

  #joules(state: EnergyState, nowUs: number): number {
    return (this.#us(state, nowUs) * this.#currentsMa[state] * this.#supplyV) / 1e9;
  }
}
