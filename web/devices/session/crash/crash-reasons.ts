/**
 * What boards print when something goes wrong, and what to do about it.
 * https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/fatal-errors.html
 */
import type { CrashKind } from './crash.ts';

export interface CrashReason {
  /** Tried in order; the first that matches a line counts. `$1` in title and meaning is its first group. */
  pattern: RegExp;
  kind: Exclude<CrashKind, 'boot-loop' | 'reset'>;
  title: string;
  meaning: string;
  steps: readonly string[];
  /** Printed after the line of a more general reason, it takes its place. */
  refines?: true;
}

const LOOK_UP = 'Copy the addr2line command and run it where the firmware was built: it names the source lines.';
const NEWER = 'If you did not write this firmware, install the current one.';
const REPORT = 'If it happens with our own firmware, save the console and attach it to a report.';
const FLASH_AGAIN = 'Install the firmware again, at a lower speed if it fails once more.';
const POWER = 'Give the board a short, good USB cable on a port of its own, or a supply of 500 mA or more.';

function guru(name: string, meaning: string, steps: readonly string[]): CrashReason {
  return { pattern: new RegExp(`panic'ed \\((${name})`), kind: 'crash', title: 'Guru Meditation: $1', meaning, steps };
}

const causes: readonly CrashReason[] = [
  guru('LoadProhibited|Load access fault|LoadStoreError', 'The program read memory that does not exist or may not be read; mostly a null pointer (EXCVADDR or MTVAL is then near zero).', [LOOK_UP, 'Look for a pointer that was not set or is used after its memory was given back.', REPORT]),
  guru('StoreProhibited|Store access fault', 'The program wrote to memory that does not exist or is read-only; mostly a null pointer or a string constant.', [LOOK_UP, 'Look for a pointer that was not set, or for writing into a constant.', REPORT]),
  guru('LoadStoreAlignment|Load address misaligned|Store address misaligned|Instruction address misaligned', 'The program used an address that is not a multiple of what it reads or writes there.', [LOOK_UP, 'Read odd addresses byte by byte or with memcpy.', REPORT]),
  guru('IllegalInstruction|Illegal instruction', 'The processor met what is no instruction: a task function that returned, a damaged image, or flash that is read wrong.', ['End every FreeRTOS task with vTaskDelete(NULL).', FLASH_AGAIN, 'If it goes on, install with the flash mode DIO.']),
  guru('InstrFetchProhibited|Instruction access fault|InstructionFetchError', 'The program jumped to where no code is; mostly a function pointer that is null or overwritten, or a damaged stack.', [LOOK_UP, 'Look for a callback that was not set, or an array on the stack that is written beyond its end.', REPORT]),
  guru('IntegerDivideByZero', 'The program divided a whole number by zero.', [LOOK_UP, 'Check the divisor before the division.', REPORT]),
  guru('Interrupt wdt timeout on CPU\\d', 'Interrupts were blocked for too long: a loop inside an interrupt or a critical section.', [LOOK_UP, 'Do less inside interrupts and critical sections, and log nothing there.', REPORT]),
  guru('Cache disabled but cached memory region accessed|Cache error', 'Code or data in flash was used while flash was being written; only what lies in internal memory works then.', [LOOK_UP, 'Mark the interrupt and all it calls IRAM_ATTR, and its data DRAM_ATTR.', REPORT]),
  guru('Double exception', 'An error happened while another was being handled; mostly the stack is destroyed.', ['Give the task that ran a larger stack.', 'Look for arrays on the stack that are written beyond their end.', REPORT]),
  guru('Stack protection fault', 'A task used more stack than it was given.', ['Give the task that is named below a larger stack.', 'Move large arrays from the stack to the heap.']),
  guru('Unhandled debug exception|Breakpoint', 'A breakpoint or watchpoint was hit without a debugger; the next line says which.', [LOOK_UP, REPORT]),
  guru('Coprocessor exception|Cp\\dDis', 'An interrupt used floating point, which only tasks may.', [LOOK_UP, 'Compute with whole numbers in interrupts.']),
  guru('[^)]{1,80}', 'The processor met an error that it could not handle.', [LOOK_UP, REPORT, NEWER]),
];

export const crashReasons: readonly CrashReason[] = [
  ...causes,
  {
    pattern: /Stack canary watchpoint triggered \(([^)]*)\)/,
    kind: 'crash',
    refines: true,
    title: 'Stack overflow in task $1',
    meaning: 'The task $1 used more stack than it was given, and a watchpoint at its end was hit.',
    steps: ['Give this task a larger stack.', 'Move large arrays from the stack to the heap.'],
  },
  {
    pattern: /A stack overflow in task (.+?) has been detected/,
    kind: 'crash',
    title: 'Stack overflow in task $1',
    meaning: 'The task $1 used more stack than it was given.',
    steps: ['Give this task a larger stack.', 'Move large arrays from the stack to the heap.'],
  },
  {
    pattern: /Stack smashing protect failure/,
    kind: 'crash',
    title: 'Stack overwritten',
    meaning: 'A function wrote beyond the end of an array on its stack, and the guard before the return address noticed.',
    steps: [LOOK_UP, 'Check the lengths of what this function copies.', REPORT],
  },
  {
    pattern: /CORRUPT HEAP: *(.*)/,
    kind: 'crash',
    title: 'Heap corruption',
    meaning: 'The list of free memory was overwritten: something wrote beyond its block or after giving it back. The crash comes later than the mistake.',
    steps: ['Build with comprehensive heap poisoning to find where it happens.', 'Look for blocks that are used after free, or are too short by one.', REPORT],
  },
  {
    pattern: /assert failed: *(.*)/,
    kind: 'crash',
    title: 'Assertion failed',
    meaning: 'The program checked something that must be true and it was not: $1',
    steps: ['Look at the condition and the file that are named.', LOOK_UP, REPORT],
  },
  {
    pattern: /ESP_ERROR_CHECK failed: esp_err_t (.*)/,
    kind: 'crash',
    title: 'A call failed that must not: $1',
    meaning: 'The program stops when this call fails, and it returned $1.',
    steps: ['Look at the file and the expression that are named in the next lines.', 'If it is ESP_ERR_NO_MEM or a driver, take away what else uses memory or that pin.', REPORT],
  },
  {
    pattern: /abort\(\) was called at PC (0x[0-9a-f]+)/i,
    kind: 'crash',
    title: 'abort() was called',
    meaning: 'The program ended itself at $1 because it could not go on; the line before mostly says why.',
    steps: ['Read the lines before this one.', LOOK_UP, REPORT],
  },
  {
    pattern: /Task watchdog got triggered/,
    kind: 'crash',
    title: 'Task watchdog',
    meaning: 'A task kept a core busy for so long that others, or the idle task, did not run.',
    steps: ['See below which task it was.', 'Let it wait now and then with vTaskDelay.', REPORT],
  },
  {
    pattern: /Interrupt wdt timeout/,
    kind: 'crash',
    title: 'Interrupt watchdog',
    meaning: 'Interrupts were blocked for too long: a loop inside an interrupt or a critical section.',
    steps: ['Do less inside interrupts and critical sections.', REPORT],
  },
  {
    pattern: /Brownout detector was triggered/i,
    kind: 'crash',
    title: 'Brownout',
    meaning: 'The supply voltage fell below what the chip needs, mostly when Wi-Fi began to send.',
    steps: [POWER, 'Feed pump and relay from a supply of their own.', 'Put a capacitor of 100 µF or more between 3V3 and GND.'],
  },
  {
    pattern: /invalid header: 0xffffffff/i,
    kind: 'boot-problem',
    title: 'No firmware in the flash',
    meaning: 'Where the boot loader should be, the flash is empty (0xffffffff).',
    steps: ['Install a firmware.', 'If you just did, its boot loader went to the wrong offset: 0x1000 on esp32, 0x0 on esp32s3 and esp32c3.'],
  },
  {
    pattern: /invalid header: (0x[0-9a-f]+)/i,
    kind: 'boot-problem',
    title: 'No boot loader in the flash',
    meaning: 'Where the boot loader should be, the flash holds something else ($1).',
    steps: ['Install the whole firmware, not the app alone.', 'Check that it was built for this chip: the boot loader is at 0x1000 on esp32, at 0x0 on esp32s3 and esp32c3.'],
  },
  {
    pattern: /flash read err,? *(\w*)/i,
    kind: 'boot-problem',
    title: 'Flash cannot be read',
    meaning: 'The ROM could not read the flash chip: its voltage is wrong, pin IO12 is pulled up, or the flash is worn or empty.',
    steps: ['Disconnect everything from IO6 to IO12 and try again.', 'Install the firmware again with the flash mode DIO.', POWER],
  },
  {
    pattern: /waiting for download/i,
    kind: 'boot-problem',
    title: 'In download mode',
    meaning: 'The chip waits for a firmware instead of starting the one it has, because IO0 (IO9 on esp32c3) was low at the reset.',
    steps: ['Release the BOOT button and press EN, or reset the board from here.', 'If it comes back, something pulls that pin to ground: disconnect it.'],
  },
  {
    pattern: /csum err: *0x([0-9a-f]+)/i,
    kind: 'boot-problem',
    title: 'Boot loader damaged',
    meaning: 'The boot loader in the flash has the wrong checksum.',
    steps: [FLASH_AGAIN, 'If it goes on, install with the flash mode DIO at 40 MHz.'],
  },
  {
    pattern: /partition \d+ invalid magic number|No bootable app partitions|Failed to (?:load|verify) partition table/i,
    kind: 'boot-problem',
    title: 'No partition table or no app',
    meaning: 'The boot loader runs but finds no partition table with an app that can be started.',
    steps: ['Install the whole firmware, not the boot loader alone.', 'Check that the partition table is at 0x8000.'],
  },
  {
    pattern: /image at 0x[0-9a-f]+ has invalid magic byte|Checksum failed|Image hash failed|Image length \d+ doesn't fit/i,
    kind: 'boot-problem',
    title: 'App damaged',
    meaning: 'The boot loader found an app in the flash that is not whole.',
    steps: [FLASH_AGAIN],
  },
  {
    pattern: /Detected size\((\d+k)\) smaller than the size in the binary image header/,
    kind: 'boot-problem',
    title: 'Flash smaller than the firmware thinks',
    meaning: 'The flash chip has $1, but the firmware was built for more.',
    steps: ['Install a firmware built for this flash size.'],
  },
  {
    pattern: /Image requires chip (?:rev(?:ision)?|id)? *(.*)/i,
    kind: 'boot-problem',
    title: 'Firmware for another chip',
    meaning: 'The firmware in the flash was built for another chip or a newer revision: $1',
    steps: ['Install a firmware built for this chip.'],
  },
  {
    pattern: /^E \(\d+\) guest: fault: (.*)/,
    kind: 'notice',
    title: 'The guest faulted',
    meaning: 'The guest was stopped and its outputs are off; the board itself goes on: $1',
    steps: ['Replace the guest, or restart it by restarting the board.'],
  },
];

/** One cheap look tells most lines from those above. */
export const maybeCrash =
  /panic'ed|anary|stack overflow|smashing|CORRUPT HEAP|assert failed|ERROR_CHECK|abort\(\)|watchdog|wdt timeout|rownout|invalid header|flash read err|waiting for download|csum err|partition|magic byte|Checksum failed|hash failed|doesn't fit|Detected size|requires chip|guest: fault/i;
