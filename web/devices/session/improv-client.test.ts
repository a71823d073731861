import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardCommands } from './board-commands.ts';
import { command, improvError, improvState } from './commands.ts';
import { encodeResult } from './frame.ts';
import { ImprovClient } from './improv-client.ts';
import { ScriptedNode } from './scripted-node-fixture.ts';
import { SerialSession } from './serial-session.ts';

let node: ScriptedNode;
let session: SerialSession;
let client: ImprovClient;

beforeEach(async () => {
  vi.useFakeTimers();
  node = new ScriptedNode();
  session = new SerialSession(node.port);
  client = new ImprovClient(session);
  await session.open();
});
afterEach(async () => {
  await session.dispose();
  vi.useRealTimers();
});

/** Lets time pass until the answer is there. */
async function settled<T>(answer: Promise<T>): Promise<T> {
  let there = false;
  void answer.then(() => (there = true));
  while (!there) await vi.advanceTimersByTimeAsync(50);
  return answer;
}

const requests = (number: number) => node.port.requests.filter((request) => request.command === number).length;

describe('a question to a board', () => {
  it('is answered by Improv\'s own commands, as any client of it would be', async () => {
    expect(await settled(client.device())).toEqual({
      ok: true,
      value: { firmware: 'continuum-node', version: '1.0.0', chip: 'ESP32', name: 'node-a1b2c3' },
    });
    expect(await settled(client.scan())).toEqual({
      ok: true,
      value: [{ ssid: 'barn', rssiDbm: -48, secured: true }, { ssid: 'yard', rssiDbm: -80, secured: false }],
    });
    expect(await settled(client.current())).toEqual({ ok: true, value: { state: improvState.ready, url: null } });
    expect(await settled(client.wifi('barn', 'hay-and-straw'))).toEqual({ ok: true, value: 'http://192.168.1.7/' });
    expect(client.state).toBe(improvState.provisioned);
  });

  it('is asked again when the answer was lost, and a late second answer answers no other', async () => {
    node.swallow = 1;
    const commands = new BoardCommands(client);
    expect(await settled(commands.forget('barn'))).toEqual({ ok: true, value: null });
    expect(requests(command.forget)).toBe(2);

    // Slow: both askings of the first are answered when the second was asked already.
    node.port.answer = () => {};
    const first = client.request(command.settings);
    const second = client.request(command.settings);
    await vi.advanceTimersByTimeAsync(2400);
    node.result(command.settings, 'item', 'node', 'old');
    node.result(command.settings, 'ok');
    await vi.advanceTimersByTimeAsync(100);
    node.result(command.settings, 'item', 'node', 'old');
    node.result(command.settings, 'ok');
    await vi.advanceTimersByTimeAsync(1000);
    node.result(command.settings, 'item', 'node', 'new');
    node.result(command.settings, 'ok');
    expect((await settled(first)).ok).toBe(true);
    expect(await settled(second)).toMatchObject({ value: { items: [['node', 'new']] } });
  });

  it('that is asked again is not refused because it is at work', async () => {
    node.port.answer = () => {};
    const answer = client.request(command.apply);
    await vi.advanceTimersByTimeAsync(2100);
    node.result(command.apply, 'refused', 'Another request is at work: ask again when it is answered.');
    await vi.advanceTimersByTimeAsync(1000);
    node.result(command.apply, 'ok');
    expect(await settled(answer)).toMatchObject({ ok: true });
  });

  it('waits while the board answers what was asked before', async () => {
    let busy = 3;
    node.port.answer = ({ command: number }) =>
      busy-- > 0 ? node.result(number, 'refused', 'Another request is at work: ask again when it is answered.') : node.result(number, 'ok');
    expect(await settled(client.request(command.apply))).toMatchObject({ ok: true });
  });

  it('is given up with a sentence when nothing comes, and the next is still asked', async () => {
    node.port.answer = () => {};
    const silent = client.request(command.apply);
    expect(await settled(silent)).toMatchObject({ ok: false, cause: 'silent', reason: expect.stringMatching(/^The board did not answer/) });
    expect(requests(command.apply)).toBe(3);
    node.port.answer = ({ command: number }) => node.result(number, 'ok');
    expect(await settled(client.request(command.apply))).toMatchObject({ ok: true });
  });

  it('is refused in the board\'s words', async () => {
    node.port.answer = ({ command: number }) => node.result(number, 'refused', 'The broker names no host.');
    expect(await settled(client.request(command.apply))).toEqual({ ok: false, cause: 'refused', reason: 'The broker names no host.' });
  });

  it('is one at a time', async () => {
    node.port.answer = () => {};
    void client.request(command.apply);
    void client.request(command.status);
    await vi.advanceTimersByTimeAsync(1000);
    expect(node.port.requests.map((request) => request.command)).toEqual([command.apply]);
    await session.close();
  });

  it('ends at once when the cable is pulled', async () => {
    node.port.answer = () => {};
    const answer = client.request(command.guestEnd, undefined, { long: true });
    await vi.advanceTimersByTimeAsync(100);
    node.port.unplug();
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toMatchObject({ ok: false, cause: 'cut', reason: expect.stringContaining('cable') });
  });

  it('that the line garbled is sent again', async () => {
    let garbled = true;
    node.port.answer = ({ command: number }) => {
      if (garbled) node.error(improvError.invalid);
      else node.result(number, 'ok');
      garbled = false;
    };
    expect(await settled(client.request(command.apply))).toMatchObject({ ok: true });
  });

  it('of ours is known to be unknown to other firmware', async () => {
    node.improvOnly = true;
    const answer = await settled(client.request(command.status));
    expect(answer).toMatchObject({ ok: false, cause: 'unknown', reason: expect.stringMatching(/^This firmware does not speak our requests/) });
    expect(client.extension).toBe(false);
    expect((await settled(client.wifi('barn', 'hay-and-straw'))).ok).toBe(true);
  });

  it('answered between lines of a log, with noise, is found', async () => {
    node.port.answer = ({ command: number }) => {
      node.port.send('I (1) wifi: IMPROV');
      node.port.send(Uint8Array.of(0xff, 0xc0, 0x49, 0x4d, 0x50));
      const frame = encodeResult(number, ['ok']);
      for (const byte of frame) node.port.send(Uint8Array.of(byte));
      node.port.send('I (2) wifi: goes on\n');
    };
    expect(await settled(client.request(command.apply))).toMatchObject({ ok: true });
    expect(session.console.text()).toContain('I (2) wifi: goes on');
  });
});

describe('commands', () => {
  it('read the answers that a broker\'s topics carry too', async () => {
    const commands = new BoardCommands(client);
    expect(await settled(commands.ping())).toMatchObject({ ok: true, value: { cmd: 'ping', timeUs: 1700 } });
    const config = { dry: 2600, wet: 1100, threshold: 1700 };
    expect(await settled(commands.calibrate(config))).toMatchObject({ ok: true, value: { accepted: false, inForce: config } });
    expect(await settled(commands.calibrate({ ...config, wet: 2700 }))).toMatchObject({ ok: false, cause: 'refused' });
    expect(await settled(commands.status())).toMatchObject({ ok: true, value: { guest: 'running', uptimeMs: 1200, safeMode: null } });
  });

  it('send a long setting in pieces that arrive whole, umlauts at their seams included', async () => {
    const commands = new BoardCommands(client);
    const value = 'ä€'.repeat(600);
    expect(await settled(commands.set('ca', value))).toEqual({ ok: true, value: null });
    expect(await settled(commands.apply())).toEqual({ ok: true, value: null });
    expect(node.settings.get('ca')).toBe(value);
    await settled(commands.set('keys', value));
    await settled(commands.apply());
    expect(await settled(commands.settings())).toMatchObject({ ok: true, value: { keys: value, caSet: true } });
    expect(await settled(commands.set('user', ''))).toEqual({ ok: true, value: null });
  });
});
