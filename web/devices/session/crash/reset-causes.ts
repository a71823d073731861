/**
 * Why a chip was reset, as its ROM prints it: `rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)`. The numbers
 * are those of `soc_reset_reason_t` in ESP-IDF's `soc/reset_reasons.h` of each chip.
 */
import type { ChipName } from './crash.ts';

export interface ResetCause {
  title: string;
  /** A sentence. */
  meaning: string;
  steps: readonly string[];
  /** Whether boards in good order are reset so. */
  usual: boolean;
}

const CONSOLE = 'Read the lines before the reset: the firmware may have said why.';
const POWER = 'Give the board a short, good USB cable on a port of its own, or a supply of 500 mA or more.';
const WIRING = 'Check the wiring of EN and 3V3, and that nothing touches the board.';

const usual = (title: string, meaning: string): ResetCause => ({ title, meaning, steps: [], usual: true });
const unusual = (title: string, meaning: string, steps: readonly string[]): ResetCause => ({ title, meaning, steps, usual: false });

const watchdog = (title: string): ResetCause =>
  unusual(title, 'A watchdog reset the chip because the firmware did not answer it in time: it hung, or blocked interrupts.', [CONSOLE, 'If it goes on, install the current firmware.']);

const rtcWatchdog = unusual(
  'RTC watchdog',
  'The watchdog of the boot reset the chip because it did not get as far as the app: mostly the flash holds no firmware that can start.',
  [CONSOLE, 'Install the firmware again.', 'Disconnect everything from the flash pins and IO12.'],
);
const glitch = unusual('Voltage glitch', 'The chip saw its supply or clock jump and reset itself.', [POWER, WIRING]);

const common: Readonly<Record<number, ResetCause>> = {
  0x01: usual('Power on', 'The board was given power, or its EN line was pulled low (by the button or by this page).'),
  0x03: usual('Software reset', 'The firmware restarted the whole chip.'),
  0x05: usual('Woke from deep sleep', 'The chip slept and woke, as its firmware wanted.'),
  0x07: watchdog('Watchdog of timer group 0'),
  0x08: watchdog('Watchdog of timer group 1'),
  0x09: rtcWatchdog,
  0x0a: unusual('Intrusion', 'The chip took its supply for an attack and reset itself.', [POWER, WIRING]),
  0x0b: watchdog('Watchdog of timer group 0, one core'),
  0x0c: usual('Software reset of the processor', 'The firmware restarted itself: on purpose, or after the crash that was printed before.'),
  0x0d: rtcWatchdog,
  0x0f: unusual('Brownout', 'The supply voltage fell below what the chip needs, mostly when Wi-Fi began to send.', [POWER, 'Feed pump and relay from a supply of their own.', 'Put a capacitor of 100 µF or more between 3V3 and GND.']),
  0x10: rtcWatchdog,
  0x11: watchdog('Watchdog of timer group 1, one core'),
  0x12: watchdog('Super watchdog'),
  0x13: glitch,
  0x14: unusual('eFuse error', 'The chip read its fuses wrong and reset itself; mostly the supply was not steady.', [POWER, WIRING]),
  0x15: usual('Reset over USB', 'The computer reset the chip over its own USB.'),
  0x16: usual('Reset over USB JTAG', 'A debugger reset the chip over its own USB.'),
  0x17: glitch,
  0x18: usual('Reset by JTAG', 'A debugger reset the processor.'),
};

const own: Partial<Record<ChipName, Readonly<Record<number, ResetCause>>>> = {
  esp32: {
    0x04: watchdog('Old watchdog'),
    0x06: usual('Reset by SDIO', 'Another processor reset this one over SDIO.'),
    0x0b: watchdog('Watchdog of a timer group, one core'),
    0x0e: usual('Second core started', 'The first core reset the second, as it does at each start.'),
  },
};

/** `name` is what the ROM printed in brackets. */
export function resetCause(chip: ChipName | null, number: number, name: string): ResetCause {
  return (
    own[chip ?? 'esp32']?.[number] ??
    common[number] ??
    unusual(`Reset 0x${number.toString(16)}`, `The chip was reset for a reason that is not known here (${name || 'it gave no name'}).`, [CONSOLE])
  );
}
