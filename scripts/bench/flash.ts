/**
 * How near installing comes to what the wire allows, in headless Chromium, on a virtual board whose line is paced at 921600
 * baud with 1 ms of USB latency each way and whose flash takes the time of a real one; and the same for plain esptool-js.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build, type Rollup } from 'vite';
import { chromiumArgs, findChromium } from '../setup/chromium.mjs';
import { quantile, round } from './statistics.ts';

const repeats = 3;

declare global {
  interface Window {
    flashBench: typeof import('./flash/in-page.ts');
  }
}

async function bundle(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('./flash/in-page.ts', import.meta.url)), formats: ['iife'], name: 'flashBench' },
    },
  })) as Rollup.RollupOutput[];
  return output[0]!.output[0].code;
}

export async function benchFlash() {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found. Type: npx playwright install chromium');
  const browser = await chromium.launch({ executablePath: executablePath ?? undefined, args: chromiumArgs });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
    const size = await page.evaluate(() => window.flashBench.imageSize());
    const ours = [];
    const plain = [];
    // By turns, so that what else the machine does hits both.
    for (let seed = 1; seed <= repeats; seed++) {
      ours.push(await page.evaluate((it) => window.flashBench.timeFlasher(it), seed));
      plain.push(await page.evaluate((it) => window.flashBench.timeEsptoolJs(it), seed));
    }
    const median = (times: { installMs: number; connectMs: number }[], field: 'installMs' | 'connectMs') =>
      quantile(times.map((time) => time[field]), 0.5);
    return {
      /** Ideal over measured time of installing: from the connection to the verified image. Medians of the repeats. */
      efficiency: round(size.idealMs / median(ours, 'installMs'), 3),
      efficiencyEsptoolJs: round(size.idealMs / median(plain, 'installMs'), 3),
      installMs: round(median(ours, 'installMs')),
      installMsEsptoolJs: round(median(plain, 'installMs')),
      idealMs: round(size.idealMs),
      connectMs: round(median(ours, 'connectMs')),
      connectMsEsptoolJs: round(median(plain, 'connectMs')),
      imageBytes: size.imageBytes,
      compressedBytes: size.compressedBytes,
      baud: 921_600,
      repeats,
      runsIn: 'headless Chromium',
    };
  } finally {
    await browser.close();
  }
}
