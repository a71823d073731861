/**
 * A capacitive soil probe on a 12-bit ADC. More water means more capacitance, less impedance in the
 * probe's voltage divider and fewer counts. Each probe is calibrated in its own soil: `probe.dryAdc`
 * is read in it air-dry and `probe.wetAdc` in it saturated.
 */
import type { Parameters } from '../parameters.ts';
import type { RandomStream } from '../random.ts';
import type { FaultKind } from '../snapshot.ts';
import { exp } from './elementary.ts';

const ADC_MAX = 4095;
const HOUR_US = 3_600_000_000;
/** What `read_sensor` returns when no probe answers. */
export const SENSOR_MISSING = -1;

interface Curve {
  dryAdc: number;
  wetAdc: number;
  curve: number;
}

function curveOf(parameters: Parameters): Curve {
  return {
    dryAdc: parameters.get('probe.dryAdc'),
    wetAdc: parameters.get('probe.wetAdc'),
    curve: parameters.get('probe.curve'),
  };
}

/**
 * Counts without noise at a share of saturation from 0 to 1. A divider whose impedance falls as
 * 1 / (capacitance), with capacitance linear in water, gives this hyperbola; `probe.curve` is the
 * share at which the reading would be half way to its limit for ever more water.
 */
export function adcAt(parameters: Parameters, saturationShare: number): number {
  return adcOn(curveOf(parameters), saturationShare);
}

function adcOn({ dryAdc, wetAdc, curve }: Curve, saturationShare: number): number {
  const share = Math.min(1, Math.max(0, saturationShare));
  return dryAdc - ((dryAdc - wetAdc) * (1 + curve) * share) / (curve + share);
}

export class Probe {
  readonly #parameters: Parameters;
  readonly #random: RandomStream;
  readonly #saturation: number;
  readonly #samples: number;
  readonly #noiseSd: number;
  readonly #curve: Curve;
  readonly #wanderSd: number;
  readonly #wanderTimeUs: number;
  #wanderAdc = 0;
  #wanderUs = 0;
  #fault: FaultKind | null = null;
  #faultSinceUs = 0;
  /** No reading has been made under the present fault. */
  #faultIsFresh = false;
  #last: number | null = null;

  /** `saturation` of the soil the probe is in, m3/m3. */
  constructor(parameters: Parameters, random: RandomStream, saturation: number) {
    this.#parameters = parameters;
    this.#random = random;
    this.#saturation = saturation;
    this.#samples = parameters.get('node.sensor.samples');
    this.#noiseSd = parameters.get('probe.noiseSd');
    this.#curve = curveOf(parameters);
    this.#wanderSd = parameters.get('probe.wanderSd');
    this.#wanderTimeUs = parameters.get('probe.wanderDays') * 24 * HOUR_US;
    this.#wanderAdc = this.#wanderSd * random.normal();
  }

  get fault(): FaultKind | null {
    return this.#fault;
  }

  /** Starts a fault, or ends it with null. An ended drift is gone at once, as after a recalibration. */
  inject(fault: FaultKind | null, timeUs: number): void {
    this.#fault = fault;
    this.#faultSinceUs = timeUs;
    this.#faultIsFresh = fault !== null;
  }

  /** Counts by which the probe is off at present: slow wander plus an injected drift. */
  driftAdc(timeUs: number): number {
    const ramp =
      this.#fault === 'drift'
        ? (this.#parameters.get('probe.fault.driftAdcPerHour') * (timeUs - this.#faultSinceUs)) / HOUR_US
        : 0;
    return this.#wanderAdc + ramp;
  }

  /**
   * One reading: the integer mean (rounded down, as in C) of quantised samples, 0 to 4095, or
   * `SENSOR_MISSING`. The water is taken as constant while the samples are made.
   */
  read(timeUs: number, waterContent: number): number {
    const fresh = this.#faultIsFresh;
    this.#faultIsFresh = false;
    if (this.#fault === 'dropout') {
      const missing = this.#random.bernoulli(this.#parameters.get('probe.fault.dropoutProbability'));
      if (missing || fresh) return SENSOR_MISSING;
    }
    if (this.#fault === 'stuck' && this.#last !== null) return this.#last;

    this.#wander(timeUs);
    let level = adcOn(this.#curve, waterContent / this.#saturation) + this.driftAdc(timeUs);
    if (this.#fault === 'spike') {
      const spikes = this.#random.bernoulli(this.#parameters.get('probe.fault.spikeProbability'));
      const sign = this.#random.bernoulli(0.5) ? 1 : -1;
      // The first reading always spikes: who injects the fault wants to see it.
      if (spikes || fresh) level += sign * this.#parameters.get('probe.fault.spikeAdc');
    }

    const noiseSd = this.#noiseSd;
    const random = this.#random;
    let sum = 0;
    for (let i = 0; i < this.#samples; i++) {
      const sample = Math.floor(level + noiseSd * random.normal() + 0.5);
      sum += Math.min(ADC_MAX, Math.max(0, sample));
    }
    this.#last = Math.floor(sum / this.#samples);
    return this.#last;
  }

  /** Exact step of an Ornstein-Uhlenbeck process: it wanders but returns to zero in the long run. */
  #wander(timeUs: number): void {
    const elapsedUs = timeUs - this.#wanderUs;
    if (elapsedUs <= 0) return;
    const kept = exp(-elapsedUs / this.#wanderTimeUs);
    const fresh = this.#wanderSd * Math.sqrt(1 - kept * kept);
    this.#wanderAdc = this.#wanderAdc * kept + fresh * this.#random.normal();
    this.#wanderUs = timeUs;
  }
}
