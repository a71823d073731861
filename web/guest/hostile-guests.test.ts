/** The hostile guests are what their names say; a harmless one would prove nothing of the host's guards. */
import { expect, test } from 'vitest';
import { assemble, foreignGuest, hostileGuests } from '../../tests/guests/assemble.ts';
import { instantiate, type GuestFunctions } from '../../tests/guests/built.ts';
import { hostImports } from './abi.gen.ts';

class Stop extends Error {}

async function compile(name: (typeof hostileGuests)[number]): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await assemble(name));
}

/** An instance that records its calls by name and arguments and is stopped at its n-th delay. */
function recorded(module: WebAssembly.Module, delays: number) {
  const calls: [string, ...number[]][] = [];
  let left = delays;
  const record = (name: string) => (...values: number[]) => {
    calls.push([name, ...values]);
    if (name === 'delay_ms' && --left === 0) throw new Stop();
    return 0;
  };
  const names = WebAssembly.Module.imports(module).map((entry) => entry.name);
  const guest = instantiate(module, Object.fromEntries(names.map((name) => [name, record(name)])));
  return { calls, guest };
}

const textAt = ({ memory }: GuestFunctions, pointer: number) => {
  const bytes = new Uint8Array(memory.buffer);
  return new TextDecoder().decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
};

test.each(hostileGuests)('%s is a valid module and asks for env functions only', async (name) => {
  const imports = WebAssembly.Module.imports(await compile(name));
  const unknown = imports.filter((entry) => !(entry.name in hostImports)).map((entry) => entry.name);
  expect(unknown).toEqual(name === 'unknown-import' ? ['launch_missiles'] : []);
});

test.each(['out-of-bounds', 'trap'] as const)('%s traps, after one proper cycle', async (name) => {
  const { calls, guest } = recorded(await compile(name), Infinity);
  expect(() => guest.main()).toThrow(WebAssembly.RuntimeError);
  expect(calls.map(([call]) => call)).toEqual(['read_sensor', 'delay_ms']);
});

test('deep-recursion overflows the stack', async () => {
  const { guest } = recorded(await compile('deep-recursion'), Infinity);
  expect(() => guest.main()).toThrow(RangeError);
});

test('bad-pointer points outside its memory in three ways', async () => {
  const { calls, guest } = recorded(await compile('bad-pointer'), Infinity);
  guest.main();
  guest.process(0, 0, 0, 0);
  guest.detect_anomaly(0);
  expect(calls.slice(2)).toEqual([
    ['wasm_log', 65536],
    ['mqtt_publish', 16, 1000000],
    ['mqtt_publish', -1, 16],
  ]);
});

test('unterminated-string leaves no NUL behind its pointer', async () => {
  const { calls, guest } = recorded(await compile('unterminated-string'), Infinity);
  guest.main();
  expect(calls.at(-1)).toEqual(['wasm_log', 1024]);
  expect(new Uint8Array(guest.memory.buffer).indexOf(0, 1024)).toBe(-1);
});

test('flood publishes a thousand messages a cycle, foreign-topic under another name', async () => {
  const flood = recorded(await compile('flood'), 2);
  expect(() => flood.guest.main()).toThrow(Stop);
  expect(flood.calls.filter(([call]) => call === 'mqtt_publish')).toHaveLength(2000);
  const foreign = recorded(await compile('foreign-topic'), 1);
  expect(() => foreign.guest.main()).toThrow(Stop);
  expect(textAt(foreign.guest, foreign.calls[1]?.[1] ?? 0)).toBe('ic/other/data');
});

test('forbidden-pin drives pin 5', async () => {
  const { calls, guest } = recorded(await compile('forbidden-pin'), 1);
  expect(() => guest.main()).toThrow(Stop);
  expect(calls).toContainEqual(['set_output', 5, 1]);
});

test('the foreign guest has the shape that boards in the field run', async () => {
  const module = await WebAssembly.compile(await foreignGuest());
  const { calls, guest } = recorded(module, 1);
  const main = guest.main as unknown as (argc: number, argv: number) => number;
  expect(main.length).toBe(2);
  expect(guest).toHaveProperty('__main_void');
  expect(guest.memory.buffer.byteLength).toBe(2 * 65536);
  expect(() => main(0, 0)).toThrow(Stop);
  const [, topic = 0, payload = 0] = calls.find(([call]) => call === 'mqtt_publish') ?? [''];
  expect(textAt(guest, topic)).toBe('data');
  expect(textAt(guest, payload)).toMatch(/^\{"umidade":0,"seco":0,"pct":\d+\}$/);
});
