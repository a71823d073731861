/** What the lab's view is made of; wired in `web/app`. */
import type { LabPort } from '../../lab/experiment/lab-port.ts';
import type { ParameterOverrides } from '../../sim/parameters.ts';
import type { CalibrationPort } from './calibration/calibration-port.ts';
import type { GuestsPort } from './guests/guests-port.ts';
import type { IsolationTabProps } from './isolation/isolation-tab-props.ts';

export interface GuestParts {
  guests: GuestsPort;
  calibration: CalibrationPort;
  isolation: IsolationTabProps['port'];
}

export type OpenGuests = () => Promise<GuestParts>;

/** A module that an experiment may name. */
export interface GuestChoice {
  /** `c`, `rust` or a SHA-256. */
  id: string;
  name: string;
}

/** Costs of a runtime on the edge that a board's bench gave. */
export interface CostProfile {
  id: string;
  label: string;
  parameters: ParameterOverrides;
}

export interface ExperimentParts {
  lab: LabPort;
  /** Those that run here: built in, or added to the page. */
  guests(): GuestChoice[];
  /** Kept by the calibration, the newest first. */
  profiles(): Promise<CostProfile[]>;
  /** Stops the simulation of the page, which would take its share of the processor; nothing is lost. */
  pauseSimulation(): void;
}
