/**
 * `npm run screenshot`: writes docs/screenshot.png for the README.
 * `-- --all DIR [--hash HASH]`: every size and colour scheme instead, into DIR.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { servePage } from './setup/served-page.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
] as const;
const schemes = ['light', 'dark'] as const;
/** Long enough for the chart to have something to show. */
const WATCH_MS = 12_000;

const folder = option('all');
const views = folder
  ? sizes.flatMap(([width, height]) =>
      schemes.map((scheme) => ({ width, height, scheme, path: `${folder}/${width}x${height}-${scheme}.png` })),
    )
  : [{ width: 1440, height: 900, scheme: 'light' as const, path: fileURLToPath(new URL('../docs/screenshot.png', import.meta.url)) }];

if (folder) await mkdir(folder, { recursive: true });
const { browser, url, close } = await servePage({ reuse: process.argv.includes('--no-build') });
try {
  for (const { width, height, scheme, path } of views) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(`${url}#${option('hash') ?? 'speed=300'}`);
    await page.waitForTimeout(WATCH_MS);
    await page.screenshot({ path, fullPage: width < 900 });
    console.log(path);
    await page.close();
  }
} finally {
  await close();
}
