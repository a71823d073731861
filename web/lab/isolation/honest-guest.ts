/** A neighbour of a hostile guest: the irrigation guest on fixed readings, whose every act is known beforehand. */
import { configDefaults, Sensor } from '../../guest/abi.gen.ts';
import type { HostCalls, LoopGuest, Pause } from '../../guest/types.ts';

const configByKey = Object.values(configDefaults);

/** Steps of a neighbour in a run. */
export const HONEST_STEPS = 16;

/** ADC counts: the soil dries, is watered, and dries again. */
function reading(step: number): number {
  return 1600 + (step % 8) * 30;
}

export class HonestGuest implements HostCalls {
  readonly #guest: LoopGuest;
  #pause: Pause = { kind: 'returned' };
  #steps = 0;
  /** All that it did, one entry each. */
  readonly acts: string[] = [];

  constructor(open: (host: HostCalls) => LoopGuest) {
    this.#guest = open(this);
  }

  get steps(): number {
    return this.#steps;
  }

  /** From its beginning to its first reading. */
  async start(): Promise<void> {
    await this.#guest.start();
  }

  /** One reading, and what it does about it. */
  async step(): Promise<void> {
    if (this.#pause.kind !== 'sensor' || this.#pause.sensor !== Sensor.soilMoisture) {
      throw new Error(`An honest guest does not wait for its probe: ${this.acts.at(-1) ?? 'it has done nothing'}.`);
    }
    await this.#guest.resume(reading(this.#steps));
    await this.#guest.resume(0);
    this.#steps += 1;
  }

  stop(): void {
    this.#guest.stop();
  }

  setOutput(pin: number, level: number): void {
    this.acts.push(`output ${pin} ${level}`);
  }
  log(text: string): void {
    this.acts.push(`log ${text}`);
  }
  logInt(value: number): void {
    this.acts.push(`log ${value}`);
  }
  publish(topic: string, payload: string): number {
    this.acts.push(`publish ${topic} ${payload}`);
    return 0;
  }
  config(key: number): number {
    return configByKey[key] ?? 0;
  }
  paused(pause: Pause): void {
    this.#pause = pause;
    if (pause.kind !== 'sensor') this.acts.push(pause.kind === 'delay' ? `delay ${pause.ms}` : pause.kind);
  }
}

/** How many of two lists' entries differ, place by place. */
export function differing(a: readonly string[], b: readonly string[]): number {
  const common = Math.min(a.length, b.length);
  let count = Math.max(a.length, b.length) - common;
  for (let index = 0; index < common; index += 1) if (a[index] !== b[index]) count += 1;
  return count;
}

/** How many bytes differ; those that only one has count, too. */
export function differingBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  let count = Math.max(a.length, b.length) - common;
  for (let index = 0; index < common; index += 1) if (a[index] !== b[index]) count += 1;
  return count;
}
