/** The virtual board under Espressif's own client: needs Python and installs esptool once, so a step of its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/esptool/**/*.test.ts'],
    globalSetup: ['tests/esptool/install.ts'],
    environment: 'node',
    // Most of the time goes into the client's waits.
    maxConcurrency: 6,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
