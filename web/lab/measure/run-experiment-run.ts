/** Runs one run of an experiment: builds its world, lets it warm up, measures, frees it. */
import type { GuestEngine } from '../../guest/engine.ts';
import type { LoadedGuest } from '../../guest/loaded-guest.ts';
import type { BrokerPort } from '../../sim/broker-port.ts';
import type { DailyWeather } from '../../sim/models/daily-weather.ts';
import type { GuestId } from '../../sim/scenario.ts';
import type { Experiment, Run, RunResult } from '../experiment/experiment.ts';

export interface RunParts {
  engine: GuestEngine;
  guests: ReadonlyMap<GuestId, LoadedGuest>;
  weather: DailyWeather[];
  newBroker(): BrokerPort;
}

export interface RunControl {
  /** Asked between stretches of virtual time: true ends the run, which then rejects with `RunCancelled`. */
  cancelled(): boolean;
  /** Awaited between stretches: resolves at once, or when a pause ends. */
  turn(): Promise<void>;
  /** Share of the run's virtual time that is done, 0 to 1. */
  progress(share: number): void;
}
export class RunCancelled extends Error {}

export type ExecuteRun = (experiment: Experiment, run: Run, parts: RunParts, control: RunControl) => Promise<RunResult>;
