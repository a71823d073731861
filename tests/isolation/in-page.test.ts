/** Hostile guests on the runtimes of the page, in Chromium. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, IsolationOrder, IsolationState } from '../../web/lab/isolation/isolation-port.ts';
import { hostileGuests } from '../../web/lab/isolation/hostile-modules.ts';
import { leaksOf, listedLeaks, newLeaks } from './leaks.ts';
import { IsolationPage, missingForPage } from './open-page.ts';

const missing = missingForPage();
if (missing !== null) console.error(`Hostile guests are not run in a page: ${missing}`);

let opened: IsolationPage;

beforeAll(async () => {
  if (missing === null) opened = await IsolationPage.open();
});
afterAll(async () => {
  if (missing === null) await opened.close();
});

function run(order: IsolationOrder): Promise<{ state: IsolationState; findings: Finding[] }> {
  return opened.page.evaluate((asked) => window.runAll(asked), order);
}

describe.skipIf(missing !== null)('every hostile guest is contained, but for the leaks that are known', () => {
  test.each(['transformed', 'node', 'browser', 'wasmer'] as const)('on %s', async (runtime) => {
    expect(await opened.page.evaluate((id) => window.isolation.ready(id), runtime)).toBeNull();
    const { state, findings } = await run({ runtimes: [runtime], guests: null, repeats: 1 });
    expect(state.kind).toBe('done');
    const form = runtime === 'wasmer' ? 'wasi' : 'env';
    expect(findings.map(({ guest }) => guest)).toEqual(hostileGuests.filter(({ forms }) => forms.includes(form)).map(({ id }) => id));
    expect(newLeaks(runtime, findings)).toEqual([]);
    expect(leaksOf(findings)).toEqual(listedLeaks(runtime, findings));
  });
});

test.skipIf(missing !== null)('what the neighbours felt is measured: bytes, results, waits, and a spread over repeats', async () => {
  const { findings } = await run({ runtimes: ['transformed'], guests: ['write-outside', 'endless-loop'], repeats: 5 });
  for (const { variants } of findings) {
    for (const { noticed, neighbours } of variants) {
      expect(noticed?.count).toBeGreaterThan(0);
      expect(neighbours).toMatchObject({ bytesChanged: 0, resultsChanged: 0, lost: false });
      expect(neighbours?.bytesCompared).toBeGreaterThan(100_000);
      expect(neighbours?.resultsCompared).toBeGreaterThan(100);
    }
  }
});

test.skipIf(missing !== null)('a run can be cancelled in the middle, and another begun', async () => {
  const kinds = await opened.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        const cancel = window.isolation.run({ runtimes: ['browser'], guests: ['endless-loop'], repeats: 1 }, ({ kind }) => {
          if (seen.at(-1) !== kind) seen.push(kind);
          if (kind === 'running') setTimeout(() => cancel(), 300);
          else resolve(seen);
        }, () => undefined);
      }),
  );
  expect(kinds).toEqual(['running', 'cancelled']);
  const { state } = await run({ runtimes: ['browser'], guests: ['trap'], repeats: 1 });
  expect(state.kind).toBe('done');
});
