/** The page of this folder in Chromium, served by the project's own Vite with the headers that shared memory needs. */
import { chromium, type Browser, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { createServer, type ViteDevServer } from 'vite';
import { servedWasmer } from '../../scripts/setup/served-wasmer.ts';

const system = '/usr/bin/chromium';

function program(): string | null {
  const bundled = chromium.executablePath();
  if (existsSync(bundled)) return bundled;
  return existsSync(system) ? system : null;
}

/** What is missing, as a sentence; null when the page can be opened. */
export function missingForPage(): string | null {
  return program() === null ? 'missing: Chromium. Run `npx playwright install chromium`.' : null;
}

export class IsolationPage {
  readonly #server: ViteDevServer;
  readonly #browser: Browser;
  readonly page: Page;

  private constructor(server: ViteDevServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  static async open(): Promise<IsolationPage> {
    const root = new URL('../..', import.meta.url).pathname;
    const server = await createServer({
      root,
      logLevel: 'error',
      plugins: [servedWasmer()],
      server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
      optimizeDeps: { exclude: ['@wasmer/sdk'] },
      cacheDir: new URL('../../node_modules/.vite-isolation', import.meta.url).pathname,
    });
    await server.listen();
    const address = server.httpServer?.address();
    if (address === null || typeof address !== 'object') throw new Error('The server has no port.');
    const browser = await chromium.launch({ executablePath: program() ?? undefined, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'] });
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`The page: ${error.message}`));
    await page.goto(`http://127.0.0.1:${address.port}/tests/isolation/page/index.html`);
    await page.waitForFunction(() => 'runAll' in window);
    return new IsolationPage(server, browser, page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
