/** Hostile guests on every runtime that can be had here: in Chromium, and on the firmware's host. A step of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/isolation/**/*.test.ts'],
    environment: 'node',
    // A run of all hostile guests takes minutes, and WAMR is built first.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
  },
});
