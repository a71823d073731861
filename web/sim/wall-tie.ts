/** Ties kernel time to the machine's clock while a broker is joined. */
import type { World } from './world.ts';

/** The simulation may lag behind its 1x for a moment; more than this, and it is tied anew. */
const DRIFT_US = 100_000;

export class WallTie {
  /** Microseconds since 1970. */
  readonly #epochUs: () => number;

  constructor(epochUs: () => number) {
    this.#epochUs = epochUs;
  }

  tie({ wall, kernel }: World): void {
    wall.epochUs = Math.round(this.#epochUs()) - kernel.nowUs;
  }

  follow(world: World): void {
    const drift = this.#epochUs() - world.kernel.nowUs - world.wall.epochUs;
    if (Math.abs(drift) > DRIFT_US) this.tie(world);
  }
}
