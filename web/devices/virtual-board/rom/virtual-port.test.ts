import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CampaignTime } from './fault-campaign.ts';
import { VirtualBoard } from './virtual-board.ts';
import { takeOverTime } from './virtual-time.ts';

let time: CampaignTime;
let board: VirtualBoard;
beforeEach(() => {
  time = takeOverTime();
  board = new VirtualBoard({ chip: 'esp32', clock: time, seed: 3 });
});
afterEach(() => {
  board.power(false);
  vi.useRealTimers();
});

it('fails to open as Chromium does: when it is open, when another program has it, when the cable is off', async () => {
  await board.port.open({ baudRate: 115_200 });
  await expect(board.port.open({ baudRate: 115_200 })).rejects.toMatchObject({ name: 'InvalidStateError' });
  await board.port.close();
  board.inject({ kind: 'port-taken' });
  await expect(board.port.open({ baudRate: 115_200 })).rejects.toMatchObject({ name: 'NetworkError', message: expect.stringContaining('Failed to open serial port.') });
  board.inject({ kind: 'pulled' });
  await expect(board.port.open({ baudRate: 115_200 })).rejects.toMatchObject({ name: 'NetworkError' });
  board.inject(null);
  await board.port.open({ baudRate: 115_200 });
  expect(board.port.readable).not.toBeNull();
});

it('breaks its streams and tells when the cable is pulled, and works again when it is back', async () => {
  await board.port.open({ baudRate: 115_200 });
  const heard = vi.fn();
  board.port.addEventListener('disconnect', heard);
  const reader = board.port.readable!.getReader();
  const writer = board.port.writable!.getWriter();
  const reading = (async () => {
    for (;;) if ((await reader.read()).done) return 'ended';
  })();
  board.inject({ kind: 'pulled' });
  await expect(reading).rejects.toMatchObject({ name: 'NetworkError', message: 'The device has been lost.' });
  await expect(writer.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'NetworkError' });
  expect(heard).toHaveBeenCalledOnce();
  expect(board.port.readable).toBeNull();
  await expect(board.port.setSignals({ requestToSend: true })).rejects.toMatchObject({ name: 'NetworkError' });
  reader.releaseLock();
  writer.releaseLock();
  await board.port.close();
  board.inject(null);
  await board.port.open({ baudRate: 115_200 });
  expect(board.port.readable!.locked).toBe(false);
});

it('does not close under a reader, and gives fresh streams after one was cancelled', async () => {
  await board.port.open({ baudRate: 115_200 });
  const reader = board.port.readable!.getReader();
  await expect(board.port.close()).rejects.toThrow(TypeError);
  await reader.cancel();
  reader.releaseLock();
  expect(board.port.readable!.locked).toBe(false);
  await board.port.close();
  expect(board.port.readable).toBeNull();
  expect(board.port.writable).toBeNull();
  await expect(board.port.setSignals({ dataTerminalReady: true })).rejects.toMatchObject({ name: 'InvalidStateError' });
});

it('takes as long as the wire: a writer waits for all but what the system holds', async () => {
  await board.port.open({ baudRate: 921_600 });
  const writer = board.port.writable!.getWriter();
  const beganMs = time.nowMs();
  await time.pass(writer.write(new Uint8Array(100_000)), 60_000);
  const wireMs = ((100_000 - 4096) * 10 * 1000) / 921_600;
  expect(time.nowMs() - beganMs).toBeGreaterThan(wireMs - 1);
  expect(time.nowMs() - beganMs).toBeLessThan(wireMs + 20);
});

it('closes at once also while much is on its way', async () => {
  await board.port.open({ baudRate: 9600 });
  const writer = board.port.writable!.getWriter();
  const writing = writer.write(new Uint8Array(100_000)).catch(() => undefined);
  writer.releaseLock();
  const beganMs = time.nowMs();
  await time.pass(board.port.close(), 60_000);
  await writing;
  expect(time.nowMs() - beganMs).toBeLessThan(100);
});
