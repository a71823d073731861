/** From an experiment to its cells, its seeds and its runs. */
import { stream } from '../../sim/random.ts';
import { factorNames, type Cell, type Experiment, type Factors, type Run } from './experiment.ts';

/** Every combination of the factors, the last factor varying fastest. */
export function cellsOf({ factors }: Pick<Experiment, 'factors'>): Cell[] {
  type Combination = Record<string, Factors[keyof Factors][number]>;
  let combinations: Combination[] = [{}];
  for (const name of factorNames) {
    combinations = combinations.flatMap((combination) => factors[name].map((value) => ({ ...combination, [name]: value })));
  }
  return combinations.map((combination, index) => ({ index, ...combination }) as Cell);
}

export function cellCount({ factors }: Pick<Experiment, 'factors'>): number {
  return factorNames.reduce((product, name) => product * factors[name].length, 1);
}

/**
 * The seed of each replication, all different. The first is the experiment's own, and more replications leave the
 * seeds of the fewer as they were, so an experiment can be made longer.
 */
export function seedsOf({ seed, replications }: Pick<Experiment, 'seed' | 'replications'>): number[] {
  const draws = stream(seed, 'replications');
  const seeds = new Set([seed]);
  while (seeds.size < replications) seeds.add(draws.int(0, 0xffff_ffff));
  return [...seeds].slice(0, replications);
}

/** All runs, replication by replication over all cells, so that what is done of them is balanced at any time. */
export function runsOf(experiment: Experiment): Run[] {
  const cells = cellsOf(experiment);
  return seedsOf(experiment).flatMap((seed, replication) => cells.map((cell) => ({ cell, replication, seed })));
}

/** Readings that one run of the cell takes of its probes, warm-up included: what its work is proportional to. */
export function readingsOf({ warmUpS, durationS }: Pick<Experiment, 'warmUpS' | 'durationS'>, { nodes, periodS }: Pick<Cell, 'nodes' | 'periodS'>): number {
  return nodes * Math.ceil((warmUpS + durationS) / periodS);
}

export interface Extent {
  cells: number;
  runs: number;
  /** Of all runs. */
  readings: number;
}

export function extentOf(experiment: Experiment): Extent {
  const cells = cellsOf(experiment);
  const each = cells.reduce((sum, cell) => sum + readingsOf(experiment, cell), 0);
  return { cells: cells.length, runs: cells.length * experiment.replications, readings: each * experiment.replications };
}
