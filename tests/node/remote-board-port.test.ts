/** A virtual board's port is used in the page and lives in a worker: across that it must behave as a serial port does. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RemoteBoardPort } from '../../web/app/remote-board-port.ts';
import { serveBoardPort } from '../../web/app/serve-board-port.ts';
import { VirtualBoard } from '../../web/devices/virtual-board/rom/virtual-board.ts';
import { wallBoardClock } from './open-virtual-boards.ts';

let board: VirtualBoard;
let port: RemoteBoardPort;
let channel: MessageChannel;

beforeEach(() => {
  board = new VirtualBoard({ chip: 'esp32', clock: wallBoardClock, seed: 1, paced: false });
  channel = new MessageChannel();
  serveBoardPort(board.port, channel.port1);
  port = new RemoteBoardPort(channel.port2);
});
afterEach(() => {
  board.power(false);
  channel.port1.close();
});

/** Reads until the text has come. */
async function readUntil(wanted: string | RegExp): Promise<string> {
  const reader = port.readable!.getReader();
  let text = '';
  while (text.search(wanted) < 0) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended after: ${text}`);
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
  reader.releaseLock();
  return text;
}

it('carries bytes both ways and the reset lines, again and again', async () => {
  for (let round = 0; round < 3; round += 1) {
    await port.open({ baudRate: 115_200 });
    await port.setSignals({ dataTerminalReady: false, requestToSend: true });
    await port.setSignals({ dataTerminalReady: true, requestToSend: false });
    await readUntil(/waiting for download/i);
    // Esptool's SYNC, and the loader's answer to it.
    const sync = Uint8Array.of(0xc0, 0, 8, 36, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20, ...new Array<number>(32).fill(0x55), 0xc0);
    const writer = port.writable!.getWriter();
    await writer.write(sync);
    writer.releaseLock();
    await readUntil('\u0001\u0008');
    await port.close();
    expect(port.readable).toBeNull();
  }
});

it('refuses what a serial port refuses, by the same names', async () => {
  await expect(port.close()).rejects.toMatchObject({ name: 'InvalidStateError' });
  await expect(port.setSignals({ requestToSend: true })).rejects.toMatchObject({ name: 'InvalidStateError' });
  await port.open({ baudRate: 115_200 });
  await expect(port.open({ baudRate: 115_200 })).rejects.toMatchObject({ name: 'InvalidStateError' });
  const reader = port.readable!.getReader();
  await expect(port.close()).rejects.toBeInstanceOf(TypeError);
  reader.releaseLock();
  await port.close();
  board.inject({ kind: 'port-taken' });
  await expect(port.open({ baudRate: 115_200 })).rejects.toMatchObject({ name: 'NetworkError' });
});

it('ends reading and writing when the cable is pulled, and opens again once it is back', async () => {
  await port.open({ baudRate: 115_200 });
  const told = new Promise<void>((resolve) => port.addEventListener('disconnect', resolve));
  const reader = port.readable!.getReader();
  const reading = (async () => {
    for (;;) await reader.read();
  })();
  board.inject({ kind: 'pulled' });
  await expect(reading).rejects.toMatchObject({ name: 'NetworkError' });
  await told;
  expect(port.readable).toBeNull();
  reader.releaseLock();
  await port.close();
  board.inject(null);
  await port.open({ baudRate: 115_200 });
  await readUntil(/rst:|invalid header/);
  await port.close();
});
