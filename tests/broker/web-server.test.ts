import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { startCaddy, type RunningCaddy } from './caddy.ts';
import { Client } from './client.ts';

const dir = mkdtempSync(join(tmpdir(), 'continuum-caddy-'));
let broker: RunningMosquitto;
let caddy: RunningCaddy;
let ca: Buffer;

beforeAll(async () => {
  broker = await startMosquitto({ tls: true, users: [{ name: 'lab', password: 'of-lab', role: 'lab' }] });
  ca = readFileSync(broker.caFile!);
  const page = join(dir, 'page');
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Continuum Lab</title>');
  writeFileSync(join(page, 'sw.js'), 'self.skipWaiting();');
  writeFileSync(join(page, 'manifest.webmanifest'), '{}');
  writeFileSync(join(page, 'assets', 'page-abc.js'), 'export {};');
  writeFileSync(join(page, 'assets', 'guest-abc.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  cpSync(broker.caFile!, join(dir, 'continuum-ca.crt'));
  caddy = await startCaddy(dir, join(broker.dir, 'ca'), dir, broker.wsPort);
});
afterAll(async () => {
  await caddy?.stop();
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

function get(path: string, host = 'localhost'): Promise<IncomingMessage & { body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host, port: caddy.httpsPort, path, ca, family: 4 }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (text: string) => (body += text));
      response.on('end', () => resolve(Object.assign(response, { body })));
    });
    call.once('error', reject);
    call.end();
  });
}

it.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
  ['/assets/page-abc.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/assets/guest-abc.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
])('%s comes with its type and cross-origin isolation, so that modules, workers and shared memory work', async (path, type, cache) => {
  const { statusCode, headers } = await get(path);
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({
    'content-type': type,
    'cache-control': cache,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
});

it('the page comes by address too, and what is not there is not found', async () => {
  expect((await get('/', '127.0.0.1')).body).toContain('Continuum Lab');
  expect((await get('/assets/none.js')).statusCode).toBe(404);
  expect((await get('/../Caddyfile')).statusCode).toBe(404);
});

it('carries a page\'s WebSocket to Mosquitto under /mqtt, with the password checked there', async () => {
  const address = `wss://localhost:${caddy.httpsPort}/mqtt`;
  const trust = { ca, family: 4 } as object;
  const page = await Client.open(address, { ...trust, username: 'lab', password: 'of-lab' });
  const board = await Client.open(broker.mqttUrl, { username: 'lab', password: 'of-lab' });
  await page.subscribe('ic/#');
  await board.publish('ic/esp32/data', '{"raw":1830}');
  await page.saw('ic/esp32/data');
  expect(page.received).toEqual([{ topic: 'ic/esp32/data', payload: '{"raw":1830}' }]);
  await Promise.all([page.close(), board.close()]);
  await expect(Client.open(address, { ...trust, username: 'lab', password: 'guess' })).rejects.toThrow(/not authorized/i);
});

it('plain http gives the authority\'s certificate, and sends all else to https', async () => {
  const plain = (path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: caddy.httpPort, path }, (response) => resolve(response.resume())).once('error', reject).end();
    });
  const certificate = await plain('/continuum-ca.crt');
  expect(certificate.statusCode).toBe(200);
  expect(certificate.headers['content-type']).toBe('application/x-x509-ca-cert');
  const moved = await plain('/index.html');
  expect(moved.statusCode).toBe(302);
  expect(moved.headers.location).toMatch(/^https:\/\/127\.0\.0\.1\/index\.html$/);
  expect((await plain('/server.key')).statusCode).toBe(302);
});
