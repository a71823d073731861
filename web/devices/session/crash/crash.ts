/** What a board's console says went wrong, in words for people. */

/** Espressif's name of a chip family as its tools write it; null where the console did not tell. */
export type ChipName = 'esp32' | 'esp32s2' | 'esp32s3' | 'esp32c2' | 'esp32c3' | 'esp32c6' | 'esp32h2' | 'esp32p4' | 'esp8266';

/** `reset`: for an unusual reason; `notice`: nothing is wrong with the board. */
export type CrashKind = 'crash' | 'reset' | 'boot-problem' | 'boot-loop' | 'notice';

export interface CrashReport {
  id: number;
  kind: CrashKind;
  /** Short: `Guru Meditation: LoadProhibited`. */
  title: string;
  /** A sentence. */
  meaning: string;
  /** What to do, in order, each a sentence. */
  steps: readonly string[];
  /** Number of the console line it was first seen in. */
  line: number;
  /** When it was last seen, since 1970. */
  atMs: number;
  /** How often it was seen in a row. */
  times: number;
  chip: ChipName | null;
  /** Program counters as the board printed them, innermost first: `0x400d1234`. */
  backtrace: readonly string[];
  /** The command that turns the backtrace into source lines, or null without one. */
  addr2line: string | null;
}
