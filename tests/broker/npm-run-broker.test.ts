import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { freePort } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

const script = fileURLToPath(new URL('../../scripts/broker.mjs', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'continuum-dev-broker-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const started: ChildProcess[] = [];
const blockers: Server[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
  for (const server of blockers.splice(0)) server.close();
});

function run(...parameters: string[]) {
  const child = spawn(process.execPath, [script, '--data', data, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    exit,
    said: () => said,
    /** The address that it tells people to type. */
    async address() {
      await expect.poll(() => said, { timeout: 10_000 }).toMatch(/Press Ctrl-C/);
      return /ws:\/\/localhost:\d+/.exec(said)![0].replace('localhost', '127.0.0.1');
    },
    async stop() {
      child.kill('SIGINT');
      return exit;
    },
  };
}

async function ports() {
  return ['--mqtt-port', String(await freePort()), '--ws-port', String(await freePort())];
}

it('prints an address that answers, ends on Ctrl-C, and holds what was retained over to the next run', async () => {
  const first = run(...(await ports()));
  const page = await Client.open(await first.address());
  await page.publish('ic/esp32/config', 'kept', true);
  await page.close();
  expect(await first.stop()).toBe(0);

  const second = run(...(await ports()));
  const later = await Client.open(await second.address());
  await later.subscribe('ic/#');
  await later.saw('ic/esp32/config');
  expect(later.received).toEqual([{ topic: 'ic/esp32/config', payload: 'kept' }]);
  await later.close();

  const twice = run(...(await ports()));
  expect(await twice.exit).toBe(1);
  expect(twice.said()).toContain('This broker runs already');
  expect(await second.stop()).toBe(0);
});

it('--secure lets in with the printed passwords only, each to its own topics', async () => {
  const broker = run('--secure', ...(await ports()));
  const url = await broker.address();
  await expect(Client.open(url)).rejects.toThrow(/not authorized/i);
  const password = /^ {2}esp32 +(\S+)/m.exec(broker.said())![1]!;
  const board = await Client.open(url, { username: 'esp32', password });
  expect([0, 16]).toContain(await board.publish('ic/esp32/data'));
  expect(await board.publish('ic/other/data')).toBe(135);
  await board.close();
  expect(await broker.stop()).toBe(0);
});

it('a port that is taken is said, not fought over', async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    blockers.push(server);
  });
  const broker = run('--ws-port', String(port), '--mqtt-port', String(await freePort()));
  expect(await broker.exit).toBe(1);
  expect(broker.said()).toContain(`Port ${port} is taken by another program.`);
});

it('Mosquitto killed from outside is noticed and said', async () => {
  const broker = run('--log', ...(await ports()));
  await broker.address();
  const pid = Number(/process (\d+)/.exec(broker.said())![1]);
  process.kill(pid, 'SIGKILL');
  expect(await broker.exit).toBe(1);
  expect(broker.said()).toContain('Mosquitto has ended by itself.');
});
