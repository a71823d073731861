/** A file that another version of the page wrote: what its models had there is kept here. */
import { readFile } from 'node:fs/promises';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import type { PageFacts } from '../../web/lab/experiment/page-facts.ts';
import { openFile } from '../../web/lab/experiment/open-file.ts';
import { reproduce } from '../../web/lab/experiment/reproduce.ts';
import type { Experiment } from '../../web/lab/experiment/experiment.ts';
import { linkChoices } from '../../web/lab/measure/link-choices.ts';
import { parameter } from '../../web/sim/parameters.ts';
import { smallExperiment } from '../methods/small-run.ts';

const page: PageFacts = {
  version: '1.0.0',
  commit: null,
  packages: {},
  browser: 'none',
  cores: 1,
  weatherRecord: () => Promise.resolve({ name: 'record', sha256: '0'.repeat(64) }),
  module: async (id) => {
    const bytes = new Uint8Array(await readFile(new URL(`../../web/guest/modules/irrigation-${id}.wasm`, import.meta.url)));
    return { name: id, sha256: bytesToHex(sha256(bytes)), bytes, shipped: true, built: null };
  },
};

async function written(experiment: Experiment): Promise<string> {
  const row = { id: '1', begunAtMs: 0, experiment, status: 'done', reason: null, elapsedS: 1, total: 1, isRerun: false, notes: [], pinned: {} } as const;
  return reproduce({ ...row, notes: [] }, { id: '1', modules: [], brought: null }, { results: [], failures: [] }, page);
}

/** As a version wrote it of which the models had other values. */
async function fromOtherVersion(experiment: Experiment, values: Record<string, number>): Promise<Blob> {
  const file = JSON.parse(await written(experiment)) as { parameters: { id: string; value: number }[] };
  for (const each of file.parameters) each.value = values[each.id] ?? each.value;
  return new Blob([JSON.stringify(file)]);
}

test('a value that only some links set is kept for the cells of the others', async () => {
  const ofSome = 'link.wifi.latencyMedianMs';
  const ofAll = 'link.wan.latencyMedianMs';
  expect(linkChoices.near!.parameters).toHaveProperty([ofSome]);
  const links = ['site', 'near'];
  const experiment: Experiment = { ...smallExperiment, factors: { ...smallExperiment.factors, link: links }, parameters: { [ofAll]: 9 } };
  const other = { [ofSome]: parameter(ofSome).value * 2, [ofAll]: 12, 'soil.siltLoam.saturation': parameter('soil.siltLoam.saturation').value + 0.01 };
  const { pinned, notes } = await openFile(await fromOtherVersion(experiment, other), page);
  // The experiment's own value counts, whatever the models had.
  expect(pinned).toEqual({ [ofSome]: other[ofSome], 'soil.siltLoam.saturation': other['soil.siltLoam.saturation'] });
  expect(notes).toEqual([]);
});

test('a value that every link sets needs none kept', async () => {
  const own = Object.keys(linkChoices.near!.parameters)[0]!;
  const experiment: Experiment = { ...smallExperiment, factors: { ...smallExperiment.factors, link: ['near', 'edgeOfCoverage'] } };
  const { pinned } = await openFile(await fromOtherVersion(experiment, { [own]: 77 }), page);
  expect(pinned).toEqual({});
});
