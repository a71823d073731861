/** The connection to a real broker: in need of Mosquitto. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/link/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
  },
});
