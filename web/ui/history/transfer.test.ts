import { expect, test } from 'vitest';
import type { ImportAnswer, Progress } from '../../history/history-port.ts';
import { fileName } from './file-name.ts';
import { Transfer } from './transfer.svelte.ts';

const all = { nodes: null, quantities: null, fromMs: null, toMs: null };

function rig() {
  const calls: { token: string; tell: (progress: Progress) => void; answer: (value: never) => void; fail: (error: Error) => void }[] = [];
  const cancelled: string[] = [];
  const wait = (token: string, tell: (progress: Progress) => void) =>
    new Promise<never>((answer, fail) => calls.push({ token, tell, answer, fail }));
  const transfer = new Transfer({
    export: (_, __, token, tell) => wait(token, tell),
    import: (_, token, tell) => wait(token, tell),
    cancel: async (token) => void cancelled.push(token),
  });
  return { transfer, calls, cancelled };
}

// Else a cancelled export still lands in the user's downloads.
test('a cancelled export saves nothing, whether it stops with an error or had just finished', async () => {
  for (const finishes of [true, false]) {
    const { transfer, calls, cancelled } = rig();
    const saved: string[] = [];
    const done = transfer.export('csv', all, 'a.csv', (name) => saved.push(name));
    calls[0]!.tell({ done: 3, total: 10 });
    expect(transfer.state).toMatchObject({ kind: 'running', progress: { done: 3, total: 10 } });
    transfer.cancel();
    transfer.cancel();
    expect(cancelled).toEqual([calls[0]!.token]);
    if (finishes) calls[0]!.answer(new Blob() as never);
    else calls[0]!.fail(new Error('aborted'));
    await done;
    expect(saved).toEqual([]);
    expect(transfer.state).toMatchObject({ kind: 'done', sentence: 'Export cancelled; no file was saved.' });
  }
});

test('a failure is told with its reason', async () => {
  const { transfer, calls } = rig();
  const done = transfer.export('json', all, 'a.json', () => undefined);
  calls[0]!.fail(new Error('the disk is full.'));
  await done;
  expect(transfer.state).toMatchObject({ ok: false, sentence: 'a.json could not be exported: the disk is full.' });
});

test('an import tells what came in and what did not', async () => {
  const { transfer, calls } = rig();
  const done = transfer.import(new File([], 'x.csv'));
  const answer: ImportAnswer = { ok: true, samples: 1200, events: 1, skipped: 2, note: null };
  calls[0]!.answer(answer as never);
  expect(await done).toBe(true);
  expect(transfer.state).toMatchObject({ sentence: 'Imported 1,200 samples and 1 event from x.csv. 2 rows were skipped.' });
});

test('a second transfer does not start while one runs, so its progress and its cancel are its own', async () => {
  const { transfer, calls } = rig();
  void transfer.import(new File([], 'x.csv'));
  await transfer.export('csv', all, 'a.csv', () => undefined);
  expect(calls).toHaveLength(1);
});

test('a file name holds who and, in UTC, from when to when', () => {
  const bounds = { fromMs: Date.UTC(2026, 5, 3, 12, 4), toMs: Date.UTC(2026, 5, 4) };
  expect(fileName('csv', { ...all, nodes: ['esp/32 1'] }, bounds)).toBe('history_esp-32-1_20260603T120400Z_20260604T000000Z.csv');
  expect(fileName('json', { ...all, fromMs: bounds.toMs }, bounds)).toBe('history_all-nodes_20260604T000000Z_20260604T000000Z.json');
});
