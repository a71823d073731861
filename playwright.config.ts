import { defineConfig } from '@playwright/test';
import { chromiumArgs, findChromium } from './scripts/setup/chromium.mjs';

const port = 4321;
const executablePath = (await findChromium()) ?? undefined;

/** Against the built page: `npm run build` first. */
export default defineConfig({
  testDir: 'tests/browser',
  workers: 1,
  timeout: 60_000,
  forbidOnly: process.env.CI === 'true',
  use: {
    baseURL: `http://localhost:${port}`,
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args: chromiumArgs },
  },
  webServer: {
    command: `npx vite preview --host localhost --port ${port} --strictPort`,
    port,
    reuseExistingServer: false,
  },
});
