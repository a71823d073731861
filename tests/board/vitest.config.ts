/** The process that stands in for a board, at a real Mosquitto: needs a C compiler and libmosquitto, so a step of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/board/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    // The first of them builds WAMR and the firmware.
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
