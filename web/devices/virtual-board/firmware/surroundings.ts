/** What a virtual board stands in: a plot, a network, a machine that runs its guests. */
import type { GuestEngine } from '../../../guest/engine.ts';
import type { BoardNetwork } from './network-port.ts';

/** The probe's soil, the relay and the lights; they outlast a restart of the chip, and its power. */
export interface Plot {
  /** One reading, 12-bit ADC; -1 when the probe does not answer. */
  read(): number;
  /** Of the guest ABI: 18, 19, 21 (red, green, blue), 23 (pump). False for a pin that a guest may not drive. */
  setOutput(pin: number, high: boolean): boolean;
  /** Relay open, lights dark. */
  allOff(): void;
}

export interface BoardNews {
  node: string;
  online: boolean;
  /** As the setting `broker`. */
  broker: string;
  identifying: boolean;
}

export interface Surroundings {
  plot: Plot;
  network: BoardNetwork;
  engine: GuestEngine;
  /** Microseconds since 1970. */
  epochUs(): number;
  /** Told when anything of it has changed. */
  news(news: BoardNews): void;
}
