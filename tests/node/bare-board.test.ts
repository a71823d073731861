/** From a bare virtual board to a node: flashed, provisioned and kept, by the page's own parts and across its worker's wire. */
import { afterEach, expect, it } from 'vitest';
import { RemoteBoardPort } from '../../web/app/remote-board-port.ts';
import { serveBoardPort } from '../../web/app/serve-board-port.ts';
import { Flasher } from '../../web/devices/flash/flasher.ts';
import { composeImage } from '../../web/devices/image/compose-image.ts';
import type { FlashImage } from '../../web/devices/image/flash-image.ts';
import { encodeGuestSlot } from '../../web/devices/image/guest-slot-image.ts';
import { buildVirtualImage } from '../../web/devices/virtual-board/rom/virtual-image.ts';
import { Desk, guestModule, MemoryShelf, openVirtualBoards, until } from './open-virtual-boards.ts';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function image(): Promise<FlashImage> {
  const guestSlot = encodeGuestSlot({ module: await guestModule('irrigation-c.wasm'), name: 'irrigation-c.wasm', sequence: 1, signer: null });
  return composeImage(buildVirtualImage({ chip: 'esp32', version: '1.0.0', appBytes: 65_536, guestSlot }), { title: 'continuum-node' });
}

it('a bare board is flashed, provisioned, flashed again with its settings kept, and goes on after the tab was closed', async () => {
  const boards = await openVirtualBoards(new MemoryShelf());
  open.push(() => boards.host.stop());
  const id = await boards.host.create({ chip: 'esp32', flashBytes: 0x400000, seed: 5 });
  const facts = () => boards.host.facts()[0]!;
  await until(() => facts().activity.kind === 'empty', 'it says that its flash is empty');
  const channel = new MessageChannel();
  open.push(() => channel.port1.close());
  serveBoardPort(boards.host.board(id).port, channel.port1);
  const port = new RemoteBoardPort(channel.port2);

  const install = async (eraseAll: boolean): Promise<void> => {
    const states: string[] = [];
    const flasher = new Flasher(port, (state) => states.push(JSON.stringify(state)));
    expect(await flasher.connect(), states.at(-1)).not.toBeNull();
    expect(await flasher.install(await image(), { eraseAll }), states.at(-1)).toBe(true);
    await flasher.release();
    await until(() => facts().activity.kind === 'running', 'the firmware runs');
  };
  await install(true);

  const desk = new Desk({ port });
  await desk.open();
  await until(async () => (await desk.commands.status()).ok, 'it answers');
  await desk.commands.set('broker', 'mqtt://page');
  await desk.commands.set('node', 'bench-9');
  await desk.commands.apply();
  await desk.client.wifi('Greenhouse (virtual)', 'irrigation');
  await until(() => facts().online, 'it is online');
  await desk.close();

  await install(false);
  await until(() => facts().online && facts().node === 'bench-9', 'it is online again with what it was told');

  await boards.host.flush();
  boards.host.stop();
  const later = await openVirtualBoards(boards.shelf);
  open.push(() => later.host.stop());
  await until(() => later.host.facts()[0]!.online, 'the kept board is online by itself');
  expect(later.host.facts()[0]).toMatchObject({ id, node: 'bench-9', storeProblem: null });
  await later.host.remove(id);
  expect(later.host.facts()).toEqual([]);
  expect(boards.shelf.boards.size).toBe(0);
});

it('another project’s app is named, and not run', async () => {
  const shelf = new MemoryShelf();
  const flash = new Uint8Array(0x400000).fill(0xff);
  const { encodeAppDescriptor, encodeEspImage } = await import('../../web/devices/virtual-board/rom/esp-image.ts');
  const descriptor = encodeAppDescriptor({ projectName: 'hello-world', version: '2.1', idfVersion: 'v5.5.1' }, { date: '', time: '' });
  const app = encodeEspImage(0, 0x400000, 0x40080400, [{ address: 0x3f400020, data: descriptor }]);
  for (const part of buildVirtualImage({ chip: 'esp32', version: '1', appBytes: 4096 })) flash.set(part.name === 'app' ? app : part.bytes, part.offset);
  shelf.put('b1', flash);
  const boards = await openVirtualBoards(shelf);
  open.push(() => boards.host.stop());
  await until(() => boards.host.facts()[0]!.activity.kind === 'foreign', 'it is known for another');
  expect(boards.host.facts()[0]!.activity).toMatchObject({ reason: expect.stringMatching(/hello-world 2\.1.*continuum-node alone/) });
});
