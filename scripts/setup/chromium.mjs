/** Finds a Chromium to test with. */
import { existsSync } from 'node:fs';

/** Path of an installed browser; null to let Playwright use its own, undefined when there is none. */
export async function findChromium() {
  const known = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  const installed = known.find((path) => path && existsSync(path));
  if (installed) return installed;
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? null : undefined;
}

/** Quiet and without a network of its own; the sandbox needs a user that is not root. */
export const chromiumArgs = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
