/** The firmware, built for this machine, beside the browser's host: needs a C compiler and WAMR, so a step of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/firmware/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    // The first build fetches and compiles WAMR.
    hookTimeout: 600_000,
  },
});
