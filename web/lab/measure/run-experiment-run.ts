/** Runs one run of an experiment, or several at once: builds their worlds, lets them warm up, measures, frees them. */
import { configDefaults } from '../../guest/abi.gen.ts';
import type { GuestEngine } from '../../guest/engine.ts';
import type { LoadedGuest } from '../../guest/loaded-guest.ts';
import type { BrokerPort } from '../../sim/broker-port.ts';
import type { GuestInstaller } from '../../sim/guest-installer.ts';
import type { DailyWeather } from '../../sim/models/daily-weather.ts';
import { parameter, type ParameterOverrides } from '../../sim/parameters.ts';
import type { GuestId, Scenario } from '../../sim/scenario.ts';
import type { Strategy } from '../../sim/snapshot.ts';
import { strategies, type Placement } from '../../sim/strategy.ts';
import { digestOf, unobserved, type Shared } from '../../sim/unobserved.ts';
import { World } from '../../sim/world.ts';
import type { Cell, PinnedExperiment, Run, RunResult } from '../experiment/experiment.ts';
import { linkChoices } from './link-choices.ts';
import { beginMeasuring, measuresOf } from './measures-of.ts';
import { ReadingMeter } from './reading-meter.ts';
import { weatherChoices } from './weather-choices.ts';

export interface RunParts {
  engine: GuestEngine;
  guests: ReadonlyMap<GuestId, LoadedGuest>;
  weather: DailyWeather[];
  newBroker(): BrokerPort;
}

export interface RunControl {
  /** Asked between stretches of virtual time: true ends the run, which then rejects with `RunCancelled`. */
  cancelled(): boolean;
  /** Awaited between stretches: resolves at once, or when a pause ends. Called often, so it looks at a clock itself. */
  turn(): Promise<void>;
  /** Share of the run's virtual time that is done, 0 to 1. Told as often. */
  progress(share: number): void;
}
export class RunCancelled extends Error {}

/** About a millisecond of work. */
const EVENTS_OF_STRETCH = 512;
/** A node's own report of itself would else be much of what a slowly sampling node sends. */
const READINGS_PER_REPORT = 10;

const noInstaller: GuestInstaller = {
  install: () => Promise.resolve({ ok: false, reason: 'Nodes of an experiment keep the guest that they began with.' }),
};

interface RunWorld extends Shared {
  run: Run;
  meter: ReadingMeter;
}

/** `executeRuns` of one. */
export async function executeRun(experiment: PinnedExperiment, run: Run, parts: RunParts, control: RunControl): Promise<RunResult> {
  const [result] = await executeRuns(experiment, [run], parts, control);
  return result!;
}

/**
 * Runs of which the edge nodes do and meet the same (`tasksOf`): their worlds share these, which are then simulated once.
 * Resolves to the results in the same order, each as if it had been run alone. Rejects with a sentence where a cell names what
 * is not there, `RunCancelled` when it was ended.
 */
export async function executeRuns(experiment: PinnedExperiment, runs: readonly Run[], parts: RunParts, control: RunControl): Promise<RunResult[]> {
  for (const { cell } of runs) await admit(cell, parts);
  const opened: RunWorld[] = [];
  for (const run of runs) opened.push(openWorld(experiment, run, parts, opened));
  const [{ run: { cell }, world: first }] = opened as [RunWorld];
  try {
    const { dry, wet, threshold } = configDefaults;
    first.configure(null, { dry, wet, threshold, periodMs: cell.periodS * 1000 });
    const warmUpUs = experiment.warmUpS * 1e6;
    const endUs = warmUpUs + experiment.durationS * 1e6;
    await runTo(first, warmUpUs, endUs, control);
    const since = opened.map(({ world, meter }) => beginMeasuring(world, meter));
    await runTo(first, endUs, endUs, control);
    return opened.map(({ run: { cell: { index }, replication, seed }, world, unobserved: own }, at) => {
      return { cell: index, replication, seed, measures: measuresOf(world, since[at]!), digest: digestOf(own) };
    });
  } finally {
    for (const { world } of opened) world.stop();
  }
}

async function admit(cell: Cell, { engine, guests }: RunParts): Promise<void> {
  const guest = guests.get(cell.guest);
  if (!guest) throw new Error(`The guest ${cell.guest} is not loaded; add its module to the experiment.`);
  const refusal = await engine.admit(guest);
  if (refusal !== null) throw new Error(refusal);
  if (cell.strategy !== 'E' && cell.nodes > engine.maxLoops) {
    throw new Error(`This browser runs at most ${engine.maxLoops} guests of edge nodes at once, and the cell has ${cell.nodes}. Take fewer nodes, or a browser with JSPI.`);
  }
}

/** @param opened those before it in its task */
function openWorld(experiment: PinnedExperiment, run: Run, { engine, guests, weather, newBroker }: RunParts, opened: readonly RunWorld[]): RunWorld {
  const { strategy, guest } = run.cell;
  const placedOnFog = (of: Strategy): Placement => strategies[of].placement.fog;
  const first = opened[0] ?? null;
  const sameFog = opened.find(({ run: { cell } }) => cell.guest === guest && placedOnFog(cell.strategy) === placedOnFog(strategy)) ?? null;
  const broker = newBroker();
  const own = unobserved(broker, first, sameFog);
  const meter = new ReadingMeter(first?.meter);
  const scenario = scenarioOf(experiment, run.cell, run.seed);
  const world = new World({ scenario, guests, alone: new Map(), newBroker: () => broker, installer: noInstaller, engine, weather, meter, unobserved: own });
  return { run, world, meter, unobserved: own };
}

/** What the cell's world is made from. */
export function scenarioOf(experiment: PinnedExperiment, cell: Cell, seed: number): Scenario {
  const weather = weatherChoices[cell.weather];
  if (!weather) throw new Error(`There is no weather choice "${cell.weather}"; choose from ${Object.keys(weatherChoices).join(', ')}.`);
  return {
    nodes: cell.nodes,
    guest: cell.guest,
    guests: {},
    strategy: cell.strategy,
    seed,
    start: weather.start,
    qos: experiment.qos,
    parameters: parametersOf(experiment, cell),
    ownMemory: 0,
  };
}

/** What follows from the period; on top of it what is pinned, then what the link choice sets, then what the experiment sets. */
export function parametersOf({ warmUpS, pinned, parameters }: PinnedExperiment, { periodS, link }: Cell): ParameterOverrides {
  const links = linkChoices[link];
  if (!links) throw new Error(`There is no link choice "${link}"; choose from ${Object.keys(linkChoices).join(', ')}.`);
  const reportS = parameter('node.metricsPeriodS');
  const spreadMs = parameter('node.bootSpreadMs');
  return {
    'node.metricsPeriodS': Math.min(reportS.max, Math.max(reportS.value, READINGS_PER_REPORT * periodS)),
    // Boards sample at any time of the period, not all in its first seconds; all are up when measuring begins.
    'node.bootSpreadMs': Math.min(spreadMs.max, 1000 * periodS, 500 * warmUpS),
    ...pinned,
    ...links.parameters,
    ...parameters,
  };
}

async function runTo(world: World, untilUs: number, endUs: number, control: RunControl): Promise<void> {
  const { kernel } = world;
  for (;;) {
    const stretchEnd = kernel.executed + EVENTS_OF_STRETCH;
    const reached = await kernel.runUntil(untilUs, () => kernel.executed >= stretchEnd);
    control.progress(kernel.nowUs / endUs);
    await control.turn();
    if (control.cancelled()) throw new RunCancelled('The run was cancelled.');
    if (reached) return;
  }
}
