/**
 * The counts that virtual time and energy are made of, against Wasmtime's. Were they wrong, every figure that
 * compares one strategy with another would be too.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readModule } from '../../web/guest/wasm/read-module.ts';
import { assemble } from '../../web/guest/wasm/testing/assemble.ts';
import { costCases, costModule } from '../../web/guest/wasm/testing/cost-cases.ts';
import { runWindowed, type WindowedRun } from '../../web/guest/wasm/testing/differential.ts';
import { FuelCounter, type CountedCall, type HostAnswer } from './fuel-counter.ts';
import { moduleFolder } from './generated-modules.ts';
import { countedValues } from './values.ts';

const counter = new FuelCounter();
afterAll(() => counter.close());
mkdirSync(moduleFolder, { recursive: true });

class Ended extends Error {}
type HostFunction = (guest: Uint8Array, ...values: number[]) => Partial<HostAnswer> & { result?: number };
interface Call {
  name: string;
  values: number[];
}

const BUDGET = 100_000_000;

/** Runs the calls in a window and under Wasmtime, the host answering alike, and expects the same of both. */
async function expectCounts(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  host: Record<string, HostFunction>,
  calls: Call[],
  bulkSurcharge = 0,
): Promise<number[]> {
  const declared = readModule(bytes);
  const transcript: HostAnswer[] = [];
  const hostRetired: number[] = [];
  let run: WindowedRun | null = null;
  const retired = () => BUDGET - (run!.fuel.value as number);
  const imports: WebAssembly.Imports = {};
  for (const { module, name } of declared.imports) {
    (imports[module] ??= {})[name] = (...values: number[]) => {
      hostRetired.push(retired());
      const guest = run!.view();
      const { result, writes = [], ends = false } = host[name]!(guest, ...values);
      transcript.push({ results: result === undefined ? [] : [result], writes, ends });
      for (const [at, hex] of writes) guest.set(Buffer.from(hex, 'hex'), at);
      if (ends) throw new Ended();
      return result;
    };
  }
  run = runWindowed(bytes, imports);
  const found = calls.map(({ name, values }): CountedCall => {
    run.fuel.value = BUDGET;
    const { index } = declared.exports.find((entry) => entry.name === name)!;
    const { results } = declared.types[declared.functions[index]!]!;
    try {
      const result = (run.instance.exports[name] as (...all: number[]) => unknown)(...values);
      return { values: countedValues(result, results), retired: retired() };
    } catch (error) {
      if (error instanceof Ended) return { trap: 'ended' };
      throw error;
    }
  });
  const path = join(moduleFolder, file);
  writeFileSync(path, bytes);
  const counted = await counter.count({ module: path, host: transcript, calls });
  if (!counted.started) throw new Error(`Wasmtime did not start it: ${counted.why}`);
  const expected = counted.calls.map((call) => ('retired' in call ? { ...call, retired: call.retired - bulkSurcharge } : call));
  expect(found).toEqual(expected);
  expect(hostRetired).toEqual(counted.hostRetired);
  expect(createHash('sha256').update(run.memory()).digest('hex')).toBe(counted.memory);
  return [...hostRetired, ...found.flatMap((call) => ('retired' in call ? [call.retired] : []))];
}

test.each(costCases)('%s', async (title, body, _, bulk = 0) => {
  // Wasmtime takes one for each byte, entry or page, the meter one for sixteen.
  const surcharge = bulk - (bulk >> 4);
  await expectCounts(`${title}.wasm`, assemble(costModule(body)), {}, [{ name: 'go', values: [7] }], surcharge);
});

const built = (name: string) =>
  Uint8Array.from(readFileSync(new URL(`../../web/guest/modules/${name}.wasm`, import.meta.url)));
const raws = Array.from({ length: 40 }, (_, index) => [1830, 0, 4095, 1700, 1701, -1, 2600, 1100][index % 8]! + (index >> 3) * 13);

describe.each(['irrigation-c', 'irrigation-rust'])('%s', (name) => {
  test('its steps cost the same on every reading', async () => {
    const calls = raws.flatMap((raw) => [
      { name: 'process', values: [raw, 2600, 1100, 1700] },
      { name: 'process', values: [raw, raw, raw, 0] },
      { name: 'filter_value', values: [raw] },
      { name: 'detect_anomaly', values: [raw] },
    ]);
    await expectCounts(`${name}.wasm`, built(name), {}, calls);
  });

  test('its edge loop has come as far at each call of the host', async () => {
    const answer = { result: 0 };
    let readings = 0;
    const host: Record<string, HostFunction> = {
      read_sensor: () => ({ result: raws[readings++ % raws.length]! }),
      get_config: (_, key) => ({ result: [2600, 1100, 1700, 3000, 40][key] ?? 0 }),
      delay_ms: () => ({ ends: readings > 60 }),
      mqtt_publish: () => answer,
      set_output: () => ({}),
      wasm_log: () => ({}),
      log_int: () => ({}),
    };
    const counts = await expectCounts(`${name}.wasm`, built(name), host, [{ name: 'main', values: [] }]);
    expect(counts.length).toBeGreaterThan(200);
  });
});

test.each(['irrigation-c-wasi', 'irrigation-rust-wasi'])('%s costs the same on lines from a pipe', async (name) => {
  const input = Buffer.from('1830\n2000,2600,1100,1700\nnot a number\n-5\r\n' + '9'.repeat(80) + '\n4095\n');
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes.toString('hex');
  };
  let at = 0;
  const host: Record<string, HostFunction> = {
    fd_read: (guest, _, vectors, __, countAt) => {
      const view = Buffer.from(guest.buffer, guest.byteOffset, guest.length);
      const [start, room] = [view.readUInt32LE(vectors), view.readUInt32LE(vectors! + 4)];
      const chunk = input.subarray(at, at + Math.min(room, 11));
      at += chunk.length;
      return { result: 0, writes: [[start, chunk.toString('hex')], [countAt!, word(chunk.length)]] };
    },
    fd_write: (guest, _, vectors, count, writtenAt) => {
      const view = Buffer.from(guest.buffer, guest.byteOffset, guest.length);
      let written = 0;
      for (let index = 0; index < count!; index++) written += view.readUInt32LE(vectors! + 8 * index + 4);
      return { result: 0, writes: [[writtenAt!, word(written)]] };
    },
    proc_exit: () => ({ ends: true }),
  };
  const counts = await expectCounts(`${name}.wasm`, built(name), host, [{ name: '_start', values: [] }]);
  expect(counts.length).toBeGreaterThan(10);
});

test('a start function costs what Wasmtime says', async () => {
  const bytes = assemble(`(memory (export "memory") 1) (func $begin (local i32) (local.set 0 (i32.const 9))
    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))) (start $begin)`);
  const path = join(moduleFolder, 'start.wasm');
  writeFileSync(path, bytes);
  const counted = await counter.count({ module: path, host: [], calls: [] });
  const run = runWindowed(bytes, {}, { startFuel: 5000 });
  // Wasmtime calls it from code of its own: one for that entry, one for the call.
  expect(counted).toMatchObject({ started: true, startRetired: 5000 - (run.fuel.value as number) + 2 });
});
