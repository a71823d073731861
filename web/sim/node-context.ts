/** What every node of a world shares. */
import type { GuestEngine } from '../guest/engine.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { BrokerPort } from './broker-port.ts';
import type { Direction, RetryPolicy } from './connection.ts';
import type { MqttMessage } from '../protocol/message.ts';
import type { EventLog } from './event-log.ts';
import type { GuestInstaller } from './guest-installer.ts';
import type { RestartPolicy } from './guest-runner.ts';
import type { KeptHistory } from './kept-history.ts';
import type { Kernel } from './kernel.ts';
import type { Parameters } from './parameters.ts';
import type { RunMeter } from './run-meter.ts';
import type { NodeColumns, Notice, Tier } from './snapshot.ts';

/** Counted over all nodes. */
export interface FleetTotals {
  /** Messages lost on links. */
  lost: number;
  /** Times that a waiting guest was resumed. */
  wakeups: number;
}

export interface NodeContext {
  kernel: Kernel;
  log: EventLog;
  parameters: Parameters;
  broker: BrokerPort;
  engine: GuestEngine;
  /** Topic root. */
  root: string;
  seed: number;
  qos: 0 | 1;
  retry: RetryPolicy;
  restart: RestartPolicy;
  /** Instructions a slice may retire. */
  budget: number;
  /** How long a read of the soil probe blocks. */
  samplingUs: number;
  /** Whether the fog filters under the strategy in force: a relaying cloud then waits for its result. */
  fogFilters(): boolean;
  /** What the nodes' clocks show at kernel time 0, microseconds since 1970; 0 while the simulation has a time of its own. */
  wall: { epochUs: number };
  /** Who senses under this id: a board, or a simulated node. */
  sourceOf(device: string): 'simulated' | 'real';
  installer: GuestInstaller;
  /** Whether edge nodes listen for requests and new guests: the subscriptions of a fleet take memory, and most runs have neither. */
  controlled: boolean;
  /** The node runs another guest, which came over MQTT. */
  onGuestReplaced(index: number, guest: LoadedGuest): void;
  /** Of edge nodes. */
  kept: KeptHistory;
  columns: NodeColumns;
  totals: FleetTotals;
  /** Null in runs that nobody measures. */
  meter: RunMeter | null;
  /** A message, or another try of it, went onto a link between a node and the broker; null where nobody draws it. */
  onTransfer: ((index: number, direction: Direction, message: MqttMessage, lost: boolean) => void) | null;
  notify(severity: Notice['severity'], nodeIndex: number | null, text: string): void;
}

export interface NodeIdentity {
  index: number;
  id: string;
  tier: Tier;
}

/** Follows from the module's bytes alone: a file's name differs from machine to machine, and the log must not. */
export function guestTitle({ checked, sha256 }: LoadedGuest): string {
  return `${checked.language} module ${sha256.slice(0, 12)}`;
}
