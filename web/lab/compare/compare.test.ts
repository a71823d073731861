/** What the page of guests says of two modules: a wrong word there is a wrong conclusion about a language or a compiler. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemble as assembleText } from '../../guest/wasm/testing/assemble.ts';
import { assemble } from '../../../tests/guests/assemble.ts';
import { builtBytes } from '../../../tests/guests/built.ts';
import { BrowserRuntime } from '../runtimes/browser-runtime.ts';
import { hostCallModule } from '../runtimes/host-call-module.ts';
import { NativeRuntime } from '../runtimes/native-runtime.ts';
import type { LabRuntime } from '../runtimes/runtime.ts';
import { TransformedRuntime } from '../runtimes/transformed-runtime.ts';
import { wasiRefusal } from '../runtimes/wasi-imports.ts';
import { compareBehaviour } from './behaviour.ts';
import { measureColdStarts } from './cold-starts.ts';
import type { ComparedModule } from './compare-port.ts';
import { disassemble, findLines } from './disassemble.ts';
import { inspect } from './inspect.ts';
import { tryModule } from './portability.ts';
import { runCost } from './run-cost.ts';
import { medianInterval, summarise } from './summary.ts';
import { measureTimes } from './times.ts';

const limits = { maxPages: 4, maxBytes: 1 << 20 };
const BUDGET = 1_000_000;
const runtimes = { transformed: new TransformedRuntime(limits, BUDGET), browser: new BrowserRuntime(limits), native: new NativeRuntime(limits) };
const compared = (name: string, bytes: Uint8Array): ComparedModule => ({ id: name, name, bytes, url: null, wasi: null });
const c = compared('C', builtBytes('irrigation-c'));
const rust = compared('Rust', builtBytes('irrigation-rust'));
const order = { inputs: 2000, steps: 200, seed: 20_266 };

test.each([c, rust])('sections of $name add up to the file, and functions to the code', ({ bytes }) => {
  const { sections, functions, sizeBytes, memory, stack } = inspect(bytes);
  expect(8 + sections.reduce((sum, section) => sum + section.sizeBytes, 0)).toBe(sizeBytes);
  const code = sections.find(({ name }) => name === 'code')!.sizeBytes;
  const bodies = functions.reduce((sum, each) => sum + each.sizeBytes, 0);
  // Before the bodies come the section's id, its length and their number.
  expect(code - bodies).toBeGreaterThanOrEqual(3);
  expect(code - bodies).toBeLessThanOrEqual(8);
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['main', 'process', 'filter_value', 'detect_anomaly']));
  expect(stack).toEqual({ lowest: 0, top: 4096 });
  expect(memory).toMatchObject({ initialBytes: 65_536, maxBytes: 65_536 });
});

test.each([c, rust])('each function of $name is found in its text', async ({ bytes }) => {
  const text = await disassemble(bytes);
  expect(text.functions).toHaveLength(inspect(bytes).functions.length);
  for (const { name, firstLine, lineCount } of text.functions) {
    expect(text.lines[firstLine], name).toContain(`(func $${name}`);
    expect(text.lines[firstLine + lineCount - 1]).toBe('  )');
  }
  const [found] = findLines(text, '(FUNC $process');
  expect(text.functions.find(({ name }) => name === 'process')?.firstLine).toBe(found);
});

test('C and Rust do the same, the native code too, with its seed', async () => {
  const report = await compareBehaviour([runtimes.transformed], c, rust, order, {});
  expect(report.calls.map(({ kind }) => kind), `seed ${order.seed}`).toEqual(['equal', 'equal', 'equal']);
  expect(report.loop, `seed ${order.seed}`).toMatchObject({ kind: 'equal', steps: order.steps, end: { kind: 'script' } });
  for (const other of [runtimes.native, runtimes.browser]) {
    const each: LabRuntime = {
      ...{ id: other.id, title: other.title, ready: () => other.ready() },
      admit: (name, bytes) => (name === 'C' ? runtimes.transformed : other).admit(name, bytes),
    };
    const across = await compareBehaviour([each], c, compared('beside', c.bytes), order, {});
    expect(across.runtimes).toEqual({ a: 'transformed', b: other.id });
    expect(across.calls.map(({ kind }) => kind), other.id).toEqual(['equal', 'equal', 'equal']);
    expect(across.loop.kind, other.id).toBe('equal');
  }
});

test('a module that differs in one place is caught at the first input that shows it', async () => {
  const wat = (limit: number) => `(import "env" "read_sensor" (func $read (param i32) (result i32))) (import "env" "delay_ms" (func $delay (param i32)))
    (import "env" "log_int" (func $log (param i32))) (memory (export "memory") 1)
    (func (export "filter_value") (param $raw i32) (result f32)
      (if (result f32) (i32.gt_s (local.get $raw) (i32.const ${limit})) (then (f32.const 1)) (else (f32.const 0))))
    (func (export "main") (result i32)
      (loop (call $log (i32.gt_s (call $read (i32.const 0)) (i32.const ${limit}))) (call $delay (i32.const 1000)) (br 0)) unreachable)`;
  const [a, b] = [compared('a', assembleText(wat(4095))), compared('b', assembleText(wat(4094)))];
  const { calls, loop } = await compareBehaviour([runtimes.transformed], a, b, order, {});
  expect(calls.find(({ of }) => of === 'filter_value')).toMatchObject({ kind: 'different', input: [4095], a: { value: 0 }, b: { value: 1 } });
  expect(calls.find(({ of }) => of === 'process')).toMatchObject({ kind: 'not-compared', reason: 'a and b export no `process`.' });
  expect(loop).toMatchObject({ kind: 'different', sensor: 4095, a: { name: 'log_int', values: [0] }, b: { name: 'log_int', values: [1] } });
});

test('what a call and a step cost is counted, and how deep the stack goes', async () => {
  const cost = await runCost(limits, BUDGET, c, order, {});
  expect(cost.instructions.map(({ of, counts }) => [of, counts.length])).toEqual([
    ['process', order.inputs],
    ['filter_value', order.inputs],
    ['detect_anomaly', order.inputs],
    ['step', order.steps - 1],
  ]);
  // Its text buffers lie there, so it is more than none and less than all.
  expect(cost.stackReachedIn).toBe('main');
  expect(cost.stackReachedBytes).toBeGreaterThan(16);
  expect(cost.stackReachedBytes).toBeLessThan(4096);
});

test('a stack that is reserved or written shows to the byte', async () => {
  const wat = (body: string) => `(import "env" "log_int" (func $log (param i32))) (memory (export "memory") 1) (global $sp (mut i32) (i32.const 1024))
    (func (export "detect_anomaly") (param i32) (result i32) ${body} (i32.const 0))`;
  const written = await runCost(limits, BUDGET, compared('w', assembleText(wat('(i32.store8 (i32.const 1001) (i32.const 7))'))), order, {});
  expect(written).toMatchObject({ stackReachedBytes: 23, stackReachedIn: 'detect_anomaly' });
  const reserve = '(global.set $sp (i32.const 960)) (call $log (i32.const 1)) (global.set $sp (i32.const 1024))';
  expect(await runCost(limits, BUDGET, compared('r', assembleText(wat(reserve))), order, {})).toMatchObject({ stackReachedBytes: 64 });
});

test('where a module runs is found by trying, and why not is a sentence', async () => {
  expect(await tryModule(runtimes.browser, 'C', c.bytes)).toMatchObject({ kind: 'runs' });
  expect(await tryModule(runtimes.native, 'C', c.bytes)).toMatchObject({ kind: 'runs' });
  const endless = await assemble('endless-loop');
  expect(await tryModule(runtimes.transformed, 'endless', endless)).toMatchObject({ kind: 'faulted', reason: expect.stringContaining('without a pause') as string });
  const unknown = await assemble('unknown-import');
  expect(await tryModule(runtimes.browser, 'unknown', unknown)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('launch_missiles') as string });
  expect(await tryModule(runtimes.native, 'endless', endless)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('irrigation guest alone') as string });
});

test('what Wasmer could not instantiate is refused before it gets it, else its workers were lost', () => {
  expect(wasiRefusal(builtBytes('irrigation-c-wasi'))).toBeNull();
  expect(wasiRefusal(builtBytes('irrigation-rust-wasi'))).toBeNull();
  expect(wasiRefusal(c.bytes)).toContain('takes no functions of the page');
  const program = (type: string, name: string) => assembleText(`(import "wasi_snapshot_preview1" "${name}" (func ${type})) (memory (export "memory") 1) (func (export "_start"))`);
  expect(wasiRefusal(program('', 'launch'))).toContain('does not have');
  expect(wasiRefusal(program('(param i64)', 'fd_read'))).toContain('but WASI offers');
  expect(wasiRefusal(program('(result i32)', 'sched_yield'))).toBeNull();
});

test('a board and the page measure host calls by the same module', () => {
  const text = readFileSync(new URL('../../../firmware/components/guest_host/src/bench_loop.wat', import.meta.url), 'utf8');
  expect(hostCallModule).toEqual(assembleText(text.slice(text.indexOf('(module'))));
});

test('times come with every batch they were made of, and turns are equal', async () => {
  const told: number[] = [];
  const ids = [runtimes.browser, runtimes.transformed, runtimes.native];
  const report = await measureTimes(ids, [c, rust], { runtimes: ids.map(({ id }) => id), batches: 6, batchMs: 0.2, seed: 1 }, { told: ({ share }) => told.push(share) });
  const named = report.series.map(({ quantity, runtime, module }) => `${quantity} ${runtime} ${module}`);
  for (const quantity of ['process', 'filter_value', 'detect_anomaly', 'step']) {
    for (const runtime of ['browser', 'transformed']) expect(named).toEqual(expect.arrayContaining([`${quantity} ${runtime} C`, `${quantity} ${runtime} Rust`]));
    expect(named).toContain(`${quantity} native null`);
  }
  expect(named).toEqual(expect.arrayContaining(['host-call browser null', 'host-call transformed null']));
  for (const { batchUs, summary } of report.series) expect([batchUs.length, summary.n]).toEqual([6, 6]);
  expect(report.ratios).toHaveLength(8);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('an abort ends the measurement', async () => {
  const abort = new AbortController();
  const measuring = measureTimes([runtimes.browser], [c], { runtimes: ['browser'], batches: 1_000_000, batchMs: 1, seed: 1 }, { signal: abort.signal, told: () => abort.abort(new Error('enough')) });
  await expect(measuring).rejects.toThrow('enough');
});

test('a cold start has the parts that its runtime has', async () => {
  const { series, gaps } = await measureColdStarts([runtimes.browser, runtimes.transformed, runtimes.native], [c, rust], { runtimes: [], repeats: 2 }, {});
  expect(gaps).toEqual([]);
  expect(series.map(({ runtime, module }) => [runtime, module])).toEqual([['browser', 'C'], ['browser', 'Rust'], ['transformed', 'C'], ['transformed', 'Rust'], ['native', null]]);
  const [browser, , transformed] = series;
  expect([browser!.parts.transformMs, browser!.parts.compileMs?.n, transformed!.parts.transformMs?.n]).toEqual([null, 2, 2]);
});

test('the interval of a median covers it as often as it says', () => {
  // Worked out by hand: of 10 values the median lies outside the 2nd and 9th with 2 * 11 / 1024.
  expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ low: 2, high: 9 });
  expect(medianInterval([1, 2, 3, 4, 5, 6])).toEqual({ low: 1, high: 6 });
  expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
  expect(summarise([1, 1, 1, 1, 1, 50]).outliers).toEqual([{ index: 5, value: 50 }]);
});
