import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicKinds } from '../../web/protocol/topics.ts';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

const NOT_AUTHORISED = 135;
const users = [
  { name: 'lab', password: 'of-lab', role: 'lab' as const },
  { name: 'fog', password: 'of-fog', role: 'fog' as const },
  { name: 'cloud', password: 'of-cloud', role: 'cloud' as const },
  { name: 'esp32-a', password: 'of-esp32-a', role: 'board' as const },
  { name: 'esp32-b', password: 'of-esp32-b', role: 'board' as const },
];
const nodes = ['fog', 'cloud', 'esp32-a', 'esp32-b'];

let broker: RunningMosquitto;
const open: Client[] = [];

async function as(name: string, options = {}): Promise<Client> {
  const client = await Client.open(broker.mqttUrl, { username: name, password: `of-${name}`, ...options });
  open.push(client);
  return client;
}

/** What of all that could be written under every node gets through, as the lab hears it. */
async function whatGetsThrough(writer: string, names: readonly string[]): Promise<string[]> {
  const [lab, client] = await Promise.all([as('lab'), as(writer)]);
  await lab.subscribe('#');
  for (const node of nodes) {
    for (const name of names) {
      const reason = await client.publish(`ic/${node}/${name}`);
      expect([0, 16, NOT_AUTHORISED]).toContain(reason);
    }
  }
  await lab.publish('ic/end/data');
  await lab.saw('ic/end/data');
  return lab.topics.filter((topic) => topic !== 'ic/end/data').sort();
}

/** What of all that the lab writes under every node a user is given who subscribes to everything. */
async function whatIsHeard(reader: string): Promise<string[]> {
  const [lab, client] = await Promise.all([as('lab'), as(reader)]);
  for (const filter of ['#', 'ic/+/cmd', 'ic/esp32-b/guest']) await client.subscribe(filter);
  for (const node of nodes) {
    for (const kind of topicKinds) await lab.publish(`ic/${node}/${kind}`);
  }
  const last = `ic/${reader}/cmd`;
  client.received.length = 0;
  await lab.publish(last, 'end');
  await client.saw(last);
  for (const node of nodes) {
    for (const kind of topicKinds) await lab.publish(`ic/${node}/${kind}`);
  }
  await lab.publish(last, 'end');
  await expect.poll(() => client.received.filter(({ payload }) => payload === 'end').length).toBeGreaterThan(1);
  return [...new Set(client.topics)].sort();
}

function under(node: string, kinds: string[]): string[] {
  return kinds.map((kind) => `ic/${node}/${kind}`).sort();
}

beforeAll(async () => {
  broker = await startMosquitto({ users });
});
afterAll(() => broker.stop());
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

const ownKinds = ['data', 'status', 'presence', 'metrics', 'config/ack', 'guest/state', 'reply'];

describe('a board', () => {
  it('writes its own topics and names of its guest, and nothing of another node nor its own config, guest and cmd', async () => {
    const guestNames = ['zone', 'zone/3'];
    const tried = [...topicKinds, ...guestNames, 'config/x', 'guest/x', 'cmd/x', 'processed/x'];
    expect(await whatGetsThrough('esp32-a', tried)).toEqual(under('esp32-a', [...ownKinds, ...guestNames]));
  });

  it('is told config, guest and cmd of its own, and nothing of any other node', async () => {
    expect(await whatIsHeard('esp32-a')).toEqual(under('esp32-a', ['config', 'guest', 'cmd']));
  });

  it('learns by the reason code that it may not, where it speaks MQTT 5', async () => {
    const board = await as('esp32-a');
    expect(await board.publish('ic/esp32-b/data')).toBe(NOT_AUTHORISED);
    expect(await board.publish('ic/esp32-b/guest')).toBe(NOT_AUTHORISED);
    expect(await board.publish('elsewhere')).toBe(NOT_AUTHORISED);
  });

  it('cannot write in the name of another by its last will', async () => {
    const lab = await as('lab');
    await lab.subscribe('ic/#');
    const will = { topic: 'ic/esp32-b/presence', payload: Buffer.from('forged'), qos: 1 as const, retain: true };
    const forger = await as('esp32-a', { will });
    const honest = await as('esp32-b', { will: { ...will, payload: Buffer.from('gone') } });
    forger.mqtt.stream.destroy();
    await expect.poll(() => broker.log()).toMatch(/Client \S+ closed its connection/);
    honest.mqtt.stream.destroy();
    await lab.saw('ic/esp32-b/presence');
    expect(lab.received).toEqual([{ topic: 'ic/esp32-b/presence', payload: 'gone' }]);
    await lab.publish('ic/esp32-b/presence', '', true);
  });

  it('is given what was retained for it while it was away', async () => {
    const lab = await as('lab');
    await lab.publish('ic/esp32-b/config', '{"limiar":1700}', true);
    const board = await as('esp32-b', { protocolVersion: 4 });
    await board.subscribe('ic/esp32-b/config');
    await board.saw('ic/esp32-b/config');
    expect(board.received).toEqual([{ topic: 'ic/esp32-b/config', payload: '{"limiar":1700}' }]);
    await lab.publish('ic/esp32-b/config', '', true);
  });
});

describe('fog and cloud', () => {
  it('the fog hears all boards and writes its own processed', async () => {
    const read = nodes.flatMap((node) => under(node, ['data', 'status', 'presence', 'metrics']));
    expect(await whatIsHeard('fog')).toEqual([...read, ...under('fog', ['config', 'guest', 'cmd'])].sort());
    expect(await whatGetsThrough('fog', topicKinds)).toEqual(under('fog', [...ownKinds, 'processed']));
  });

  it('the cloud hears all processed and writes its own analytics', async () => {
    const read = nodes.flatMap((node) => under(node, ['processed', 'status', 'presence', 'metrics']));
    expect(await whatIsHeard('cloud')).toEqual([...read, ...under('cloud', ['config', 'guest', 'cmd'])].sort());
    expect(await whatGetsThrough('cloud', topicKinds)).toEqual(under('cloud', [...ownKinds, 'analytics']));
  });
});

describe('who comes in', () => {
  it('a lab page may do everything under the root, and nothing beside it', async () => {
    expect(await whatGetsThrough('lab', topicKinds)).toEqual(nodes.flatMap((node) => under(node, [...topicKinds])).sort());
    expect(await (await as('lab')).publish('other/esp32-a/data')).toBe(NOT_AUTHORISED);
  });

  it.each([
    ['a wrong password', { username: 'lab', password: 'guess' }],
    ['an unknown name', { username: 'nobody', password: 'of-lab' }],
    ['no name', {}],
  ])('%s is refused, over MQTT and over WebSockets', async (_, credentials) => {
    await expect(Client.open(broker.mqttUrl, credentials)).rejects.toThrow(/not authorized/i);
    await expect(Client.open(broker.url, credentials)).rejects.toThrow(/not authorized/i);
  });

  it('WebSockets carry the same rules, under any path', async () => {
    const lab = await Client.open(`${broker.url}/mqtt`, { username: 'lab', password: 'of-lab' });
    const board = await Client.open(broker.url, { username: 'esp32-a', password: 'of-esp32-a' });
    open.push(lab, board);
    await lab.subscribe('ic/#');
    expect(await board.publish('ic/esp32-b/data')).toBe(NOT_AUTHORISED);
    await board.publish('ic/esp32-a/data', '{"raw":1830}');
    await lab.saw('ic/esp32-a/data');
    expect(lab.received).toEqual([{ topic: 'ic/esp32-a/data', payload: '{"raw":1830}' }]);
  });
});

it('the topic root may be another, of several levels', async () => {
  const farm = await startMosquitto({ users, topicRoot: 'farm/north' });
  try {
    const board = await Client.open(farm.mqttUrl, { username: 'esp32-a', password: 'of-esp32-a' });
    open.push(board);
    expect([0, 16]).toContain(await board.publish('farm/north/esp32-a/data'));
    expect(await board.publish('farm/north/esp32-b/data')).toBe(NOT_AUTHORISED);
    expect(await board.publish('ic/esp32-a/data')).toBe(NOT_AUTHORISED);
  } finally {
    await farm.stop();
  }
});
