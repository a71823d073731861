import { expect, it } from 'vitest';
import { wasmFileProblem } from './wasm-file.ts';

const file = (...bytes: number[]) => new File([new Uint8Array(bytes)], 'guest.wasm');

it('lets a module through', async () => {
  expect(await wasmFileProblem(file(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBeNull();
});

it('turns other files away before the node is restarted for nothing', async () => {
  expect(await wasmFileProblem(file(0x7f, 0x45, 0x4c, 0x46, 1, 0, 0, 0))).toMatch(/not a WebAssembly module/);
  expect(await wasmFileProblem(file())).toMatch(/not a WebAssembly module/);
  expect(await wasmFileProblem(file(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0))).toMatch(/component/);
});
