/** Five million samples: written, looked at after a reload, and dragged through. On disk, as a user's browser has it. */
import type { Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumArgs, findChromium } from '../setup/chromium.mjs';
import type { ServedPage } from '../setup/served-page.ts';
import { quantile, round } from './statistics.ts';

const NODES = 100;
/** Times five quantities of a hundred nodes: five million samples, over eight hours. */
const STEPS = 10_000;
/** 100,000 samples. */
const STEPS_PER_BATCH = 200;
const OPENINGS = 5;
/** Between reaching a button and pressing it; a hand is slower as a rule. */
const AIM_MS = 200;
const PAN_MS = 3000;
const SETTLE_MS = 3000;

interface Fed {
  sent: number;
  journalMs: number;
  writeMs: number;
  usedBytes: number;
  problem: string | null;
}

declare global {
  interface Window {
    feedHistory(nodes: number, steps: number, stepsPerBatch: number): Promise<Fed>;
  }
}

const script = (name: string): { path: string } => ({ path: fileURLToPath(new URL(`./${name}`, import.meta.url)) });

export async function benchHistory({ browser, url }: ServedPage) {
  const profile = mkdtempSync(join(tmpdir(), 'continuum-history-'));
  const executablePath = (await findChromium()) ?? undefined;
  // A page of a browser without a profile keeps its database in memory.
  const context = await browser.browserType().launchPersistentContext(profile, { executablePath, args: chromiumArgs, viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await load(page, url);
    await page.addScriptTag(script('history-feed.js'));
    const fed = await page.evaluate(([nodes, steps, perBatch]) => window.feedHistory(nodes, steps, perBatch), [NODES, STEPS, STEPS_PER_BATCH] as const);
    if (fed.problem !== null) throw new Error(fed.problem);
    await page.waitForTimeout(SETTLE_MS);
    const usage = await page.evaluate(async () => (await window.continuumLab.openHistory()).history.storage());

    const openings: Opening[] = [];
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      await load(page, url);
      openings.push(await openHistory(page));
    }
    const openMs = openings.map(({ fromPressMs }) => fromPressMs);
    const frameMs = await pan(page);
    return {
      samples: fed.sent,
      writePerSec: Math.round((fed.sent / fed.writeMs) * 1000),
      journalPerSec: Math.round((fed.sent / fed.journalMs) * 1000),
      openMs: Math.round(quantile(openMs, 0.5)),
      openMaxMs: Math.round(Math.max(...openMs)),
      openFromPointingMs: Math.round(quantile(openings.map(({ fromPointingMs }) => fromPointingMs), 0.5)),
      panFrameP95Ms: round(quantile(frameMs, 0.95)),
      panFrameMaxMs: round(Math.max(...frameMs)),
      panFrames: frameMs.length,
      bytesPerSample: round(fed.usedBytes / fed.sent, 2),
      // All of the origin, the page's own files for offline use included.
      browserBytesPerSample: round((usage.browserUsedBytes ?? NaN) / fed.sent, 2),
    };
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function load(page: Page, url: string): Promise<void> {
  // The address alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('continuum:first-telemetry').length > 0);
  await page.waitForTimeout(SETTLE_MS);
}

interface Opening {
  /** From when the pointer came down on the button until the lines of the whole time were drawn; a frame later they are on the screen. */
  fromPressMs: number;
  /** The same from when the pointer reached the button: only then the view is loaded. */
  fromPointingMs: number;
}

async function openHistory(page: Page): Promise<Opening> {
  const button = page.getByRole('button', { name: 'History', exact: true });
  await page.evaluate(() => {
    // The times of the events, which may have waited for the page to handle them.
    document.addEventListener('pointerover', ({ target, timeStamp }) => {
      const on = (target as Element).closest('button')?.textContent;
      if (on?.trim() === 'History') performance.mark('bench:pointed', { startTime: timeStamp });
    }, { capture: true });
    document.addEventListener('pointerdown', ({ timeStamp }) => performance.mark('bench:pressed', { startTime: timeStamp }), { capture: true, once: true });
  });
  await button.hover();
  await page.waitForTimeout(AIM_MS);
  await button.click();
  await page.waitForFunction(() => performance.getEntriesByName('continuum:history-shown').length > 0);
  return page.evaluate(() => {
    const [pointed, pressed, shown] = ['bench:pointed', 'bench:pressed', 'continuum:history-shown'].map((name) => performance.getEntriesByName(name)[0]!.startTime);
    return { fromPressMs: shown! - pressed!, fromPointingMs: shown! - pointed! };
  });
}

/** Frames while the chart, zoomed in, is dragged to and fro. */
async function pan(page: Page): Promise<number[]> {
  await page.addScriptTag(script('sample-frames.js'));
  const box = await page.locator('.u-over').first().boundingBox();
  if (!box) throw new Error('The History view has no chart.');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  for (let notch = 0; notch < 8; notch += 1) await page.mouse.wheel(0, -120);
  await page.waitForTimeout(SETTLE_MS);
  const sampling = page.evaluate((ms) => window.sampleFrames(ms), PAN_MS);
  const beganMs = performance.now();
  await page.mouse.down();
  while (performance.now() - beganMs < PAN_MS) {
    const swing = Math.sin((performance.now() - beganMs) / 400);
    await page.mouse.move(middle.x + swing * box.width * 0.4, middle.y);
  }
  await page.mouse.up();
  return (await sampling).frameMs;
}
