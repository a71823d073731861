/** The WASI builds answer lines as the native twin would, however the lines arrive. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtModule, wasiNames, type BuiltName } from '../../tests/guests/built.ts';
import { configDefaults, Verdict } from './abi.gen.ts';
import { createNativeStream } from './native.ts';

const malformed = '{"error":"expected raw or raw,dry,wet,threshold as 32-bit integers"}';
const overlong = '{"error":"line longer than 63 bytes"}';
const integer = /^-?[0-9]+$/;

/** What the modules must write for an input, by regular expressions and the native twin. */
function expectedOutput(input: string): string {
  const stream = createNativeStream();
  const lines = input.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${answer(stream, line)}\n`).join('');
}

function answer(stream: ReturnType<typeof createNativeStream>, line: string): string {
  if (new TextEncoder().encode(line).length > 63) return overlong;
  const fields = line.replace(/\r$/, '').split(',');
  const numbers = fields.map(Number);
  const inRange = numbers.every((value) => value === (value | 0));
  const valid = inRange && fields.every((field) => integer.test(field));
  if (!valid || (fields.length !== 1 && fields.length !== 4)) return malformed;
  const { dry, wet, threshold } = configDefaults;
  const [raw = 0, ...calibration] = numbers;
  const [d = dry, w = wet, t = threshold] = calibration;
  const verdict = stream.process(raw, d, w, t);
  const ema = stream.filterValue(raw);
  const hundredths = Math.trunc(Math.abs(ema) * 100 + 0.5);
  const sign = ema < 0 && hundredths > 0 ? '-' : '';
  const decimals = String(hundredths % 100).padStart(2, '0');
  return (
    `{"raw":${raw},"pct":${verdict & Verdict.percentMask},"irrigar":${verdict >> 8},` +
    `"ema":${sign}${Math.trunc(hundredths / 100)}.${decimals},"anomaly":${stream.detectAnomaly(raw)}}`
  );
}

/** Runs a module on files under Node's own WASI. */
function runUnderNode(name: BuiltName, input: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-'));
  writeFileSync(join(folder, 'in'), input);
  const stdin = openSync(join(folder, 'in'), 'r');
  const stdout = openSync(join(folder, 'out'), 'w');
  try {
    const wasi = new WASI({ version: 'preview1', stdin, stdout });
    const imports = wasi.getImportObject() as WebAssembly.Imports;
    const instance = new WebAssembly.Instance(builtModule(name), imports);
    expect(wasi.start(instance)).toBe(0);
    return readFileSync(join(folder, 'out'), 'utf8');
  } finally {
    closeSync(stdin);
    closeSync(stdout);
    rmSync(folder, { recursive: true });
  }
}

class Exit extends Error {}

/** Runs a module on a host that hands out and takes in as few bytes as the given sizes say. */
function runInPieces(name: BuiltName, input: string, sizes: readonly number[], readStatus = 0): string {
  const source = new TextEncoder().encode(input);
  const written: number[] = [];
  let offset = 0;
  let turn = 0;
  const nextSize = () => sizes[turn++ % sizes.length] ?? 1;
  const slice = (pointer: number) => {
    const view = new DataView(memory.buffer);
    return { at: view.getUint32(pointer, true), length: view.getUint32(pointer + 4, true) };
  };
  const exports = new WebAssembly.Instance(builtModule(name), {
    wasi_snapshot_preview1: {
      fd_read: (_fd: number, slices: number, _count: number, moved: number) => {
        const { at, length } = slice(slices);
        const piece = source.subarray(offset, offset + Math.min(length, nextSize()));
        new Uint8Array(memory.buffer).set(piece, at);
        new DataView(memory.buffer).setUint32(moved, piece.length, true);
        offset += piece.length;
        return readStatus;
      },
      fd_write: (_fd: number, slices: number, _count: number, moved: number) => {
        const { at, length } = slice(slices);
        const taken = Math.min(length, nextSize());
        written.push(...new Uint8Array(memory.buffer, at, taken));
        new DataView(memory.buffer).setUint32(moved, taken, true);
        return 0;
      },
      proc_exit: (code: number) => {
        throw new Exit(String(code));
      },
    },
  }).exports as unknown as { memory: WebAssembly.Memory; _start(): void };
  const { memory } = exports;
  exports._start();
  return new TextDecoder().decode(new Uint8Array(written));
}

const field = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1000, max: 3000 }).map(String) },
  { weight: 2, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('', '-', '+1', ' 1', '007', '-0', '1.5', 'x', '\0', '1\0', 'é') },
  { weight: 1, arbitrary: fc.constantFrom('2147483647', '2147483648', '-2147483649', '9'.repeat(30)) },
);
const line = fc.oneof(
  { weight: 3, arbitrary: field },
  { weight: 3, arbitrary: fc.array(field, { minLength: 4, maxLength: 4 }).map((fields) => fields.join(',')) },
  { weight: 1, arbitrary: fc.array(field, { maxLength: 6 }).map((fields) => fields.join(',')) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 600 }).map((length) => '1'.repeat(length)) },
);
const input = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 30 })
  .chain((lines) => fc.constantFrom('', '\n').map((end) => lines.flat().slice(0, -1).join('') + end));

describe.each(wasiNames)('%s', (name) => {
  test('answers a file under a real WASI as documented, else scripts cannot parse it', () => {
    const lines = ['1830\r', '1835,3000,1000,1900', '', 'abc', '-1', '4095', '2147483648', '1,2'];
    const text = [...lines, '1'.repeat(70), '1840'].join('\n');
    const output = runUnderNode(name, text);
    expect(output).toBe(expectedOutput(text));
    expect(output.split('\n').slice(0, 4)).toEqual([
      '{"raw":1830,"pct":52,"irrigar":1,"ema":1830.00,"anomaly":0}',
      '{"raw":1835,"pct":59,"irrigar":0,"ema":1831.00,"anomaly":0}',
      malformed,
      malformed,
    ]);
  });

  test('answers any lines in any pieces, else a pipe that splits a line corrupts a reading', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(input, sizes, (text, pieces) => {
        expect(runInPieces(name, text, pieces)).toBe(expectedOutput(text));
      }),
      { numRuns: 300 },
    );
  });

  test('writes nothing for no input', () => {
    expect(runUnderNode(name, '')).toBe('');
  });

  test('exits with 1 when input fails or output is stuck, else it would spin for ever', () => {
    expect(() => runInPieces(name, '1830\n', [9], 8)).toThrow(new Exit('1'));
    expect(() => runInPieces(name, '1830\n', [9, 0])).toThrow(new Exit('1'));
  });
});
