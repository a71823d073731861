import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Arena } from './arena.ts';
import { loadGuest, type LoadedGuest } from './loaded-guest.ts';
import { WasmStream } from './stream-guest.ts';
import { assemble } from './wasm/testing/assemble.ts';

const BUDGET = 100_000;

async function load(bytes: Uint8Array): Promise<LoadedGuest> {
  const loaded = await loadGuest('guest.wasm', bytes, { maxPages: 2, maxBytes: 1e6 });
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.guest;
}

const irrigation = () => load(Uint8Array.from(readFileSync(new URL('./modules/irrigation-c.wasm', import.meta.url))));

/** Its filter traps on 13 and never ends on 14; else it adds up in a global. */
const sums = () =>
  load(
    assemble(`(memory (export "memory") 1) (global $sum (mut f32) (f32.const 0))
      (func (export "detect_anomaly") (param i32) (result i32) (i32.const 0))
      (func (export "filter_value") (param i32) (result f32)
        (global.set $sum (f32.add (global.get $sum) (f32.convert_i32_s (local.get 0))))
        (if (i32.eq (local.get 0) (i32.const 13)) (then unreachable))
        (loop $for_ever (br_if $for_ever (i32.eq (local.get 0) (i32.const 14))))
        (global.get $sum))`),
  );

test('streams that take turns filter as each would alone, else one field would be watered by what another measures', async () => {
  const guest = await irrigation();
  const arena = new Arena();
  const together = [1830, 1200, 2500].map(() => new WasmStream(guest, arena, BUDGET));
  const alone = together.map(() => new WasmStream(guest, new Arena(), BUDGET));
  for (let step = 0; step < 50; step++) {
    together.forEach((stream, index) => {
      const raw = 1000 + ((step * 37 + index * 491) % 1500);
      const result = (of: WasmStream) => [of.detectAnomaly(raw), of.retired(), of.filterValue(raw), of.retired()];
      expect(result(stream)).toEqual(result(alone[index]!));
    });
  }
});

test.each([
  [13, 'trap'],
  [14, 'budget'],
])('a stream that comes to grief on %i leaves the others as they were', async (value, kind) => {
  const guest = await sums();
  const arena = new Arena();
  const [first, second] = [new WasmStream(guest, arena, BUDGET), new WasmStream(guest, arena, BUDGET)];
  first.filterValue(5);
  second.filterValue(7);
  expect(() => first.filterValue(value)).toThrow(expect.objectContaining({ fault: expect.objectContaining({ kind }) as object }) as Error);
  expect(second.filterValue(1)).toBe(8);
  first.stop();
  expect(new WasmStream(guest, arena, BUDGET).filterValue(3)).toBe(3);
  expect(second.filterValue(1)).toBe(9);
});

test('a start function that never ends, or traps, is told as what it is', async () => {
  const start = (body: string) => load(assemble(`(import "env" "wasm_log" (func $log (param i32))) (memory (export "memory") 1) (func $s ${body}) (start $s) (func (export "filter_value") (param i32) (result f32) (f32.const 0))
    (func (export "detect_anomaly") (param i32) (result i32) (i32.const 0))`));
  const refusal = (reason: RegExp) => expect.objectContaining({ fault: expect.objectContaining({ reason: expect.stringMatching(reason) as string }) as object }) as Error;
  const [endless, reaching, speaking, sound] = [await start('(loop (br 0))'), await start('(i32.store (i32.const 65536) (i32.const 1))'), await start('(call $log (i32.const 0))'), await sums()];
  const arena = new Arena();
  expect(() => new WasmStream(endless, arena, BUDGET)).toThrow(refusal(/could not start.*100,000 instructions without a pause/));
  expect(() => new WasmStream(reaching, arena, BUDGET)).toThrow(refusal(/could not start.*outside its own memory/));
  expect(() => new WasmStream(speaking, arena, BUDGET)).toThrow(refusal(/could not start.*its start function calls wasm_log/));
  expect(new WasmStream(sound, arena, BUDGET).filterValue(3)).toBe(3);
});
