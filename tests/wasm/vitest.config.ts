/** The transform of guests on random modules and against Wasmtime: slower than unit tests, and in need of tools. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/wasm/**/*.test.ts'],
    environment: 'node',
    testTimeout: 300_000,
  },
});
