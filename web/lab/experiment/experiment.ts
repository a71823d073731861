/** An experiment as its file says it: a matrix of cells, each run again under other seeds. */
import type { ParameterOverrides } from '../../sim/parameters.ts';
import type { GuestId } from '../../sim/scenario.ts';
import type { Strategy } from '../../sim/snapshot.ts';
import type { LinkChoice } from '../measure/link-choices.ts';
import type { RunMeasures } from '../measure/metrics.ts';
import type { WeatherChoice } from '../measure/weather-choices.ts';

/** What is varied; every combination is a cell, in the order of these names, the last varying fastest. */
export interface Factors {
  strategy: Strategy[];
  guest: GuestId[];
  /** Edge nodes. */
  nodes: number[];
  link: LinkChoice[];
  /** Sampling period, seconds. */
  periodS: number[];
  weather: WeatherChoice[];
}
export const factorNames = ['strategy', 'guest', 'nodes', 'link', 'periodS', 'weather'] as const satisfies (keyof Factors)[];
export type FactorName = (typeof factorNames)[number];

export interface Experiment {
  name: string;
  /** What it is to find out; may be empty. */
  question: string;
  factors: Factors;
  /** Runs of each cell. Run r of every cell has the same seed, so cells are compared pair by pair. */
  replications: number;
  /** Seed of the first replication; the others follow from it. */
  seed: number;
  /** Virtual seconds before measuring begins: boards boot and filters settle. */
  warmUpS: number;
  /** Measured virtual seconds. */
  durationS: number;
  qos: 0 | 1;
  /** Overrides of the models' parameters, on top of those of the link choice. */
  parameters: ParameterOverrides;
  /**
   * Measured on the fleet that runs in the page, boards included, in its own time: nothing that a seed repeats. Nodes are
   * those that are there, link and weather are `asTheyAre`.
   */
  live?: true;
  /** Cells that the others are compared with: those that equal a cell in every factor but the ones named here. */
  baseline: Partial<Pick<Cell, FactorName>>;
}

/** As it is run here: an experiment that came from a file keeps the values that its models had there. */
export interface PinnedExperiment extends Experiment {
  /** In place of the models' own values, so below what the link choice and the experiment set. */
  pinned?: ParameterOverrides;
}

/** One combination of the factors. */
export interface Cell {
  /** Place in the matrix. */
  index: number;
  strategy: Strategy;
  guest: GuestId;
  nodes: number;
  link: LinkChoice;
  periodS: number;
  weather: WeatherChoice;
}

/** One run to be done. */
export interface Run {
  cell: Cell;
  /** From 0. */
  replication: number;
  /** Of the world's random streams. */
  seed: number;
}

export interface RunResult {
  cell: number;
  replication: number;
  seed: number;
  measures: RunMeasures;
  /** Of all that happened in the run, 16 hexadecimal digits: two machines ran the same when these are equal. */
  digest: string;
}

/** A run that ended without a result. */
export interface RunFailure {
  cell: number;
  replication: number;
  /** A sentence. */
  reason: string;
}
