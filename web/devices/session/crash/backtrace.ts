/** Where a program was when it crashed, and the command that turns that into source lines. */
import type { ChipName } from './crash.ts';

const RISC_V: readonly ChipName[] = ['esp32c2', 'esp32c3', 'esp32c6', 'esp32h2', 'esp32p4'];

/** Addresses in a line of a crash, innermost first: Xtensa's `Backtrace: PC:SP ...`, RISC-V's `MEPC` and `RA`; null in others. */
export function backtraceOf(text: string): readonly string[] | null {
  const listed = /Backtrace: ?((?:0x[0-9a-f]{8}:0x[0-9a-f]{8} ?)+)/i.exec(text)?.[1];
  if (listed !== undefined) return listed.trim().split(/\s+/).map((pair) => pair.slice(0, 10));
  const registers = /MEPC *: *(0x[0-9a-f]{8})(?: +RA *: *(0x[0-9a-f]{8}))?/i.exec(text);
  return registers === null ? null : registers.slice(1).filter((address) => address !== undefined);
}

/** `project` is the name of the .elf; null where the console did not tell. */
export function addr2lineCommand(chip: ChipName | null, project: string | null, backtrace: readonly string[]): string | null {
  if (backtrace.length === 0) return null;
  const riscV = chip !== null && RISC_V.includes(chip);
  const tool = riscV ? 'riscv32-esp-elf-addr2line' : `xtensa-${chip ?? 'esp32'}-elf-addr2line`;
  return `${tool} -pfiaC -e build/${project ?? 'APP'}.elf ${backtrace.join(' ')}`;
}
