/** What hand-picked corners miss: random accesses and random pieces of control flow, all against the original. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { runOriginal, runWindowed, type Run } from './testing/differential.ts';
import { transformModule } from './transform.ts';

// Each run compiles modules: on a busy machine that is seconds.
vi.setConfig({ testTimeout: 60_000 });

const near = (edges: number[], spread: number) =>
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -spread, max: spread }))
    .map(([edge, delta]) => (edge + delta + 2 ** 32) % 2 ** 32);
const address = fc.oneof(near([0, 65_536, 131_072, 2 ** 31], 20), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const offset = fc.oneof(near([0, 65_536, 131_072, 2 ** 31], 20), fc.integer({ min: 0, max: 70_000 }));
const widths = { i32: ['8', '16', ''], i64: ['8', '16', '32', ''] } as const;
const access = fc
  .constantFrom('i32' as const, 'i64' as const)
  .chain((type) =>
    fc.record({
      type: fc.constant(type),
      width: fc.constantFrom(...widths[type]),
      address,
      offset,
      value: fc.bigInt(0n, 2n ** 64n - 1n),
    }),
  );

test.each([false, true])('random (address, offset, width) triples agree; the memory grows: %s', (grows) => {
  fc.assert(
    fc.property(fc.array(access, { minLength: 1, maxLength: 12 }), (accesses) => {
      const functions = accesses.map(
        ({ type, width, offset: at }, index) => `
          (func (export "store${index}") (param i32 ${type}) (${type}.store${width} offset=${at} (local.get 0) (local.get 1)))
          (func (export "load${index}") (param i32) (result ${type})
            (${type}.load${width}${width === '' ? '' : '_s'} offset=${at} (local.get 0)))`,
      );
      const grow = '(func (export "grow") (result i32) (memory.grow (i32.const 1)))';
      const bytes = assemble(`(memory (export "memory") 1 2) ${functions.join('')} ${grows ? grow : ''}`);
      const original = runOriginal(bytes);
      const windowed = runWindowed(bytes);
      const both = (step: (run: Run) => unknown) => expect(step(windowed)).toEqual(step(original));
      accesses.forEach(({ type, address: at, value }, index) => {
        if (grows && index === accesses.length >> 1) both((run) => run.call('grow'));
        const stored = type === 'i64' ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
        both((run) => run.call(`store${index}`, at | 0, stored));
        both((run) => run.call(`load${index}`, at | 0));
      });
      expect(Buffer.compare(windowed.memory(), original.memory())).toBe(0);
      expect(windowed.guardsIntact()).toBe(true);
    }),
    { numRuns: 150 },
  );
});

const range = fc.record({
  name: fc.constantFrom('fill', 'copy', 'init'),
  target: near([0, 65_536, 2 ** 32 - 1], 12),
  source: near([0, 8, 65_536, 2 ** 32 - 1], 12),
  length: fc.oneof(fc.integer({ min: 0, max: 20 }), near([65_536, 2 ** 32 - 1], 12)),
});

test('random bulk ranges agree', () => {
  const bytes = assemble(`(memory (export "memory") 1 1) (data "12345678") (data (i32.const 65530) "ending")
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init") (param i32 i32 i32) (memory.init 0 (local.get 0) (local.get 1) (local.get 2)))`);
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 20 }), (ranges) => {
      const original = runOriginal(bytes);
      const windowed = runWindowed(bytes);
      for (const { name, target, source, length } of ranges) {
        const values = [target | 0, source | 0, length | 0];
        expect(windowed.call(name, ...values)).toEqual(original.call(name, ...values));
      }
      expect(Buffer.compare(windowed.memory(), original.memory())).toBe(0);
      expect(windowed.guardsIntact()).toBe(true);
    }),
    { numRuns: 100 },
  );
});

/** A statement with `depth` labels around it; local 0 is the input, local 1 a trace of what ran. */
const { statement } = fc.letrec<{ statement: string }>((tie) => {
  const list = fc.array(tie('statement'), { maxLength: 3 }).map((statements) => statements.join(' '));
  const condition = fc
    .integer({ min: 1, max: 7 })
    .map((mask) => `(i32.and (local.get 0) (i32.const ${mask}))`);
  const mark = fc
    .integer({ min: 0, max: 99 })
    .map((value) => `(local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 31)) (i32.const ${value})))`);
  const label = fc.integer({ min: 0, max: 2 });
  // Two blocks around every branch give it labels to aim at, whatever it stands in.
  const wrapped = (text: string) => `(block (block ${text}))`;
  return {
    statement: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      mark,
      fc.tuple(label, condition).map(([depth, when]) => wrapped(`(br_if ${depth} ${when})`)),
      label.map((depth) => wrapped(`(br ${depth})`)),
      fc
        .tuple(list, list, label, label, condition)
        .map(([a, b, first, second, when]) => wrapped(`${a} (br_table ${first} ${second} 0 ${when}) ${b}`)),
      fc.tuple(condition, list, list).map(([when, a, b]) => `(if ${when} (then ${a}) (else ${b}))`),
      fc.tuple(condition, list).map(([when, a]) => `(if ${when} (then ${a}))`),
      list.map((inside) => `(block ${inside})`),
      list.map(
        (inside) =>
          `(loop ${inside} (local.set 0 (i32.shr_u (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))`,
      ),
      fc.constantFrom(
        '(return (local.get 1))',
        'unreachable',
        '(i32.store offset=65000 (local.get 0) (local.get 1))',
      ),
    ),
  };
});

test('random control flow takes the same path and leaves the same memory', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
      const bytes = assemble(`(memory (export "memory") 1 1)
        (func (export "go") (param i32) (result i32) (local i32)
          (block (block (block ${statements.join(' ')}))) (local.get 1))`);
      const original = runOriginal(bytes);
      const windowed = runWindowed(bytes);
      for (const input of [0, 1, 2, 5, 7, 600]) {
        // A branch to a loop may repeat for ever in both; a body that does is no example.
        const metered = windowed.call('go', input);
        fc.pre(metered.kind === 'value' || metered.why !== 'out of fuel');
        expect(metered).toEqual(original.call('go', input));
      }
      expect(Buffer.compare(windowed.memory(), original.memory())).toBe(0);
    }),
    { numRuns: 300 },
  );
});

const seeds = ['irrigation-c.wasm', 'irrigation-rust.wasm', 'irrigation-c-wasi.wasm'].map((file) =>
  Uint8Array.from(readFileSync(new URL(`../modules/${file}`, import.meta.url))),
);

test('a damaged module is refused or stays as valid as it was; nothing is thrown', () => {
  let stillValid = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (seed, changes, window) => {
        const bytes = seed.slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const result = transformModule(bytes, { window, ceilingPages: 16 });
        if (!WebAssembly.validate(bytes)) return;
        stillValid++;
        if (result.ok) new WebAssembly.Module(result.bytes);
        else expect(result.feature).not.toBe('invalid module');
      },
    ),
    { numRuns: 1500 },
  );
  expect(stillValid).toBeGreaterThan(50);
});
