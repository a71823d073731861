import type { CommandName } from '../../protocol/control-payloads.ts';
import type { SlotMode } from '../../sim/bridge-snapshot.ts';
import type { FaultKind } from '../../sim/snapshot.ts';
import type { Calibration } from './calibration.ts';

/** What a person can do to the node they look at; `index` is the node's index in the world. */
export interface InspectorActions {
  /** Publishes a calibration to the node; the detail's `config` tells what came of it. */
  calibrate(index: number, calibration: Calibration): void;
  /** Makes the soil probe fail in one way, or heals it with null. */
  inject(index: number, fault: FaultKind | null): void;
  restart(index: number): void;
  setMode(index: number, mode: SlotMode): void;
  /** Sends a request to a node that somebody else runs. */
  command(index: number, command: CommandName): void;
  alignTwin(index: number): void;
  power(index: number, on: boolean): void;
  /** Resolves with what the user has to know of the module, if there is something. */
  replaceGuest(index: number, file: File): Promise<string | undefined>;
  useBuiltinGuest(index: number, language: 'c' | 'rust'): void;
  /** Saves the node's console as a file. */
  exportConsole(index: number): void;
}
