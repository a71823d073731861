/** What the calibration tab is given; `web/app/lab-guests.ts` makes all but the scenario's part. */
import type { BoardBench } from '../../../lab/calibration/board-bench.ts';
import type { ProfileStore } from '../../../lab/calibration/profile-store.ts';
import type { WorkCounts } from '../../../lab/calibration/work-counts.ts';
import type { ParameterOverrides } from '../../../sim/parameters.ts';

export interface CalibrationGuest {
  id: string;
  name: string;
  /** Lower-case hexadecimal. */
  sha256: string;
}

export interface CalibrationPort {
  bench: BoardBench;
  /** Kept profiles; an experiment may take the parameters of one. */
  profiles: ProfileStore;
  /** The built-in guests and those that were added. */
  guests(): Promise<CalibrationGuest[]>;
  /** ISO 8601. */
  now(): string;
  /** Runs the guest and counts; rejects with a sentence. */
  count(guest: string): Promise<WorkCounts>;
}

/** The scenario that runs. */
export interface RunningScenario {
  readonly parameters: ParameterOverrides;
  /** Starts it again with these; they stand in the address. */
  apply(parameters: ParameterOverrides): Promise<void> | void;
}

export interface CalibrationTabProps {
  port: CalibrationPort;
  scenario: RunningScenario;
}
