/** An experiment's runs on the fleet that runs in the page: simulated nodes and boards, in their own time. */
import type { Experiment, Run, RunResult } from '../lab/experiment/experiment.ts';
import { beginMeasuring, measuresOf } from '../lab/measure/measures-of.ts';
import { ReadingMeter } from '../lab/measure/reading-meter.ts';
import type { Pacer, WallClock } from '../sim/pacer.ts';
import type { GuestId } from '../sim/scenario.ts';
import type { World } from '../sim/world.ts';
import type { GuestLibrary } from './guest-library.ts';

export interface LiveFleetParts {
  pacer: Pick<Pacer, 'exclusively' | 'running'>;
  library: Pick<GuestLibrary, 'find'>;
  /** Rests between two looks at the fleet's clock. */
  clock: Pick<WallClock, 'rest'>;
  world(): World;
}

const LOOK_MS = 250;

/** What stands in place of a digest: nobody can repeat what happened. */
export const measuredLive = 'measured live';

export class LiveFleet {
  readonly #parts: LiveFleetParts;
  #cancelled = false;

  constructor(parts: LiveFleetParts) {
    this.#parts = parts;
  }

  /** Edge nodes that the fleet has now, boards and nodes of others included. */
  nodes(): number {
    return this.#parts.world().nodes.filter(({ identity }) => identity.tier === 'edge').length;
  }

  /**
   * Sets strategy, guest and period, lets the fleet settle, measures. Leaves it as it is then. A board keeps its guest:
   * over the air that is an update, which needs its owner's key.
   * @param progress told the share of the run's time that has passed
   */
  async run({ warmUpS, durationS }: Experiment, { cell, replication, seed }: Run, progress: (share: number) => void): Promise<RunResult> {
    this.#cancelled = false;
    const world = this.#parts.world();
    await this.#prepare(world, cell.guest);
    const beganUs = await this.#parts.pacer.exclusively(() => {
      world.setStrategy(cell.strategy);
      world.setGuest(null, cell.guest);
      for (const { index, config } of configured(world)) world.configure(index, { ...config, periodMs: cell.periodS * 1000 });
      return world.kernel.nowUs;
    });
    const wholeUs = (warmUpS + durationS) * 1e6;
    const told = (): void => progress(Math.min(1, (world.kernel.nowUs - beganUs) / wholeUs));
    await this.#until(world, beganUs + warmUpS * 1e6, told);
    const meter = new ReadingMeter();
    try {
      const since = await this.#parts.pacer.exclusively(() => {
        world.context.meter = meter;
        return beginMeasuring(world, meter);
      });
      // A fleet in fast motion has gone on between two looks, so its time is counted from here.
      await this.#until(world, world.kernel.nowUs + durationS * 1e6, told);
      const measures = await this.#parts.pacer.exclusively(() => measuresOf(world, since));
      return { cell: cell.index, replication, seed, measures, digest: measuredLive };
    } finally {
      world.context.meter = null;
    }
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async #prepare(world: World, id: GuestId): Promise<void> {
    const guest = await this.#parts.library.find(id);
    if (!guest) throw new Error(`The module ${id.slice(0, 12)}… is not here: drop its file on the page, then try again.`);
    if (!guest.metered) throw new Error(`${guest.name} cannot be metered, so its costs are not known: it cannot take part in an experiment.`);
    await this.#parts.pacer.exclusively(() => world.addGuest(id, guest));
  }

  async #until(world: World, untilUs: number, told: () => void): Promise<void> {
    while (world.kernel.nowUs < untilUs) {
      if (this.#cancelled) throw new Error('The run was cancelled.');
      if (this.#parts.world() !== world) throw new Error('Another scenario was opened while the fleet was measured: cancel, and begin again on this one.');
      if (!this.#parts.pacer.running) throw new Error('The simulation of this page is paused, and a live fleet is measured while it runs: let it run, then go on with the rest.');
      await this.#parts.clock.rest(LOOK_MS);
      told();
    }
  }
}

/** Edge nodes with what they are known to be calibrated to: those of others say it when they are configured. */
function configured(world: World) {
  const own = world.edges.filter(({ identity }) => !world.slots?.at(identity.index));
  const slots = [...(world.slots?.all() ?? [])];
  return [
    ...own.map(({ identity, config }) => ({ index: identity.index, config })),
    ...slots.map(({ identity, peer }) => ({ index: identity.index, config: peer.config })),
  ];
}
