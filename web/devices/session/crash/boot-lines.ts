/** What the first lines after a reset tell of chip and firmware. */
import type { ChipName } from './crash.ts';

const chips: readonly ChipName[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c2', 'esp32c3', 'esp32c6', 'esp32h2', 'esp32p4'];

/** Which chip printed this line; null when the line does not tell. */
export function chipIn(text: string): ChipName | null {
  // A reset cuts a line short, and the ROM writes on in it.
  const rom = /(?:ESP-ROM:|^. \(\d+\) boot\.)(esp32\w*)/.exec(text);
  if (rom !== null) return chipNamed(rom[1]!);
  // The ROMs of the first two chips name no chip, but each was built once or twice only.
  if (/\bets (?:Jun {2}8 2016|Jul 29 2019)/.test(text)) return 'esp32';
  if (/\bets Jan {2}8 2013/.test(text)) return 'esp8266';
  const own = /\bnode: continuum-node \S+ on (esp32\w*)/.exec(text);
  return own === null ? null : chipNamed(own[1]!);
}

function chipNamed(name: string): ChipName | null {
  return chips.find((chip) => chip === name) ?? null;
}

/** The name of the app, which is the name of its .elf; null when the line does not tell. */
export function projectIn(text: string): string | null {
  const named = /(?:app_init|cpu_start): Project name: +([\w.-]{1,32})/.exec(text);
  if (named !== null) return named[1]!;
  return /\bnode: continuum-node /.test(text) ? 'continuum-node' : null;
}
