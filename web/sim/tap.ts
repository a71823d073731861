/** Where what passes is handed to history; the simulation knows no storage. Times are the kernel's, microseconds. */
import type { AnomalyCode, ConfigAck } from '../protocol/payloads.ts';
import type { SlotMode } from './bridge-snapshot.ts';

export type TapEventKind = 'calibration' | 'replacement' | 'anomaly' | 'fault' | 'presence' | 'mode';

/** Who stands behind an index from now on. */
export interface Source {
  id: string;
  mode: SlotMode;
  kind: 'simulated' | 'real';
  owner: string | null;
  runtime: string | null;
  guestSha256: string | null;
}

export interface Tap {
  reading(index: number, timeUs: number, raw: number, percent: number, irrigate: boolean): void;
  filtered(index: number, timeUs: number, fogEma: number): void;
  analysed(index: number, timeUs: number, cloudEma: number, latencyMs: number | null): void;
  twin(index: number, timeUs: number, raw: number, percent: number): void;
  anomaly(index: number, timeUs: number, code: AnomalyCode): void;
  /** @param payload of the acknowledgement */
  acknowledged(index: number, ack: ConfigAck, payload: string): void;
  presence(index: number, online: boolean): void;
  event(index: number, kind: TapEventKind, text: string): void;
  source(index: number, source: Source): void;
  /** Nodes of this index and above are gone. */
  forgetFrom(index: number): void;
}
