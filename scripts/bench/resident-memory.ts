/** How much memory the browser's largest page really has, MB of 10^6 bytes; NaN where the system does not tell. */
import type { Browser } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';

export async function residentMb(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const resident = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => `/proc/${id}/status`)
    .filter((path) => existsSync(path))
    .map((path) => (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? NaN) * 1024) / 1e6);
  return resident.length > 0 ? Math.round(Math.max(...resident)) : NaN;
}
