/** Versions, refusals, and each way in which a broker cannot be reached. */
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { freePort, startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import type { TestResult } from '../../web/mqtt/link/report.ts';
import { delay, joined, openLink, profileFor, until, type TestLink } from './open-link.ts';
import { PlainClient } from './plain-client.ts';

let broker: RunningMosquitto;
let secured: RunningMosquitto;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  broker = await startMosquitto();
  secured = await startMosquitto({
    tls: true,
    users: [
      { name: 'lab', password: 'secret', role: 'lab' },
      { name: 'n1', password: 'secret', role: 'board' },
    ],
  });
});
afterAll(() => Promise.all([broker.stop(), secured.stop()]));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function link(options = {}): TestLink {
  const test = openLink(options);
  closing.push(() => test.link.leave());
  return test;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Hands all on to the broker, but answers MQTT 5 as a broker that knows only 3.1.1 does. */
async function oldBroker(answer: 'connack' | 'close'): Promise<string> {
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (near) => {
    const far = new WebSocket(broker.url, 'mqtt');
    const early: Buffer[] = [];
    near.on('message', (data: Buffer) => {
      // Of CONNECT: type, length, "MQTT" with its length, then the version.
      if (data[0] === 0x10 && data[8] === 5) {
        if (answer === 'connack') near.send(Buffer.from([0x20, 2, 0, 1]));
        near.close();
      } else if (far.readyState === WebSocket.OPEN) far.send(data);
      else early.push(data);
    });
    far.on('open', () => early.splice(0).forEach((data) => far.send(data)));
    far.on('message', (data: Buffer) => near.send(data));
    far.on('close', () => near.close());
    near.on('close', () => far.terminate());
    far.on('error', () => undefined);
  });
  return `ws://127.0.0.1:${await listening(server)}`;
}

describe('MQTT 3.1.1', () => {
  it.each(['connack', 'close'] as const)('is spoken to a broker that answers MQTT 5 with %s', async (answer) => {
    const url = await oldBroker(answer);
    const test = link();
    await joined(test, url);
    expect(await test.state()).toMatchObject({ kind: 'joined', mqtt: 4 });
    expect(await test.link.test(profileFor(url), '')).toMatchObject({ ok: true, mqtt: 4 });
  });

  it('brings our own messages back, which are left out; the same words of another are not', async () => {
    const url = await oldBroker('connack');
    const test = link();
    await joined(test, url, { root: 'old' });
    const other = await PlainClient.open(broker.url, 'other');
    closing.push(() => other.end());
    test.publish({ topic: 'n1/data', payload: 'same' }, { topic: 'n1/data', payload: 'zero', qos: 0 });
    await until(async () => (await test.link.report()).outbox.messages === 0, 'it is acknowledged');
    await delay(200);
    await other.publish('old/n1/data', 'same');
    await until(() => test.incoming.length > 0, "the other's came");
    expect(test.incoming.map(({ payload }) => payload)).toEqual(['same']);
  });
});

describe('a refusal', () => {
  it('of the password ends the seeking', async () => {
    const test = link();
    await test.link.join(profileFor(secured.url, { username: 'lab' }), 'wrong');
    await until(async () => (await test.state()).kind === 'refused', 'it is refused');
    expect(await test.state()).toMatchObject({
      problem: { kind: 'bad-password', sentence: 'The broker refused the user lab or the password; it does not say which.' },
    });
  });

  it('by takeover ends the first for good, where the broker says that it was one', async () => {
    // Mosquitto 2.0 says so over TCP alone.
    const server = createHttpServer();
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        if (data[0] === 0x10) socket.send(Buffer.from([0x20, 3, 0, 0, 0]));
        if (data[0] === 0x82) socket.send(Buffer.from([0x90, 4, data[2], data[3], 0, 1]));
        if (data[0] === 0x82) setTimeout(() => socket.send(Buffer.from([0xe0, 1, 0x8e])), 50);
      });
    });
    const test = link();
    await test.link.join(profileFor(`ws://127.0.0.1:${await listening(server)}`), '');
    await until(async () => (await test.state()).kind === 'refused', 'it is refused');
    expect(await test.state()).toMatchObject({ problem: { kind: 'taken-over', sentence: expect.stringMatching(/^Another client/) } });
  });

  it('by takeover without a word is guessed: two clients of one id do not cut each other off for ever', async () => {
    const first = link({ clientId: 'same-id', random: () => 0 });
    await joined(first, broker.url);
    const second = link({ clientId: 'same-id', random: () => 0 });
    await joined(second, broker.url);
    const states = async () => [await first.state(), await second.state()];
    const beaten = async () => (await states()).find((state) => state.kind === 'waiting' && state.problem.kind === 'taken-over');
    await until(async () => (await beaten()) !== undefined, 'one gives way');
    const state = await beaten();
    expect(state?.kind === 'waiting' ? state.retryAtMs - Date.now() : 0).toBeGreaterThan(60_000);
    await until(async () => (await states()).some(({ kind }) => kind === 'joined'), 'the other stays');
  });

  it('of a client id in use by another tab names it', async () => {
    const test = link({ clientIds: { acquire: () => Promise.resolve(null) } });
    await test.link.join(profileFor(broker.url, { clientId: 'mine' }), '');
    await until(async () => (await test.state()).kind === 'refused', 'it is refused');
    expect(await test.state()).toMatchObject({ problem: { kind: 'taken-over', sentence: expect.stringContaining('client id mine') } });
  });

  it('leaving while the address does not answer takes no time', async () => {
    const server = createHttpServer();
    server.on('upgrade', () => undefined);
    const test = link();
    await test.link.join(profileFor(`ws://127.0.0.1:${await listening(server)}`), '');
    await delay(100);
    const startMs = performance.now();
    await test.link.leave();
    expect(performance.now() - startMs).toBeLessThan(500);
    expect((await test.state()).kind).toBe('left');
  });
});

describe('the test of a profile', () => {
  const run = (url: string, more = {}, password = ''): Promise<TestResult> => openLink().link.test(profileFor(url, more), password);
  const kindOf = (result: TestResult) => (result.ok ? null : result.problem.kind);

  it('passes all its steps at a broker that works', async () => {
    const result = await run(secured.url, { username: 'lab' }, 'secret');
    expect(result).toMatchObject({ ok: true, mqtt: 5, notes: [] });
    expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(
      ['address', 'browser', 'socket', 'mqtt', 'subscribe', 'publish', 'echo'].map((name) => [name, true]),
    );
  });

  it('does not disturb the link that is joined meanwhile', async () => {
    const test = link();
    await joined(test, broker.url, { clientId: 'fixed' });
    const before = await test.state();
    expect(await test.link.test(profileFor(broker.url, { clientId: 'fixed' }), '')).toMatchObject({ ok: true });
    expect(await test.state()).toEqual(before);
    expect(test.incoming).toEqual([]);
  });

  it('names a bad address', async () => {
    expect(await run('mqtt://raspberrypi:1883')).toMatchObject({
      problem: { kind: 'bad-address', sentence: "A page cannot open mqtt:// addresses: give the broker's WebSocket listener, like ws://raspberrypi:9001." },
    });
  });

  it('names a wrong password, and a missing one', async () => {
    expect(kindOf(await run(secured.url, { username: 'lab' }, 'wrong'))).toBe('bad-password');
    expect(await run(secured.url)).toMatchObject({ problem: { sentence: 'The broker wants a user and a password, and this profile has none.' } });
  });

  it('names a user who may not write where it has to', async () => {
    const result = await run(secured.url, { username: 'n1' }, 'secret');
    expect(kindOf(result)).toBe('not-authorised');
    expect(result.steps.at(-1)).toMatchObject({ name: 'publish', ok: false });
  });

  it('tries from a page over plain http whose name does not tell where it is, and explains only what failed', async () => {
    const page = { protocol: 'http:', hostname: 'pi.fritz.box', secureContext: false };
    const parts = { page, localNetworkPermission: () => Promise.resolve('denied' as const) };
    expect(await openLink(parts).link.test(profileFor(broker.url), '')).toMatchObject({ ok: true });
    const failed = await openLink(parts).link.test(profileFor('ws://no-such-machine:9001'), '');
    expect(failed).toMatchObject({
      problem: { kind: 'local-network', sentence: expect.stringMatching(/^Either the browser keeps .* pi\.fritz\.box, or nothing/) },
    });
    // Where something answers beside it, the browser does let the page in.
    const encrypted = await openLink(parts).link.test(profileFor(broker.url.replace('ws:', 'wss:')), '');
    expect(encrypted).toMatchObject({ problem: { kind: 'unreachable' } });
  });

  it.each([
    ['denied', { kind: 'local-network' }],
    ['prompt', { kind: 'unknown-name', advice: expect.arrayContaining([expect.stringMatching(/allow it and try again/)]) }],
  ] as const)('blames a permission that is %s after the try, not the broker alone', async (after, problem) => {
    let asked = 0;
    const result = await openLink({
      page: { protocol: 'https:', hostname: 'lab.example.org', secureContext: true },
      localNetworkPermission: () => Promise.resolve(asked++ === 0 ? 'prompt' : after),
    }).link.test(profileFor('ws://no-such-machine.local:9001'), '');
    expect(result.steps.at(-1)).toMatchObject({ name: 'socket', ok: false });
    expect(result).toMatchObject({ problem });
  });

  it('names a port where nothing listens', async () => {
    const port = await freePort();
    expect(await run(`ws://127.0.0.1:${port}`)).toMatchObject({
      problem: { kind: expect.stringMatching('unreachable'), sentence: expect.stringContaining(`port ${port}`) },
    });
  });

  it('names MQTT without WebSockets', async () => {
    expect(kindOf(await run(`ws://127.0.0.1:${broker.mqttPort}`))).toBe('unreachable');
  });

  it('names a name that nobody knows, without claiming to be sure', async () => {
    const result = await run('ws://no-such-machine.invalid:9001');
    expect(result).toMatchObject({ problem: { kind: 'unknown-name', sentence: expect.stringMatching(/^Either the name/) } });
  });

  it('names a web server without WebSockets', async () => {
    const port = await listening(createHttpServer((_, response) => response.end('hello')));
    expect(kindOf(await run(`ws://127.0.0.1:${port}`))).toBe('not-websocket');
  });

  it('finds the right path beside a wrong one', async () => {
    const server = createHttpServer((_, response) => response.end('hello'));
    new WebSocketServer({ server, path: '/mqtt' });
    const port = await listening(server);
    expect(await run(`ws://127.0.0.1:${port}/wrong`)).toMatchObject({
      problem: { kind: 'wrong-path', advice: [`Change the address to ws://127.0.0.1:${port}/mqtt.`] },
    });
  });

  it('names a WebSocket that echoes and speaks no MQTT', async () => {
    const server = createHttpServer();
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    expect(kindOf(await run(`ws://127.0.0.1:${await listening(server)}`))).toBe('not-mqtt');
  });

  it('names a certificate that is not trusted, without claiming to be sure', async () => {
    const result = await run(`wss://127.0.0.1:${secured.wssPort}`, { username: 'lab' }, 'secret');
    expect(result).toMatchObject({ problem: { kind: 'certificate', sentence: expect.stringMatching(/^Either/) } });
  });

  it('finds an address whose encryption is not wanted there', async () => {
    expect(await run(broker.url.replace('ws:', 'wss:'))).toMatchObject({
      problem: { kind: 'unreachable', advice: [`Change the address to ${broker.url}.`] },
    });
  });
});
