/** Hostile guests on the firmware's host: contained, and as the page says it. */
import { expect, test } from 'vitest';
import { missingForFirmware } from '../../scripts/firmware-tests.mjs';
import { lastingOutcomes, wamrOutcomes } from '../../web/lab/isolation/wamr-outcomes.ts';
import { leaksOf, listedLeaks } from './leaks.ts';
import { runOnWamr } from './wamr/run-on-wamr.ts';

const missing = missingForFirmware();
if (missing !== null) console.error(`Hostile guests are not run on WAMR: ${missing}`);

test('what the page shows of WAMR leaks nothing that is not known', async () => {
  const { findings } = await wamrOutcomes();
  expect(leaksOf(findings)).toEqual(listedLeaks('wamr', findings));
});

test.skipIf(missing !== null)('a rerun comes to the same; if not: npx tsx tests/isolation/write-wamr-outcomes.ts', async () => {
  const kept = lastingOutcomes(await wamrOutcomes());
  expect(lastingOutcomes(await runOnWamr(1))).toEqual(kept);
});
