import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildVirtualImage } from '../virtual-board/rom/virtual-image.ts';
import { readServedFirmware } from './served-firmware.ts';

const parts = buildVirtualImage({ chip: 'esp32c3', version: '2.0.0', appBytes: 20_000 });
const files = new Map<string, Uint8Array>(parts.map(({ name, bytes }) => [`/firmware/${encodeURIComponent(name)}`, bytes]));
let server: Server;
let base: string;

function manifest(change: (hash: string) => string = (hash) => hash): Uint8Array {
  const list = parts.map(({ name, offset, bytes }) => ({ path: encodeURIComponent(name), offset, sha256: change(bytesToHex(sha256(bytes))) }));
  return new TextEncoder().encode(JSON.stringify({ name: 'Continuum node', version: '2.0.0', builds: [{ chipFamily: 'ESP32-C3', parts: list }] }));
}

beforeAll(async () => {
  files.set('/firmware/manifest.json', manifest());
  files.set('/firmware/damaged.json', manifest((hash) => hash.replaceAll(/[0-9]/g, '0')));
  files.set('/firmware/page.json', new TextEncoder().encode('<!doctype html>'));
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/firmware/`;
});
afterAll(() => void server.close());

it('is found, and verified when it is loaded', async () => {
  const firmware = await readServedFirmware(`${base}manifest.json`);
  expect(firmware).toMatchObject({ name: 'Continuum node', version: '2.0.0', families: ['esp32c3'] });
  const image = await firmware.load('esp32c3');
  expect(image).toMatchObject({ title: 'continuum-node', version: '2.0.0', familyName: 'ESP32-C3' });
  expect(image.parts.map(({ offset }) => offset)).toEqual(parts.map(({ offset }) => offset));
});

it('is refused for a chip that it was not built for', async () => {
  const firmware = await readServedFirmware(`${base}manifest.json`);
  await expect(firmware.load('esp32')).rejects.toThrow('Continuum node 2.0.0 is not built for this chip.');
});

it('is refused when a part is not what the manifest says', async () => {
  const firmware = await readServedFirmware(`${base}damaged.json`);
  await expect(firmware.load('esp32c3')).rejects.toThrow('arrived damaged');
});

it.each([
  ['missing.json', 'is not served with this page'],
  ['page.json', 'No firmware is served with this page'],
])('that is not there is said to be missing: %s', async (name, message) => {
  await expect(readServedFirmware(base + name)).rejects.toThrow(message);
});
