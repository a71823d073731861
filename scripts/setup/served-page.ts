/** The built page on a loopback port, with a browser to look at it. */
import { chromium, type Browser } from '@playwright/test';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { chromiumArgs, findChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ServedPage {
  browser: Browser;
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

/** Builds first unless `reuse` and dist/ is there. Throws with what to type when there is no browser. */
export async function servePage({ reuse }: { reuse: boolean }): Promise<ServedPage> {
  if (!reuse || !existsSync(`${root}/dist/index.html`)) await build({ root, logLevel: 'error' });
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium was found. Type: npx playwright install chromium');
  }
  const server = await preview({ root, logLevel: 'error', preview: { host: 'localhost', port: 4400 } });
  const browser = await chromium.launch({ executablePath: executablePath ?? undefined, args: chromiumArgs });
  return {
    browser,
    url: server.resolvedUrls?.local[0] ?? '',
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
