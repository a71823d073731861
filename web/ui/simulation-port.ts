/** What the page asks of the simulation, which lives in a worker; `web/app` connects the two. */
import type { CommandName, GuestOffer } from '../protocol/control-payloads.ts';
import type { NodeConfig } from '../protocol/payloads.ts';
import type { SlotMode } from '../sim/bridge-snapshot.ts';
import type { RolloutPlan } from '../sim/rollout.ts';
import type { GuestId, Scenario } from '../sim/scenario.ts';
import type { FaultKind, Frame, FrameRequest, Strategy } from '../sim/snapshot.ts';

export type GuestAnswer =
  | {
      ok: true;
      id: GuestId;
      name: string;
      isNew: boolean;
      /** What the user has to know of it before it runs, in sentences. */
      note?: string;
    }
  | { ok: false; reason: string };

export interface ExportedLog {
  /** Of all events so far, kept or not: sixteen hexadecimal digits. */
  digest: string;
  lines: number;
  timeUs: number;
  text: string;
}

/** The scenario that runs, and sentences about what of the one asked for could not. */
export interface LoadedAddress {
  scenario: Scenario;
  problems: string[];
}

export interface SimulationPort {
  /** Builds the world of an address (without its `#`), in place of the one before; it runs on if that ran. */
  loadAddress(address: string): Promise<LoadedAddress>;
  /** As `loadAddress`, for a scenario. */
  load(scenario: Scenario): Promise<LoadedAddress>;
  frame(request: FrameRequest): Promise<Frame>;
  run(): Promise<void>;
  pause(): Promise<void>;
  /** Executes the next event. */
  stepEvent(): Promise<void>;
  /** Pauses, then runs up to this virtual time as fast as it goes. */
  advanceTo(timeUs: number): Promise<void>;
  /** Virtual seconds per second; `Infinity` for as fast as it goes. */
  setSpeed(speed: number): Promise<void>;
  setStrategy(strategy: Strategy): Promise<void>;
  /** Checks a module and keeps it; nothing runs it yet. */
  addGuest(name: string, bytes: Uint8Array): Promise<GuestAnswer>;
  /** One node or, with null, all. Returns why it cannot be, as a sentence, or null. */
  setGuest(index: number | null, id: GuestId): Promise<string | null>;
  configure(index: number | null, config: NodeConfig): Promise<void>;
  inject(index: number, fault: FaultKind | null): Promise<void>;
  restart(index: number): Promise<void>;
  power(index: number, on: boolean): Promise<void>;
  /** What leads out of the page; loaded when first asked for. */
  outside(): Promise<OutsidePort>;
  log(): Promise<ExportedLog>;
}

/** What is asked of the simulation once something leads out of the page. */
export interface OutsidePort {
  /** A guest as it was before it was metered, for sending it on; null when it is not here. */
  module(id: GuestId): Promise<{ name: string; sha256: string; bytes: Uint8Array } | null>;
  /** Why the edge node's place cannot be used so, as a sentence, or null. */
  setMode(index: number, mode: SlotMode): Promise<string | null>;
  /** Sends a request to an edge node. */
  command(index: number, command: CommandName): Promise<void>;
  alignTwin(index: number): Promise<void>;
  /** Rejects with a sentence for a plan that cannot be carried out. */
  startRollout(plan: RolloutPlan, bytes: Uint8Array, offer: GuestOffer): Promise<void>;
  steerRollout(verb: 'pause' | 'resume' | 'cancel'): Promise<void>;
}
