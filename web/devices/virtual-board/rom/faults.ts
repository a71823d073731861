/**
 * What goes wrong between a computer and a board, one at a time. All are as seen on real desks; each can be injected
 * while a transfer runs and taken away again.
 */
import type { ChipFamily } from './chip-model.ts';

export type PortFault =
  /** Bits flip: a long or bad cable. The probability that one bit of a byte is wrong, both ways. */
  | { kind: 'noise'; perByte: number }
  /** Bytes get lost: a full buffer in the bridge or the driver. Probability per byte, both ways. */
  | { kind: 'loss'; perByte: number }
  /** The cable is pulled, after so many more bytes (both ways together) or at once; the board has its power from it. */
  | { kind: 'pulled'; afterBytes?: number }
  /** Nothing arrives any more in either direction, while the port stays open: a hung bridge. */
  | { kind: 'silent'; afterBytes?: number }
  /** The chip restarts by itself, once, after so many more bytes: its supply is too weak. */
  | { kind: 'brownout'; afterBytes: number }
  /** The bridge garbles what goes faster than this. */
  | { kind: 'slow-bridge'; maxBaud: number }
  /** DTR does not reach IO0: the chip restarts into the app unless the BOOT button is held. */
  | { kind: 'no-auto-reset' }
  /** EN stays low. */
  | { kind: 'stuck-in-reset' }
  /** The bridge pulls EN when a program opens the port: the chip restarts into the app. */
  | { kind: 'reset-on-open' }
  /** Another program holds the port: `open` rejects. */
  | { kind: 'port-taken' }
  /** Some flash cells no longer take what is written: probability for each page of 256 bytes. */
  | { kind: 'worn-flash'; perPage: number }
  /** Another chip than one thinks; in force from the next reset on. */
  | { kind: 'wrong-chip'; chip: ChipFamily }
  /** The eFuse for secure boot is burnt: the chip starts signed images only. */
  | { kind: 'secure-boot' }
  /** The eFuses for flash encryption are burnt: plain text in flash is garbage to the chip. */
  | { kind: 'flash-encryption' };
