/** A virtual board and a simulated fleet in one picture without any broker outside: both at the broker inside the page. */
import { afterEach, expect, it } from 'vitest';
import { PageBrokerLink } from '../../web/app/page-broker-link.ts';
import { pageBrokerProfile } from '../../web/app/page-broker-profile.ts';
import type { OutsideControl } from '../../web/app/outside-control.ts';
import type { Simulation } from '../../web/app/simulation.ts';
import { epochUs } from '../../web/app/wall-clock.ts';
import { overMessagePort } from '../../web/mqtt/link/simulation-channel.ts';
import { Broker } from '../../web/mqtt/broker.ts';
import { defaultScenario } from '../../web/sim/scenario.ts';
import type { Frame } from '../../web/sim/snapshot.ts';
import { openSimulation } from './open-simulation.ts';
import { Desk, flashedBoard, Listener, MemoryShelf, openVirtualBoards, until, type TestBoards } from './open-virtual-boards.ts';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function joinedPage(broker: Broker): Promise<{ simulation: Simulation; outside: OutsideControl; link: PageBrokerLink }> {
  const simulation = await openSimulation();
  await simulation.load({ ...defaultScenario, nodes: 2 });
  await simulation.setSpeed(10);
  const outside = await simulation.outside();
  const link = new PageBrokerLink({ broker, nowMs: Date.now, epochUs });
  const { port1, port2 } = new MessageChannel();
  link.connect(overMessagePort(port1));
  await outside.connectLink(port2);
  open.push(async () => {
    link.leave();
    await until(async () => (await frameOf(simulation)).bridge === null, 'the simulation has left');
    await simulation.pause();
    port1.close();
  });
  return { simulation, outside, link };
}

function frameOf(simulation: Simulation, selected = 0): Promise<Frame> {
  return simulation.frame({ epoch: -1, roster: 0, selected, watched: 0, seriesAfterS: -1, lastNotice: 0, wantDetail: true });
}

async function onlineBoard(broker: Broker): Promise<{ boards: TestBoards; desk: Desk }> {
  const shelf = new MemoryShelf();
  shelf.put('b1', await flashedBoard());
  const boards = await openVirtualBoards(shelf, broker);
  open.push(() => boards.host.stop());
  const desk = new Desk(boards.host.board('b1'));
  await desk.open();
  open.push(() => desk.close());
  await until(async () => (await desk.commands.status()).ok, 'the board answers');
  await desk.commands.set('broker', 'mqtt://page');
  await desk.commands.set('node', 'bench-1');
  await desk.commands.apply();
  await desk.commands.calibrate({ dry: 2600, wet: 1100, threshold: 1700, periodMs: 200 });
  await desk.client.wifi('Continuum Lab (virtual)', '');
  await until(() => boards.host.facts()[0]!.online, 'the board is online');
  return { boards, desk };
}

async function indexOf(simulation: Simulation, id: string): Promise<number> {
  return (await frameOf(simulation)).info!.findIndex((node) => node.id === id);
}

it('the board appears among the simulated nodes, its readings reach the cloud, and it can be calibrated from the page', async () => {
  const broker = new Broker();
  const { simulation, outside, link } = await joinedPage(broker);
  const { desk } = await onlineBoard(broker);
  link.join(pageBrokerProfile);
  await until(async () => (await indexOf(simulation, 'bench-1')) >= 0, 'the board is found');
  const index = await indexOf(simulation, 'bench-1');
  await until(async () => (await frameOf(simulation)).bridge?.owned === 4, 'the page speaks for its own nodes');
  expect((await frameOf(simulation)).speed.asked).toBe(1);
  await until(async () => (await frameOf(simulation)).nodes.raw[index]! > 1000, 'its readings are shown');
  await simulation.configure(index, { dry: 2500, wet: 1000, threshold: 1500 });
  await until(async () => (await frameOf(simulation, index)).detail?.config?.pending === false, 'the board has acknowledged');
  expect((await frameOf(simulation, index)).detail?.config).toMatchObject({ dry: 2500, wet: 1000, threshold: 1500, periodMs: 200 });
  const seen = new Listener(broker, 'ic/cloud/analytics');
  await until(() => seen.heard.some(({ payload }) => payload.includes('"device":"bench-1"')), 'the cloud has analysed it');
  await outside.command(index, 'identify');
  await until(() => desk.text().includes('blinks to show where it is'), 'it was asked to show itself');
});

it('the page leaves in order, and goes back to its speed', async () => {
  const broker = new Broker();
  const { simulation, link } = await joinedPage(broker);
  const listener = new Listener(broker, 'ic/+/presence');
  link.join(pageBrokerProfile);
  await until(async () => (await frameOf(simulation)).bridge?.owned === 4, 'the page speaks for its nodes');
  await until(() => listener.of('/presence').filter(({ online }) => online === true).length >= 4, 'they are all there');
  expect(link.report().held).toBe(4);
  link.leave();
  await until(async () => (await frameOf(simulation)).bridge === null, 'it has left');
  expect((await frameOf(simulation)).speed.asked).toBe(10);
  const last = new Map(listener.heard.map(({ topic, payload }) => [topic, JSON.parse(payload) as { online: boolean }]));
  expect([...last.values()].filter(({ online }) => online)).toEqual([]);
});
