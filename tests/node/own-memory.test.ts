/** Guests that cannot be metered, each alone in a thread and a memory of its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestLimits } from '../../web/app/guest-limits.ts';
import { createEngine, type GuestEngine } from '../../web/guest/engine.ts';
import type { GuestThreads } from '../../web/guest/guest-threads.ts';
import { loadGuest, type LoadedGuest } from '../../web/guest/loaded-guest.ts';
import { GuestFaultError, type LoopGuest, type Pause } from '../../web/guest/types.ts';
import { assemble as inline } from '../../web/guest/wasm/testing/assemble.ts';
import { assemble, foreignGuest, simdGuest, type OwnMemoryGuest } from '../guests/assemble.ts';
import { nodeGuestThreads } from './node-guest-threads.ts';

const BUDGET = 1e6;
/** Enough for any guest here that is to come to its pause, on a machine that is busy with other tests. */
const limits = { sliceMs: 1500, silenceMs: 20_000 };
const config = [2600, 1100, 1700, 3000, 0];

async function engineOn(openThreads: () => Promise<GuestThreads>, given = limits): Promise<GuestEngine> {
  const engine = await createEngine('workers', openThreads, given);
  if (typeof engine === 'string') throw new Error(engine);
  return engine;
}

async function loaded(name: OwnMemoryGuest | 'simd'): Promise<LoadedGuest> {
  const bytes = name === 'simd' ? await simdGuest() : await assemble(name);
  const result = await loadGuest(`${name}.wasm`, bytes, guestLimits);
  if (!result.ok) throw new Error(result.reason);
  return result.guest;
}

/** A loop with what it did, and its pauses; `slice` runs one. */
function recorded(on: GuestEngine, guest: LoadedGuest) {
  const calls: string[] = [];
  let pause: Pause = { kind: 'returned' };
  let started = false;
  const loop: LoopGuest = on.loop(guest, BUDGET, {
    setOutput: (pin, level) => void calls.push(`${pin}=${level}`),
    log: (text) => void calls.push(text),
    logInt: (value) => void calls.push(String(value)),
    publish: (topic, payload) => (calls.push(`${topic} ${payload}`), 0),
    config: (key) => config[key],
    paused: (now) => void (pause = now),
  });
  const slice = async (value = 0): Promise<Pause> => {
    if (started) await loop.resume(value);
    else await loop.start();
    started = true;
    return pause;
  };
  return { loop, calls, slice };
}

function faultOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof GuestFaultError) return error.fault.reason;
    throw error;
  }
  return 'no fault';
}

let engine: GuestEngine;
const running: { stop(): void }[] = [];
beforeAll(async () => {
  engine = await engineOn(nodeGuestThreads);
});
afterAll(() => running.forEach((guest) => guest.stop()));

test('a SIMD guest runs as an edge loop, else whoever compiles with -msimd128 is turned away', async () => {
  const guest = await loaded('simd');
  expect(guest).toMatchObject({ metered: false, obstacle: { feature: 'SIMD' } });
  expect(guest.obstacle?.offset).toBeGreaterThan(8);
  const { loop, calls, slice } = recorded(engine, guest);
  running.push(loop);
  expect(await slice()).toEqual({ kind: 'sensor', sensor: 0 });
  expect(await slice(1850)).toEqual({ kind: 'delay', ms: 3000 });
  expect(await slice()).toEqual({ kind: 'sensor', sensor: 0 });
  await slice(1450);
  const [hello, ...cycles] = calls;
  expect(hello).toBe('vector guest up');
  // The mean of 1850 thrice and 1450, as its vectors have it.
  expect(cycles).toEqual([
    ...['23=1', 'data {"raw":1850,"pct":50,"irrigar":1}'],
    ...['23=1', 'data {"raw":1750,"pct":57,"irrigar":1}'],
  ]);
  expect(loop.retired()).toBeNaN();
  expect(loop.memory().declaredBytes).toBe(65_536);
  expect(loop.memory().usedBytes).toBeLessThan(65_536);
});

test('a SIMD guest filters streams, each with a state of its own, else readings of two nodes mix', async () => {
  const guest = await loaded('simd');
  const [first, second] = [engine.stream(guest, BUDGET, 'fog'), engine.stream(guest, BUDGET, 'fog')];
  running.push(first, second);
  expect(first.filterValue(1000)).toBe(1000);
  expect(second.filterValue(3000)).toBe(3000);
  expect(first.filterValue(2000)).toBe(1250);
  expect(second.filterValue(2000)).toBe(2750);
  expect([first.detectAnomaly(100), first.detectAnomaly(2000)]).toEqual([3, 0]);
  expect(first.retired()).toBeNaN();
  expect(first.memory().declaredBytes).toBe(65_536);
});

test.each(['tail-call', 'shared-memory'] as const)('a %s guest runs', async (name) => {
  const { loop, calls, slice } = recorded(engine, await loaded(name));
  running.push(loop);
  for (let left = 4; left > 0; left -= 1) expect((await slice(1500)).kind).not.toBe('fault');
  expect(calls.slice(0, 2)).toEqual(name === 'tail-call' ? ['1500', '1500'] : ['cycle A', 'cycle B']);
});

test('an endless SIMD loop is stopped by the clock, and its neighbour goes on', async () => {
  const neighbour = recorded(engine, await loaded('simd'));
  const { loop, slice } = recorded(engine, await loaded('simd-endless'));
  running.push(loop, neighbour.loop);
  await neighbour.slice();
  await slice();
  expect(await slice(1)).toEqual({ kind: 'delay', ms: 1000 });
  const stopped = await slice();
  expect(stopped).toMatchObject({ kind: 'fault', fault: { kind: 'budget' } });
  expect(stopped).toHaveProperty('fault.reason', expect.stringMatching(/^It ran for 1\.5 s without a pause and could not be counted/));
  expect(await neighbour.slice(1850)).toEqual({ kind: 'delay', ms: 3000 });
});

test('an endless filter takes the streams of its own node with it, and a fresh one starts', async () => {
  const guest = await loaded('simd-endless');
  const [stream, sibling] = [engine.stream(guest, BUDGET, 'fog'), engine.stream(guest, BUDGET, 'fog')];
  const elsewhere = engine.stream(guest, BUDGET, 'cloud');
  running.push(elsewhere);
  for (const raw of [1, 2, 3]) expect(stream.filterValue(raw)).toBe(raw);
  expect(faultOf(() => stream.filterValue(4))).toMatch(/without a pause and could not be counted/);
  expect(faultOf(() => sibling.filterValue(1))).toMatch(/^Another stream of this node ended the thread/);
  expect(elsewhere.filterValue(7)).toBe(7);
  stream.stop();
  sibling.stop();
  const fresh = engine.stream(guest, BUDGET, 'fog');
  running.push(fresh);
  expect(fresh.filterValue(5)).toBe(5);
});

test('memory does not grow beyond what a node has, else a guest here does what no board can', async () => {
  const guest = await loaded('simd-grows');
  const { loop, slice } = recorded(engine, guest);
  running.push(loop);
  await slice();
  await slice(1);
  expect(await slice()).toMatchObject({ kind: 'sensor' });
  expect(loop.memory().declaredBytes).toBe(65_536);
  const stream = engine.stream(guest, BUDGET, 'grown');
  running.push(stream);
  expect(stream.detectAnomaly(1)).toBe(-1);
  expect(stream.memory().declaredBytes).toBe(65_536);
});

test('what a guest throws is said in words, and a rule it broke stays broken though it caught what the host threw', async () => {
  const uncaught = recorded(engine, await loaded('exception-uncaught'));
  const swallows = recorded(engine, await loaded('exception-swallows'));
  running.push(uncaught.loop, swallows.loop);
  await uncaught.slice();
  expect(await uncaught.slice()).toMatchObject({ fault: { reason: 'The guest threw an exception that it did not catch.' } });
  expect(await swallows.slice()).toMatchObject({ kind: 'fault', fault: { kind: 'pointer' } });
  const stream = engine.stream(await loaded('exception-swallows'), BUDGET, 'swallows');
  running.push(stream);
  expect(faultOf(() => stream.detectAnomaly(1))).toMatch(/outside the guest's memory of 65536 bytes/);
});

test('a thread that ends without a word faults its guest, metered or not, else the simulation hangs', async () => {
  const dying = await engineOn(() => nodeGuestThreads('./node-dying-thread.ts'));
  const metered = await loadGuest('field.wasm', await foreignGuest(), guestLimits);
  if (!metered.ok) throw new Error(metered.reason);
  const word = /ended without a word/;
  for (const guest of [metered.guest, await loaded('simd')]) {
    expect(await recorded(dying, guest).slice()).toMatchObject({ kind: 'fault', fault: { reason: expect.stringMatching(word) as string } });
  }
  const guest = await loaded('simd');
  expect(faultOf(() => dying.stream(guest, BUDGET))).toMatch(word);
});

/** Threads that were made and are never heard of. */
const deaf: GuestThreads = { nowMs: () => 0, open: () => ({ terminate: () => undefined }) };

test('a thread that never comes up is given up', async () => {
  const silent = await engineOn(() => Promise.resolve(deaf), { sliceMs: 10, silenceMs: 10 });
  expect(await recorded(silent, await loaded('simd')).slice()).toHaveProperty('fault.reason', expect.stringMatching(/did not come up/));
});

test('threads are counted: the one too many is refused with a sentence, and one that stops makes room', async () => {
  const crowded = await engineOn(() => Promise.resolve(deaf));
  const guest = await loaded('tail-call');
  const begin = (): LoopGuest => recorded(crowded, guest).loop;
  const [first] = Array.from({ length: 34 }, begin);
  expect(faultOf(begin)).toMatch(/no thread left for tail-call\.wasm: 34 guests/);
  first.stop();
  first.stop();
  begin();
  expect(faultOf(begin)).toMatch(/no thread left/);
});

test('memory that a metered guest got by growing is shown where its loop blocks a thread, as elsewhere', async () => {
  const bytes = inline(`(import "env" "delay_ms" (func $delay_ms (param i32))) (memory (export "memory") 1)
    (func (export "main") (call $delay_ms (i32.const 1)) (drop (memory.grow (i32.const 1))) (call $delay_ms (i32.const 1)))`);
  const grows = await loadGuest('grows.wasm', bytes, guestLimits);
  if (!grows.ok) throw new Error(grows.reason);
  const { loop, slice } = recorded(engine, grows.guest);
  running.push(loop);
  await slice();
  expect(loop.memory()).toEqual({ declaredBytes: 65_536, usedBytes: 65_536 });
  await slice();
  expect(loop.memory()).toEqual({ declaredBytes: 131_072, usedBytes: 131_072 });
  expect(loop.retired()).toBeGreaterThan(0);
});
