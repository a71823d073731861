/** What listens to a run that is measured. Called for every reading, so it must be quick. */
import type { Stamps } from '../protocol/latency.ts';

export interface RunMeter {
  /** The edge node under this index has read its probe; its soil is up to date. */
  sensed(index: number, raw: number): void;
  /** A reading has come to the end of its way through the tiers; `stamps` carries its times. */
  arrived(stamps: Stamps): void;
}
