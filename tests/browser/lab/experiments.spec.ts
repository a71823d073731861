/** Experiments as the page's lab runs them: to their end, through pauses, closed tabs, lost workers and full disks. */
import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Experiment } from '../../../web/lab/experiment/experiment.ts';
import type { ExperimentState } from '../../../web/lab/experiment/lab-port.ts';

const small: Experiment = {
  name: 'Small',
  question: '',
  factors: { strategy: ['A', 'E'], guest: ['c', 'rust'], nodes: [2], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 2,
  seed: 7,
  warmUpS: 120,
  durationS: 1800,
  qos: 1,
  parameters: {},
  baseline: { strategy: 'E' },
};
/** Takes some seconds: enough to do something in the middle of it. */
const long: Experiment = { ...small, name: 'Long', factors: { ...small.factors, nodes: [20] }, replications: 3, durationS: 43_200 };

test.slow();

test.beforeEach(({ page }) => openPage(page));

// Else the matrix that was asked for is not the one in the tables, or a second machine finds other numbers.
test('an experiment runs to its end, and its file reruns to the last bit', async ({ page, browser }) => {
  const id = await begin(page, small);
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 8, total: 8, failed: 0, problem: null });
  const results = await page.evaluate(async (experiment) => (await window.continuumLab.openLab()).results(experiment), id);
  expect(results.map(({ cell, replication }) => [cell, replication])).toEqual([0, 1, 2, 3].flatMap((cell) => [[cell, 0], [cell, 1]]));
  // Under E there is no guest, so its language makes no difference.
  expect(new Set(results.map(({ digest }) => digest)).size).toBe(6);
  for (const { measures } of results) expect(measures.readings).toBeGreaterThan(2 * 25);

  const text = await reproduction(page, id);
  const elsewhere = await (await browser.newContext()).newPage();
  await openPage(elsewhere);
  const opened = await open(elsewhere, text);
  expect(opened).toMatchObject({ withResults: true, notes: [] });
  await resume(elsewhere, opened.id);
  await ended(elsewhere, opened.id);
  expect(await match(elsewhere, opened.id)).toEqual({ total: 8, compared: 8, same: 8, first: null });
  const again = await reproduction(elsewhere, opened.id);
  expect(compared(again)).toBe(compared(text));
  await elsewhere.context().close();
});

// Else a rerun that differs is taken for one that agrees.
test('a file whose results are not those of its experiment is found out, and where', async ({ page }) => {
  const id = await begin(page, { ...small, replications: 1 });
  await ended(page, id);
  const file = JSON.parse(await reproduction(page, id)) as { experiment: Experiment; runs: unknown[]; scenarios: { parameters: object }[] };
  file.experiment.parameters = { 'link.wifi.latencyMedianMs': 30 };
  const opened = await open(page, JSON.stringify(file));
  expect(opened.notes.join(' ')).toContain('another scenario of cell 0');
  await resume(page, opened.id);
  await ended(page, opened.id);
  const found = await match(page, opened.id);
  expect(found).toMatchObject({ total: 4, compared: 4, same: 0, first: { cell: 0, replication: 0, metric: 'latency.meanMs' } });
});

// Else a file that somebody changed passes for what was published.
test.describe('a file that was altered is refused', () => {
  const alterations: [string, (file: Record<string, never>) => void, RegExp][] = [
    ['in its results', (file) => ((file.runs as unknown[][])[0]![6] = 1), /results in the file were altered/],
    ['in its modules', (file) => ((file.modules as { base64: string }[])[0]!.base64 = btoa('\0asm-and-more')), /module irrigation-c\.wasm in the file was altered/],
    ['in its seeds', (file) => ((file.seeds as number[])[1] = 3), /cells or seeds in the file are not those/],
    ['in its version', (file) => Object.assign(file, { version: 9 }), /of version 9 of its format; this page knows version 1/],
    ['in its experiment', (file) => Object.assign(file.experiment, { seed: 1 }), /cells or seeds in the file are not those/],
  ];
  for (const [what, alter, sentence] of alterations) {
    test(what, async ({ page }) => {
      const id = await begin(page, { ...small, factors: { ...small.factors, strategy: ['E'] }, durationS: 300 });
      await ended(page, id);
      const file = JSON.parse(await reproduction(page, id)) as Record<string, never>;
      alter(file);
      await expect(open(page, JSON.stringify(file))).rejects.toThrow(sentence);
    });
  }
});

// Else a laptop cannot be used for anything else until the experiment is done.
test('a pause holds every run where it is; going on ends it', async ({ page }) => {
  const id = await begin(page, long);
  await done(page, id, 1);
  await page.evaluate(async (experiment) => (await window.continuumLab.openLab()).pause(experiment), id);
  // What the workers have sent before they heard of it has come by then.
  await page.waitForTimeout(1000);
  const held = await stateOf(page, id);
  await page.waitForTimeout(1500);
  expect(held.kind).toBe('paused');
  expect(await stateOf(page, id)).toEqual(held);
  await resume(page, id);
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 12 });
});

// Else a mistake has to be sat out, or throws away what was done.
test('cancelled, it keeps what was done, and can be gone on with', async ({ page }) => {
  const id = await begin(page, long);
  await done(page, id, 2);
  await page.evaluate(async (experiment) => (await window.continuumLab.openLab()).cancel(experiment), id);
  const state = await ended(page, id);
  expect(state.kind).toBe('cancelled');
  expect(state.done).toBeGreaterThanOrEqual(2);
  expect(state.done).toBeLessThan(12);
  await expect.poll(async () => (await listed(page, id))?.state.kind).toBe('cancelled');
  await resume(page, id);
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 12 });
});

// Else an hour's work is lost with the tab, or is done again, or two tabs do it twice.
test('a closed tab comes back as paused; only what is missing is run; two tabs do not run the same', async ({ page, context }) => {
  // Opened before: on a busy machine that takes as long as all the runs.
  const second = await context.newPage();
  await openPage(second);
  const id = await begin(page, long);
  await done(page, id, 2);
  expect((await listed(second, id))?.state.kind).toBe('elsewhere');
  await expect(resume(second, id)).rejects.toThrow(/Another tab/);
  await page.close();
  await expect.poll(async () => (await stateOf(second, id)).kind).toBe('paused');
  const before = await second.evaluate(async (experiment) => (await window.continuumLab.openLab()).results(experiment), id);
  expect(before.length).toBeGreaterThanOrEqual(2);
  expect(before.length).toBeLessThan(12);
  await resume(second, id);
  const first = await stateOf(second, id);
  expect(first.done).toBeGreaterThanOrEqual(before.length);
  expect(await ended(second, id)).toMatchObject({ kind: 'done', done: 12, failed: 0 });

  // The same in one go, from the file without its results.
  const file = JSON.parse(await reproduction(second, id)) as { experiment: Experiment };
  const whole = await begin(second, file.experiment);
  await ended(second, whole);
  expect(compared(await reproduction(second, whole))).toBe(compared(await reproduction(second, id)));
});

// Else a tab shows what it once found, not what has become of it, and goes on from there.
test('what another tab has done to an experiment is seen in the tab that worked on it before', async ({ page, context }) => {
  const id = await begin(page, long);
  await done(page, id, 2);
  await page.evaluate(async (experiment) => (await window.continuumLab.openLab()).cancel(experiment), id);
  await expect.poll(async () => (await listed(page, id))?.state.kind).toBe('cancelled');
  const second = await context.newPage();
  await openPage(second);
  await resume(second, id);
  expect(await ended(second, id)).toMatchObject({ kind: 'done', done: 12 });
  await expect.poll(async () => (await listed(page, id))?.state).toMatchObject({ kind: 'done', done: 12 });
  const results = await page.evaluate(async (experiment) => (await window.continuumLab.openLab()).results(experiment), id);
  expect(results).toHaveLength(12);
});

// Else one bad minute of the browser spoils the numbers, or ends the experiment.
test('a run whose worker ends is tried again by another, and comes out the same', async ({ page }) => {
  const id = await begin(page, { ...long, replications: 1 });
  await expect.poll(async () => page.workers().filter((worker) => worker.url().includes('lab-worker')).length).toBeGreaterThan(0);
  await expect.poll(async () => nowRunning(await stateOf(page, id))).toBeGreaterThan(0);
  const worker = page.workers().find((each) => each.url().includes('lab-worker'))!;
  await worker.evaluate(() => void setTimeout(() => { throw new Error('out of luck'); }));
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 4, failed: 0 });
  const undisturbed = await begin(page, { ...long, replications: 1 });
  await ended(page, undisturbed);
  expect(compared(await reproduction(page, undisturbed))).toBe(compared(await reproduction(page, id)));
});

// Else it begins, and ends in a table full of holes.
test('a guest that is not here, or cannot be counted, is named before anything runs', async ({ page }) => {
  await expect(begin(page, { ...small, factors: { ...small.factors, guest: ['c', 'ab'.repeat(32)] } })).rejects.toThrow(/abababababab… is not here/);
  await expect(begin(page, { ...small, factors: { ...small.factors, link: ['moon'] } })).rejects.toThrow(/choose from site/);
  expect(await page.evaluate(async () => (await window.continuumLab.openLab()).list())).toEqual([]);
});

// Else a module of one's own can be compared here and nowhere else.
test('a module that was dropped on the page takes part, and travels with the file', async ({ page, browser }) => {
  await page.locator('input[type=file]').first().setInputFiles('tests/guests/fleet-loop.wasm');
  await page.getByRole('dialog').getByText('fleet-loop.wasm').first().waitFor();
  const guest = createHash('sha256').update(readFileSync('tests/guests/fleet-loop.wasm')).digest('hex');
  const id = await begin(page, { ...small, factors: { ...small.factors, strategy: ['C'], guest: [guest] }, baseline: {} });
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 2, failed: 0 });
  const elsewhere = await (await browser.newContext()).newPage();
  await openPage(elsewhere);
  const opened = await open(elsewhere, await reproduction(page, id));
  await resume(elsewhere, opened.id);
  await ended(elsewhere, opened.id);
  expect(await match(elsewhere, opened.id)).toEqual({ total: 2, compared: 2, same: 2, first: null });
  await elsewhere.context().close();
});

// Else what is left of it fills the disk, and nobody can remove it.
test('an experiment whose storage is cleared meanwhile goes on in memory, says so, and leaves nothing behind', async ({ page }) => {
  const id = await begin(page, long);
  await done(page, id, 2);
  await inLabStorage(page, 'clear');
  expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 12, problem: expect.stringMatching(/not here any more.*this tab only/) as unknown });
  expect(await inLabStorage(page, 'count')).toEqual([0, 0, 0]);
});

test.describe('on a full disk', () => {
  // What the page keeps for offline use would not fit either.
  test.use({ serviceWorkers: 'block' });

  // Else an hour's results end in a page that throws.
  test('the experiment goes on in memory, and says so', async ({ page, context, baseURL }) => {
    const session = await context.newCDPSession(page);
    const { origin } = new URL(baseURL!);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    const id = await begin(page, small);
    expect(await ended(page, id)).toMatchObject({ kind: 'done', done: 8, problem: expect.stringMatching(/full.*this tab only/) as unknown });
    expect((JSON.parse(await reproduction(page, id)) as { runs: unknown[] }).runs).toHaveLength(8);
    const asked = page.waitForEvent('dialog');
    void page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
  });
});

async function openPage(page: Page): Promise<void> {
  await page.goto('./#nodes=1');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
}

/** Empties what the lab keeps in the browser, or counts it. */
function inLabStorage(page: Page, work: 'clear' | 'count'): Promise<number[]> {
  return page.evaluate(async (wanted) => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    const database = await answer(indexedDB.open('continuum-lab'));
    const names = [...database.objectStoreNames];
    const transaction = database.transaction(names, 'readwrite');
    const answers = await Promise.all(names.map((name) => answer<number | undefined>(transaction.objectStore(name)[wanted]() as IDBRequest<number | undefined>)));
    database.close();
    return answers.map((each) => each ?? 0);
  }, work);
}

function begin(page: Page, experiment: Experiment): Promise<string> {
  return page.evaluate(async (wanted) => (await window.continuumLab.openLab()).begin(wanted), experiment);
}

function resume(page: Page, id: string): Promise<void> {
  return page.evaluate(async (experiment) => (await window.continuumLab.openLab()).resume(experiment), id);
}

function open(page: Page, text: string) {
  return page.evaluate(async (content) => (await window.continuumLab.openLab()).open(new Blob([content])), text);
}

function match(page: Page, id: string) {
  return page.evaluate(async (experiment) => (await window.continuumLab.openLab()).match(experiment), id);
}

function reproduction(page: Page, id: string): Promise<string> {
  return page.evaluate(async (experiment) => (await (await window.continuumLab.openLab()).reproduction(experiment)).text(), id);
}

async function listed(page: Page, id: string) {
  const kept = await page.evaluate(async () => (await window.continuumLab.openLab()).list());
  return kept.find((each) => each.id === id);
}

/** As `watch` tells it first. */
function stateOf(page: Page, id: string): Promise<ExperimentState> {
  return page.evaluate(async (experiment) => {
    const lab = await window.continuumLab.openLab();
    return new Promise<ExperimentState>((resolve) => {
      const stop = lab.watch(experiment, (state) => {
        resolve(state);
        setTimeout(() => stop());
      });
    });
  }, id);
}

function nowRunning(state: ExperimentState): number {
  return state.kind === 'running' ? state.now.length : 0;
}

async function done(page: Page, id: string, runs: number): Promise<void> {
  await expect.poll(async () => (await stateOf(page, id)).done, { intervals: [50], timeout: 60_000 }).toBeGreaterThanOrEqual(runs);
}

/** Waits until nothing is run any more. */
async function ended(page: Page, id: string): Promise<ExperimentState> {
  await expect.poll(async () => (await stateOf(page, id)).kind, { timeout: 120_000 }).not.toBe('running');
  return stateOf(page, id);
}

/** All that two machines have to agree in: everything but where and when it was made. */
function compared(text: string): string {
  return text.slice(0, text.lastIndexOf('"provenance"'));
}
