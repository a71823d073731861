/** Writes web/lab/isolation/wamr-outcomes.json: `npx tsx tests/isolation/write-wamr-outcomes.ts`. It takes some minutes. */
import { writeFile } from 'node:fs/promises';
import { missingForFirmware } from '../../scripts/firmware-tests.mjs';
import { runOnWamr } from './wamr/run-on-wamr.ts';

const REPEATS = 5;

const missing = missingForFirmware();
if (missing !== null) {
  console.error(`Hostile guests cannot be run on WAMR here: ${missing}`);
  process.exit(1);
}
await writeFile(new URL('../../web/lab/isolation/wamr-outcomes.json', import.meta.url), `${JSON.stringify(await runOnWamr(REPEATS), null, 1)}\n`);
