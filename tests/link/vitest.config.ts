/** The connection to a real broker: in need of Mosquitto. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/link/**/*.test.ts'],
    environment: 'node',
    // Most of the time goes into waits: for a broker that dies, and one that comes back.
    maxWorkers: 4,
    testTimeout: 30_000,
  },
});
