/** Puts the file together that reproduces an experiment. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { bytesToBase64 } from '../../protocol/base64.ts';
import { linkChoices } from '../measure/link-choices.ts';
import { metrics } from '../measure/metrics.ts';
import { scenarioOf } from '../measure/run-experiment-run.ts';
import { weatherChoices } from '../measure/weather-choices.ts';
import type { Experiment } from './experiment.ts';
import type { CompanionRow, ExperimentRow } from './lab-database.ts';
import { cellsOf, seedsOf } from './matrix.ts';
import type { PageFacts } from './page-facts.ts';
import { listParameters } from './parameter-list.ts';
import { reproductionFormat, reproductionVersion, writeReproduction, type FiledModule } from './reproduction-file.ts';
import type { Outcomes } from './rerun-match.ts';
import { tableOf, tableSha256 } from './result-table.ts';

/** Nodes of the fog and the cloud run this one when a guest has no filter. */
const ALWAYS = 'c';

/** Characters that `bytesToBase64` takes at once, a multiple of three: a call has at most so many arguments. */
const CHUNK = 30_000;

/** Rejects with a sentence when a module is not here any more. */
export async function reproduce(row: ExperimentRow, companion: CompanionRow, outcomes: Outcomes, page: PageFacts): Promise<string> {
  const { experiment, pinned, elapsedS } = row;
  const table = tableOf(outcomes);
  const { version, commit, packages, browser, cores } = page;
  return writeReproduction({
    format: reproductionFormat,
    version: reproductionVersion,
    experiment,
    cells: cellsOf(experiment),
    seeds: seedsOf(experiment),
    scenarios: experiment.live ? [] : cellsOf(experiment).map((cell) => scenarioOf(experiment, cell, experiment.seed)),
    parameters: listParameters(pinned, experiment.parameters),
    links: Object.fromEntries(experiment.factors.link.map((link) => [link, linkChoices[link] ?? null])),
    weathers: Object.fromEntries(experiment.factors.weather.map((weather) => [weather, weatherChoices[weather] ?? null])),
    weatherRecord: await page.weatherRecord(),
    modules: await modulesOf(experiment, companion, page),
    meanings: Object.fromEntries(table.metrics.map((id) => [id, metrics[id]])),
    ...table,
    resultsSha256: tableSha256(table),
    provenance: { writtenAt: new Date().toISOString(), page: { version, commit }, packages, browser, cores, elapsedS: Math.round(elapsedS * 10) / 10 },
  });
}

async function modulesOf({ factors }: Experiment, { modules }: CompanionRow, page: PageFacts): Promise<FiledModule[]> {
  const ids = [...new Set([ALWAYS, ...factors.guest])];
  return Promise.all(
    ids.map(async (id): Promise<FiledModule> => {
      const brought = modules.find((module) => module.id === id);
      const known = await page.module(id);
      const module = brought ?? known;
      if (!module) throw new Error(`The module ${id.slice(0, 12)}… is not here any more: drop its file on the page, then save again.`);
      const digest = bytesToHex(sha256(module.bytes));
      const built = known?.sha256 === digest ? known.built : null;
      return { id, name: module.name, sha256: digest, built, base64: base64Of(module.bytes) };
    }),
  );
}

function base64Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(bytesToBase64(bytes.subarray(at, at + CHUNK)));
  return parts.join('');
}
