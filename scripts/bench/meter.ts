/** What counting and the window cost a guest that computes, and what the transform itself takes, in Chromium. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build, type Rollup } from 'vite';
import { chromiumArgs, findChromium } from '../setup/chromium.mjs';
import type { KernelTimes } from './meter/in-page.ts';
import { quantile, round } from './statistics.ts';

const REPEATS = 31;
const file = (name: string) => fileURLToPath(new URL(`./meter/${name}`, import.meta.url));

declare global {
  interface Window {
    meterBench: typeof import('./meter/in-page.ts');
  }
}

async function bundle(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: file('in-page.ts'), formats: ['iife'], name: 'meterBench' },
    },
  })) as Rollup.RollupOutput[];
  return output[0].output[0].code;
}

/** Ratios of each repeat, all kernels together: each fills the same time when it runs as it is. */
function ratios(kernels: KernelTimes[]): number[] {
  return kernels[0]!.originalMs.map((_, repeat) => {
    const logs = kernels.map(({ originalMs, transformedMs }) => Math.log(transformedMs[repeat]! / originalMs[repeat]!));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  });
}

export async function benchMeter() {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found. Type: npx playwright install chromium');
  const browser = await chromium.launch({ executablePath: executablePath ?? undefined, args: chromiumArgs });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
    const bytes = [...readFileSync(file('kernels.wasm'))];
    const { kernels, transformMs } = await page.evaluate(
      ([module, repeats]) => {
        const wasm = Uint8Array.from(module);
        return {
          kernels: window.meterBench.timeKernels(wasm, repeats),
          transformMs: window.meterBench.timeTransform(wasm, repeats),
        };
      },
      [bytes, REPEATS] as const,
    );
    const all = ratios(kernels);
    return {
      /** Transformed to original time, geometric mean of the kernels, median of the repeats; then the quartiles. */
      overheadRatio: round(quantile(all, 0.5), 3),
      overheadRatioP25: round(quantile(all, 0.25), 3),
      overheadRatioP75: round(quantile(all, 0.75), 3),
      transformMsPer100Kb: round(quantile(transformMs, 0.5), 2),
      /** Before the engine has optimised it. */
      transformFirstMsPer100Kb: round(transformMs[0]!, 2),
      kernels: Object.fromEntries(kernels.map((one) => [one.kernel, round(quantile(ratios([one]), 0.5), 3)])),
    };
  } finally {
    await browser.close();
  }
}
