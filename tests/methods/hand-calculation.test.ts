/**
 * The arithmetic of docs/methods/hand-calculation.md, done here once more without any of the simulator's models, against a
 * run of the whole simulation; and the document's own numbers against both.
 */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunMeasures } from '../../web/lab/measure/metrics.ts';
import { executeRun } from '../../web/lab/measure/run-experiment-run.ts';
import { openNodeRunParts } from '../lab/node-run-worker.ts';
import { calculateByHand, type ByHand } from './by-hand.ts';
import { guestCosts } from './guest-costs.ts';
import { handCell, handExperiment } from './hand-scenario.ts';
import { undisturbed } from './small-run.ts';

const documentPath = new URL('../../docs/methods/hand-calculation.md', import.meta.url);

/** Rows `| `id` | E | C |` of the last table. */
async function documented(): Promise<Map<string, { E: number; C: number }>> {
  const text = await readFile(documentPath, 'utf8');
  const rows = [...text.matchAll(/^\| `([\w.]+)` \| ([-\d.e]+) \| ([-\d.e]+) \|$/gm)];
  return new Map(rows.map(([, id, e, c]) => [id!, { E: Number(e), C: Number(c) }]));
}

describe.each(['E', 'C'] as const)('strategy %s, nothing left to chance', (strategy) => {
  let byHand: ByHand;
  let simulated: RunMeasures;

  beforeAll(async () => {
    const parts = await openNodeRunParts();
    const guest = strategy === 'C' ? await guestCosts(parts) : null;
    byHand = await calculateByHand(strategy, guest);
    guest?.stop();
    const run = { cell: { ...handCell, strategy }, replication: 0, seed: handExperiment.seed };
    ({ measures: simulated } = await executeRun(handExperiment, run, parts, undisturbed));
  });

  test('latencies are those of airtimes, queues, medians and instructions, to the microsecond', () => {
    const ids = Object.keys(byHand).filter((id) => /^(latency|hop)\./.test(id));
    expect(ids.length).toBe(16);
    for (const id of ids) expect(simulated[id], id).toBeCloseTo(byHand[id]!, 9);
  });

  test('everything else is what sums of times, currents and bytes give', () => {
    const ids = Object.keys(byHand).filter((id) => !/^(latency|hop)\./.test(id));
    expect(ids.length).toBeGreaterThan(20);
    for (const id of ids) {
      // Sums of ten thousand small numbers round in another order.
      const tolerance = 1e-9 * Math.max(1, Math.abs(byHand[id]!));
      expect(Math.abs(simulated[id]! - byHand[id]!), `${id}: ${simulated[id]} simulated, ${byHand[id]} by hand`).toBeLessThanOrEqual(tolerance);
    }
  });

  test('the document says the same, rounded to six digits', async () => {
    const table = await documented();
    expect([...table.keys()]).toEqual(Object.keys(byHand));
    for (const [id, value] of table) expect(Number(byHand[id]!.toPrecision(6)), id).toBe(value[strategy]);
  });

  test('another seed changes nothing, else something was still left to chance', async () => {
    const other = await executeRun(handExperiment, { cell: { ...handCell, strategy }, replication: 0, seed: 99 }, await openNodeRunParts(), undisturbed);
    expect(other.measures).toEqual(simulated);
  });
});
