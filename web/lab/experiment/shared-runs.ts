/** Which runs of an experiment are done together, since they have something in common that is then simulated once. */
import { strategies } from '../../sim/strategy.ts';
import { groupBy } from '../report/group-by.ts';
import type { Run } from './experiment.ts';

/** Runs of one and the same world, which have one and the same result. */
export type SameRuns = Run[];

/**
 * In the order of the runs; each is given to a worker as a whole.
 * @param workers with fewer tasks than that some would have nothing to do, so edge nodes are then not shared
 */
export function tasksOf(runs: readonly Run[], workers: number): SameRuns[][] {
  const worlds = [...groupBy(runs, worldOf).values()];
  const sharing = [...groupBy(worlds, ([run]) => edgeOf(run!)).values()];
  return sharing.length < workers ? worlds.map((same) => [same]) : sharing;
}

/** What tells the world of a run from others of its experiment: where no tier runs a guest, its language makes no difference. */
function worldOf(run: Run): string {
  const { strategy, guest } = run.cell;
  const { fog, cloud } = strategies[strategy].placement;
  return [edgeOf(run), fog, cloud, fog === 'wasm' || cloud === 'wasm' ? guest : ''].join(' ');
}

/** What tells its edge nodes from those of others: nothing comes back to them from fog and cloud. */
function edgeOf({ cell: { strategy, guest, nodes, link, periodS, weather }, replication }: Run): string {
  const { edge } = strategies[strategy].placement;
  return [edge, edge === 'wasm' ? guest : '', nodes, link, periodS, weather, replication].join(' ');
}
