/** Measures a world that runs anyway, at whatever speed: the page's own, with boards in it or not. */
import type { World } from '../../sim/world.ts';
import { beginMeasuring, measuresOf, type MeasuredSince } from './measures-of.ts';
import type { RunMeasures } from './metrics.ts';
import { ReadingMeter } from './reading-meter.ts';

export class LiveMeasuring {
  readonly #world: World;
  readonly #since: MeasuredSince;

  /** Measures from now on, in place of whoever measured this world before. */
  constructor(world: World) {
    const meter = new ReadingMeter();
    this.#world = world;
    this.#since = beginMeasuring(world, meter);
    world.context.meter = meter;
  }

  /** Virtual seconds so far; with boards in the fleet they are seconds of the clock. */
  get seconds(): number {
    return (this.#world.kernel.nowUs - this.#since.timeUs) / 1e6;
  }

  /** Simulated nodes whose energy, processor, memory, air and water are measured. */
  get simulatedNodes(): number {
    return this.#since.edges.size;
  }

  /** What was measured so far; it goes on. */
  measures(): RunMeasures {
    return measuresOf(this.#world, this.#since);
  }

  stop(): void {
    if (this.#world.context.meter === this.#since.meter) this.#world.context.meter = null;
  }
}
