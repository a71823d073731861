/** A thousand disturbed installations on virtual boards: two minutes of computing, so a step of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/flash/**/*.test.ts'],
    environment: 'node',
    testTimeout: 600_000,
  },
});
