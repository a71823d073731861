/** Boards without hardware, as the page sees them: each behind a serial port as a real one, with hands to hold it by. */
import type { BoardPort } from '../port/board-port.ts';
import type { PortFault } from './rom/faults.ts';

export type { PortFault } from './rom/faults.ts';

export type VirtualChip = 'esp32' | 'esp32s3' | 'esp32c3';

export interface NewBoard {
  chip: VirtualChip;
  flashBytes: number;
  /** Of its MAC, its soil and its noise: the same seed gives the same board. */
  seed: number;
}

/** What the board does, as somebody sees who looks at it. */
export type BoardActivity =
  | { kind: 'off' }
  /** Held in reset, or on the way from reset to what it will do. */
  | { kind: 'starting' }
  /** The ROM's loader waits for a flasher. */
  | { kind: 'download' }
  /** Nothing that could run lies in its flash; the ROM tries again and again. */
  | { kind: 'empty'; /** A sentence. */ reason: string }
  /** An app is there, but not one that a virtual board can run. */
  | { kind: 'foreign'; /** A sentence. */ reason: string }
  | { kind: 'running' };

export interface BoardFacts extends NewBoard {
  /** Stable, also across visits. */
  id: string;
  /** `aa:bb:cc:dd:ee:ff` */
  mac: string;
  activity: BoardActivity;
  /** Null until the firmware runs. */
  node: string | null;
  online: boolean;
  /** Address of the broker as the board was told it; `mqtt://page` is that of the page itself. Empty for none. */
  broker: string;
  /** Lights and pump as its pins are now. */
  lights: { red: boolean; green: boolean; blue: boolean; pump: boolean };
  /** Blinks because somebody asked where it is. */
  identifying: boolean;
  /** Why its flash is not kept for the next visit, as a sentence; null when it is. */
  storeProblem: string | null;
}

export interface VirtualBoard {
  readonly id: string;
  /** The same at every call; it opens and closes as often as one likes. */
  readonly port: BoardPort;
  /** Cuts or gives power; what lies in flash stays. */
  power(on: boolean): Promise<void>;
  /** Holds or lets go a button: `boot` pulls IO0 low, `en` holds the chip in reset. */
  press(button: 'boot' | 'en', down: boolean): Promise<void>;
  /** Disturbs the serial line until another call; null for none. Pulling the cable is a fault too, and null plugs it in again. */
  inject(fault: PortFault | null): Promise<void>;
}

export interface VirtualBoards {
  /** Boards of this browser, the oldest first; kept ones are there, and have power, from the first call on. */
  list(): Promise<BoardFacts[]>;
  /** Rejects with a sentence when there are as many as a page can run. */
  create(wanted: NewBoard): Promise<VirtualBoard>;
  /** Rejects with a sentence when there is none of this id. */
  open(id: string): Promise<VirtualBoard>;
  /** Cuts its power and forgets its flash. */
  remove(id: string): Promise<void>;
  /** Tells of every change, at once the first time, until what it returns is called. */
  watch(hear: (boards: BoardFacts[]) => void): () => void;
}
