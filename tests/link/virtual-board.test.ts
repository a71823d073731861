/** A virtual board at the user's own broker: found, commanded, lost and back as a board is. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { Desk, flashedBoard, MemoryShelf, openVirtualBoards, type TestBoards } from '../node/open-virtual-boards.ts';
import { JoinedSimulation } from './joined-simulation.ts';
import { profileFor, until } from './open-link.ts';

let mosquitto: RunningMosquitto;
const open: (() => unknown)[] = [];

beforeAll(async () => {
  mosquitto = await startMosquitto();
});
afterAll(() => mosquitto.stop());
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function poweredBoard(): Promise<{ boards: TestBoards; desk: Desk }> {
  const shelf = new MemoryShelf();
  shelf.put('b1', await flashedBoard());
  const boards = await openVirtualBoards(shelf);
  open.push(() => boards.host.stop());
  const desk = new Desk(boards.host.board('b1'));
  await desk.open();
  open.push(() => desk.close());
  await until(async () => (await desk.commands.status()).ok, 'the board answers');
  await desk.client.wifi('Continuum Lab (virtual)', '');
  return { boards, desk };
}

async function tell(desk: Desk, node: string, broker: string): Promise<void> {
  await desk.commands.set('broker', broker);
  await desk.commands.set('node', node);
  await desk.commands.apply();
}

const online = ({ host }: TestBoards): boolean => host.facts()[0]!.online;

it('goes from the page’s own broker to the one that the page joins, is found there, and its last will follows a pulled cable', async () => {
  const { boards, desk } = await poweredBoard();
  await tell(desk, 'virtual-1', 'mqtt://page');
  await until(() => online(boards), 'it is at the broker inside the page');
  const page = await JoinedSimulation.open(2, 'page-1');
  open.push(() => page.close());
  await page.join(mosquitto.url);
  await page.settled(4);
  boards.network.join({ profile: profileFor(mosquitto.url), password: '' });
  await until(async () => (await page.indexOf('virtual-1')) >= 0, 'the page has found it');
  const index = await page.indexOf('virtual-1');
  const detail = async () => (await page.frame(index)).detail!;
  await until(async () => (await detail()).remote?.online === true, 'it is online');
  expect((await detail()).guest).toMatchObject({ name: 'irrigation-c.wasm' });
  await page.outside.command(index, 'ping');
  await until(async () => ((await detail()).remote?.clock?.samples ?? 0) > 0, 'it has answered');
  expect(Math.abs((await detail()).remote!.clock!.offsetMs)).toBeLessThan(100);
  await until(async () => page.samples('virtual-1', 'raw').length > 1, 'its readings are kept');
  boards.host.board('b1').power(false);
  await until(async () => (await detail()).remote?.online === false, 'its last will has come');
  boards.host.board('b1').power(true);
  await until(async () => (await detail()).remote?.online === true, 'it is back by itself');
});

it('reaches the joined broker by the name it was told, and says why it reaches no other', async () => {
  const { boards, desk } = await poweredBoard();
  boards.network.join({ profile: profileFor(mosquitto.url), password: '' });
  await tell(desk, 'virtual-2', 'mqtt://localhost:1883');
  await until(() => online(boards), 'it is online at the joined broker');
  await tell(desk, 'virtual-2', 'mqtt://raspberrypi.local');
  await until(async () => {
    const status = await desk.commands.status();
    return status.ok && /reaches only the broker that the page has joined/.test(status.value.brokerReason ?? '');
  }, 'it says what it reaches');
  await tell(desk, 'virtual-2', 'mqtts://localhost');
  await until(async () => {
    const status = await desk.commands.status();
    return status.ok && /without TLS/.test(status.value.brokerReason ?? '');
  }, 'it says that there is no TLS');
});
