import { expect, test, type Page } from '@playwright/test';
import type { SeriesKey } from '../../web/history/history-port.ts';
import { compact, line, record, recordNoise, storage, type Recording } from './support/history.ts';

const startMs = Date.UTC(2026, 5, 1);
const raw: SeriesKey = { node: 'bench-a', quantity: 'raw' };
const ema: SeriesKey = { node: 'bench-a', quantity: 'fogEma' };

async function open(page: Page): Promise<void> {
  await page.goto('./');
  await page.waitForFunction(() => 'continuumLab' in window);
}

/** A reading every three seconds. */
function readings(count: number): Recording {
  const samples: Recording['samples'] = [];
  for (let i = 0; i < count; i += 1) {
    const value = 1700 + ((i * 7919) % 61);
    samples.push([0, startMs + i * 3000, value], [1, startMs + i * 3000 + 15, Math.fround(value / 3)]);
  }
  return { series: [raw, ema], samples };
}

const valuesOf = ({ samples }: Recording, of: number): number[] => samples.filter(([each]) => each === of).map(([, , value]) => value);

// Else closing the tab costs the last hours of a field.
test('what was recorded is there after a reload, late and repeated samples in order and once', async ({ page }) => {
  await open(page);
  const first = readings(10_000);
  await record(page, first);
  await compact(page);
  await record(page, { series: [raw], samples: [[0, startMs + 1500, 7], [0, startMs + 3000, 8], [0, startMs + 3000, 9]] });
  await page.reload();
  await open(page);
  const shown = await line(page, raw, startMs, startMs + 6000, 100);
  const [one, , three, four] = valuesOf(first, 0);
  expect(shown).toMatchObject({ exact: true, timeMs: [0, 1500, 3000, 6000, 9000].map((ms) => startMs + ms), min: [one, 7, 9, three, four] });
  await compact(page);
  const whole = await line(page, raw, startMs, startMs + 30_000_000, 20_000);
  expect(whole.timeMs).toHaveLength(10_001);
  expect((await line(page, ema, startMs, startMs + 30_000_000, 20_000)).min).toEqual(valuesOf(first, 1));
});

// Else the limit that the user set costs the very readings that matter.
test('beyond the limit the oldest samples are thinned to their extremes, and a spike among them stays', async ({ page }) => {
  await open(page);
  await page.evaluate(async () => (await window.continuumLab.openHistory()).history.setLimit(1_000_000));
  const count = 60_000;
  const spikeAt = 5000;
  for (let part = 0; part < 5; part += 1) {
    await recordNoise(page, raw.node, startMs + part * count * 3000, count, part === 0 ? spikeAt : -1);
    await compact(page);
  }
  const { usedBytes, thinned, samples, problem } = await storage(page);
  expect(problem).toBeNull();
  expect(usedBytes).toBeLessThanOrEqual(1_000_000);
  expect(thinned).toBeGreaterThan(100_000);
  expect(samples).toBeLessThan(10 * count);
  const { max, timeMs } = await line(page, raw, startMs, startMs + count * 3000, 200);
  expect(Math.abs(timeMs[max.indexOf(4095)]! - (startMs + spikeAt * 3000))).toBeLessThan((2 * count * 3000) / 200);
  const recentMs = startMs + (5 * count - 100) * 3000;
  expect((await line(page, raw, recentMs, recentMs + 300_000, 500)).timeMs.length).toBeGreaterThanOrEqual(100);
});

// Else a limit that is set while much has just come in costs all that was there before.
test('what has come in and is in no block yet thins nothing that fits', async ({ page }) => {
  await open(page);
  const count = 60_000;
  await recordNoise(page, raw.node, startMs, count, 5000);
  await compact(page);
  await recordNoise(page, raw.node, startMs + count * 3000, count);
  const { usedBytes } = await storage(page);
  expect(usedBytes).toBeGreaterThan(1_000_000);
  await page.evaluate(async () => (await window.continuumLab.openHistory()).history.setLimit(1_000_000));
  await compact(page);
  const after = await storage(page);
  expect(after).toMatchObject({ thinned: 0, samples: 4 * count, problem: null });
  expect(after.usedBytes).toBeLessThan(1_000_000);
  const { max } = await line(page, raw, startMs, startMs + count * 3000, 200);
  expect(max).toContain(4095);
});

// Else two tabs of one page spoil each other's history, or what the second sees is lost.
test('two tabs keep one history; the second goes on when the first is closed', async ({ page, context }) => {
  await open(page);
  await record(page, readings(100));
  const second = await context.newPage();
  await open(second);
  await record(second, { series: [raw], samples: [[0, startMs + 1, 1], [0, startMs, 2]] });
  const both = [await line(page, raw, startMs, startMs + 2999, 50), await line(second, raw, startMs, startMs + 2999, 50)];
  expect(both[0]).toEqual(both[1]);
  expect(both[0]!.min.slice(0, 2)).toEqual([2, 1]);
  await page.close();
  await record(second, { series: [ema], samples: [[0, startMs + 2, 3]] });
  await second.reload();
  await open(second);
  expect((await line(second, raw, startMs, startMs + 300_000, 500)).timeMs).toHaveLength(101);
  expect((await line(second, ema, startMs, startMs + 300_000, 500)).timeMs).toHaveLength(101);
});

// Else the data behind a paper cannot be given away, or come back as something else.
for (const format of ['csv', 'json'] as const) {
  test(`a ${format} file of a selection is taken in again as it was`, async ({ page }) => {
    await open(page);
    const events = [{ timeMs: startMs + 5, node: raw.node, kind: 'calibration', text: 'dry 2600, wet "1100"\nsecond line' } as const];
    const provenance = [{ node: raw.node, tier: 'edge', kind: 'real', owner: null, runtime: 'WAMR 2.4', guestSha256: 'abc' } as const];
    const kept = readings(9000);
    await record(page, { ...kept, events: [...events], provenance: [...provenance] });
    const answer = await page.evaluate(
      async ([as, node]) => {
        const { history } = await window.continuumLab.openHistory();
        const counts: number[] = [];
        const selection = { nodes: [node], quantities: null, fromMs: null, toMs: null };
        const blob = await history.export(as, selection, 'out', ({ done }) => counts.push(done));
        await history.clear();
        const left = (await history.series()).filter((each) => each.node === node).length;
        const imported = await history.import(new File([blob], `history.${as}`), 'in', () => {});
        const { events: back } = await history.events([node], 0, Date.now() * 2, 10);
        return { text: (await blob.text()).slice(0, 2000), counted: counts[counts.length - 1], left, imported, back };
      },
      [format, raw.node] as const,
    );
    expect(answer).toMatchObject({ counted: 18_000, left: 0, imported: { ok: true, samples: 18_000, events: 1, skipped: 0 }, back: events });
    expect(answer.text).toContain('ADC counts');
    expect(answer.text).toContain('WAMR 2.4');
    const whole = await line(page, ema, startMs, startMs + 27_000_000, 20_000);
    expect(whole.min).toEqual(valuesOf(kept, 1));
  });
}

test.describe('on a full disk', () => {
  // What the page keeps for offline use would not fit either.
  test.use({ serviceWorkers: 'block' });

  // Else it ends in a page that throws, and in lost samples although there was memory.
  test('the page says so and keeps on; with room again everything is written', async ({ page, context, baseURL }) => {
    test.slow();
    const session = await context.newCDPSession(page);
    const { origin } = new URL(baseURL!);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 400_000 });
    await open(page);
    await recordNoise(page, raw.node, startMs, 60_000);
    await expect.poll(async () => (await storage(page)).problem).toMatch(/full/);
    const shown = await line(page, raw, startMs, startMs + 3e8, 60_000);
    expect(shown.timeMs).toHaveLength(60_000);
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    // Chromium asks for the room that is left once in half a minute.
    await expect.poll(async () => (await storage(page)).problem, { timeout: 60_000 }).toBeNull();
    await page.reload();
    await open(page);
    expect(await line(page, raw, startMs, startMs + 3e8, 60_000)).toEqual(shown);
  });
});
