import { describe, expect, it } from 'vitest';
import { crashReasons, maybeCrash } from './crash-reasons.ts';
import { CrashWatch } from './crash-watch.ts';
import { resetCause } from './reset-causes.ts';

/** One line every 10 ms. */
function watched(text: string, watch = new CrashWatch(), fromMs = 0): CrashWatch {
  for (const [i, line] of text.split('\n').entries()) watch.see(line, i, fromMs + i * 10);
  return watch;
}

const xtensa = `ets Jul 29 2019 12:21:46
rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)
I (300) app_init: Project name:     pump
Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.
Core  0 register dump:
PC      : 0x400d1234  PS      : 0x00060530
Backtrace: 0x400d1231:0x3ffb4f50 0x400d5678:0x3ffb4f70 |<-CORRUPTED
Rebooting...
rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)`;

describe('a crash', () => {
  it('is explained, with the command that finds the source lines', () => {
    const watch = watched(xtensa);
    const [reset, crash, again] = watch.reports;
    expect(reset).toMatchObject({ kind: 'notice', title: 'Reset: Power on', chip: 'esp32' });
    expect(crash).toMatchObject({
      kind: 'crash',
      title: 'Guru Meditation: LoadProhibited',
      backtrace: ['0x400d1231', '0x400d5678'],
      addr2line: 'xtensa-esp32-elf-addr2line -pfiaC -e build/pump.elf 0x400d1231 0x400d5678',
      line: 3,
    });
    expect(again).toMatchObject({ kind: 'notice', title: 'Reset: Software reset of the processor' });
    expect(watch.of(6)?.id).toBe(crash!.id);
  });

  it('of a RISC-V chip names its own tool', () => {
    const watch = watched(`ESP-ROM:esp32c3-api1-20210207
Guru Meditation Error: Core  0 panic'ed (Store access fault). Exception was unhandled.
MEPC    : 0x42007f5c  RA      : 0x42007f4e  SP      : 0x3fc8f9a0`);
    expect(watch.reports.at(-1)?.addr2line).toBe('riscv32-esp-elf-addr2line -pfiaC -e build/APP.elf 0x42007f5c 0x42007f4e');
  });

  it('is told once, by what says most', () => {
    const canary = watched(`Guru Meditation Error: Core  0 panic'ed (Unhandled debug exception).
Debug exception reason: Stack canary watchpoint triggered (main)`);
    expect(canary.reports.map(({ title }) => title)).toEqual(['Stack overflow in task main']);
    const failed = watched(`ESP_ERROR_CHECK failed: esp_err_t 0x101 (ESP_ERR_NO_MEM) at 0x400d1
abort() was called at PC 0x4008 on core 0`);
    expect(failed.reports.map(({ title }) => title)).toEqual(['A call failed that must not: 0x101 (ESP_ERR_NO_MEM) at 0x400d1']);
    const thrice = watched(`${xtensa}\n${xtensa}\n${xtensa}`);
    expect(thrice.reports.filter(({ kind }) => kind === 'crash').map(({ times }) => times)).toEqual([3]);
  });
});

describe('a board that does not get through its boot', () => {
  it('is told as one thing, not line by line', () => {
    const watch = watched(Array.from({ length: 500 }, () => 'invalid header: 0xffffffff').join('\n'));
    expect(watch.reports).toHaveLength(1);
    expect(watch.reports[0]).toMatchObject({ title: 'No firmware in the flash', times: 500, kind: 'boot-problem' });
  });

  it('is in a loop after three resets that nobody asked for', () => {
    const watch = new CrashWatch();
    const reset = 'rst:0x7 (TG0WDT_SYS_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)';
    watch.expectReset(0);
    expect(watch.see(reset, 0, 500)).toMatchObject({ kind: 'notice' });
    expect(watch.see(reset, 1, 3000)).toMatchObject({ kind: 'reset', title: 'Reset: Watchdog of timer group 0' });
    watch.see(reset, 2, 6000);
    expect(watch.see(reset, 3, 9000)).toMatchObject({ kind: 'boot-loop', title: 'Boot loop: 3 resets in 6 s' });
    expect(watch.see(reset, 4, 12_000)).toMatchObject({ kind: 'boot-loop', title: 'Boot loop: 4 resets in 9 s' });
    expect(watch.reports.filter(({ kind }) => kind === 'boot-loop')).toHaveLength(1);
  });
});

it.each([
  ["Guru Meditation Error: Core  1 panic'ed (Interrupt wdt timeout on CPU1).", 'Guru Meditation: Interrupt wdt timeout on CPU1'],
  ["Guru Meditation Error: Core  0 panic'ed (Cache disabled but cached memory region accessed).", 'Guru Meditation: Cache disabled but cached memory region accessed'],
  ["Guru Meditation Error: Core  0 panic'ed (IntegerDivideByZero).", 'Guru Meditation: IntegerDivideByZero'],
  ["Guru Meditation Error: Core  0 panic'ed (Double exception).", 'Guru Meditation: Double exception'],
  ["Guru Meditation Error: Core  0 panic'ed (Unknown thing).", 'Guru Meditation: Unknown thing'],
  ['***ERROR*** A stack overflow in task mqtt has been detected.', 'Stack overflow in task mqtt'],
  ['CORRUPT HEAP: Bad head at 0x3ffb1234. Expected 0xabba1234 got 0x0', 'Heap corruption'],
  ['assert failed: xQueueSemaphoreTake queue.c:1545 (pxQueue->uxItemSize == 0)', 'Assertion failed'],
  ['E (5000) task_wdt: Task watchdog got triggered. The following tasks/users did not reset', 'Task watchdog'],
  ['Brownout detector was triggered', 'Brownout'],
  ['flash read err, 1000', 'Flash cannot be read'],
  ['waiting for download', 'In download mode'],
  ['invalid header: 0x12345678', 'No boot loader in the flash'],
  ['E (73) flash_parts: partition 0 invalid magic number 0xffff', 'No partition table or no app'],
  ['E (120) boot: No bootable app partitions in the partition table', 'No partition table or no app'],
  ['E (99) esp_image: image at 0x10000 has invalid magic byte (nothing flashed here?)', 'App damaged'],
  ['E (9120) guest: fault: out of bounds memory access', 'The guest faulted'],
])('knows %s', (line, title) => {
  const report = new CrashWatch().see(line, 0, 0);
  expect(report).toMatchObject({ title });
  for (const sentence of [report!.meaning, ...report!.steps]) expect(sentence).not.toContain('$1');
  expect(report!.steps.length).toBeGreaterThan(0);
});

it('looks at each reason, or one would never be recognised', () => {
  const missed = crashReasons.filter(({ pattern }) => !maybeCrash.test(pattern.source.replaceAll('\\', '').replace('|', ' ')));
  expect(missed.map(({ pattern }) => pattern.source)).toEqual([]);
});

it('ordinary lines are no crash', () => {
  const watch = new CrashWatch();
  for (const line of ['I (312) node: continuum-node 1.0.0 on esp32s3, node-a1b2c3', '', 'I (20) wifi: joined', 'I (51) boot:  0 nvs WiFi data 01 02 00009000', 'I (47) boot: Partition Table:']) {
    expect(watch.see(line, 0, 0)).toBeNull();
  }
  expect(watch.chip).toBe('esp32s3');
});

it('tells resets apart by chip, and says so of unknown ones', () => {
  expect(resetCause('esp32', 0x0e, 'EXT_CPU_RESET').title).toBe('Second core started');
  expect(resetCause('esp32c3', 0x15, 'USB_UART_CHIP_RESET').usual).toBe(true);
  expect(resetCause('esp32c3', 0x0e, 'X').meaning).toContain('not known here (X)');
});
