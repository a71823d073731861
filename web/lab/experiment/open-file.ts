/** Opens an experiment's file or a reproduction file; refuses what was altered, with a sentence. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { bytesFromBase64 } from '../../protocol/base64.ts';
import type { ParameterOverrides } from '../../sim/parameters.ts';
import { linkChoices } from '../measure/link-choices.ts';
import { scenarioOf } from '../measure/run-experiment-run.ts';
import { weatherChoices } from '../measure/weather-choices.ts';
import { checkExperiment, experimentFormat, problemsOf, readExperimentFile, type Choices } from './experiment-file.ts';
import type { Cell, Experiment } from './experiment.ts';
import { cellsOf, seedsOf } from './matrix.ts';
import type { PageFacts } from './page-facts.ts';
import { driftOf } from './parameter-list.ts';
import { reproductionFormat, reproductionSchema, reproductionVersion, type ReadReproduction } from './reproduction-file.ts';
import type { Outcomes } from './rerun-match.ts';
import { outcomesOf, tableSha256 } from './result-table.ts';
import type { LabModule } from './run-worker.ts';

export const choices: Choices = { links: Object.keys(linkChoices), weathers: Object.keys(weatherChoices) };

/** Larger than any file of this format gets within the limits of an experiment. */
const MOST_BYTES = 256 * 1024 * 1024;

export interface Opened {
  experiment: Experiment;
  /** Null for an experiment's file alone. */
  brought: Outcomes | null;
  modules: LabModule[];
  pinned: ParameterOverrides;
  /** Why results may come out differently here, a sentence each. */
  notes: string[];
}

/** Throws an error whose message is all that is wrong, in sentences. */
export async function openFile(file: Blob, page: PageFacts): Promise<Opened> {
  if (file.size > MOST_BYTES) throw new Error('The file is larger than any file of an experiment; choose another.');
  const text = await file.text();
  if (formatOf(text) !== reproductionFormat) {
    const read = readExperimentFile(text, choices);
    if (!read.ok) throw new Error(read.problems.join(' '));
    return { experiment: read.experiment, brought: null, modules: [], pinned: {}, notes: [] };
  }
  const value = JSON.parse(text) as Record<string, unknown>;
  // Another version has another form: all that its form lacks would only hide that.
  if (value.version !== reproductionVersion) {
    throw new Error(`The file is of version ${JSON.stringify(value.version)} of its format; this page knows version ${reproductionVersion}. Open it with the version of the page that wrote it.`);
  }
  const read = v.safeParse(reproductionSchema, value);
  if (!read.success) throw new Error(problemsOf(read.issues).join(' '));
  const { output } = read;
  const checked = checkExperiment(output.experiment, choices);
  if (!checked.ok) throw new Error(checked.problems.join(' '));
  const { experiment } = checked;
  const brought = unaltered(output, experiment);
  const { modules, notes } = await modulesOf(output, experiment, page);
  if (experiment.live) return { experiment, brought, modules, pinned: {}, notes: ['These results were measured on a live fleet: run again, other results come out.'] };
  const { pinned, notes: drift } = parametersOf(output, experiment);
  return { experiment, brought, modules, pinned, notes: [...(await changesOf(output, page)), ...notes, ...drift] };
}

function formatOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'format' in value ? value.format : experimentFormat;
  } catch {
    return experimentFormat;
  }
}

function unaltered(file: ReadReproduction, experiment: Experiment): Outcomes {
  const { metrics, runs, failures, resultsSha256 } = file;
  const found = tableSha256({ metrics, runs, failures });
  if (found !== resultsSha256) {
    throw new Error(`The results in the file were altered: their SHA-256 is ${found}, and the file says ${resultsSha256}. Get the file again from where it comes.`);
  }
  const outcomes = outcomesOf({ metrics, runs, failures });
  const seeds = seedsOf(experiment);
  const cells = cellsOf(experiment);
  if (JSON.stringify(file.seeds) !== JSON.stringify(seeds) || !sameCells(file.cells, cells)) {
    throw new Error('The cells or seeds in the file are not those of its experiment, so one of them was altered. Get the file again from where it comes.');
  }
  for (const { cell, replication } of [...outcomes.results, ...outcomes.failures]) {
    if (!cells[cell] || seeds[replication] === undefined) throw new Error(`The file has a result of cell ${cell}, replication ${replication}, which its experiment does not have. Get the file again from where it comes.`);
  }
  for (const { cell, replication, seed } of outcomes.results) {
    if (seeds[replication] !== seed) throw new Error(`The result of cell ${cell}, replication ${replication} has the seed ${seed}; the experiment gives it ${seeds[replication]}. Get the file again from where it comes.`);
  }
  return outcomes;
}

function sameCells(told: readonly Record<string, unknown>[], cells: readonly Cell[]): boolean {
  return told.length === cells.length && cells.every((cell, index) => Object.entries(cell).every(([name, value]) => told[index]![name] === value));
}

async function modulesOf({ modules }: ReadReproduction, { factors }: Experiment, page: PageFacts): Promise<Pick<Opened, 'modules' | 'notes'>> {
  const brought: LabModule[] = [];
  const notes: string[] = [];
  for (const { id, name, sha256: told, base64 } of modules) {
    const bytes = bytesFromBase64(base64);
    if (!bytes) throw new Error(`The bytes of the module ${name} are no base64. Get the file again from where it comes.`);
    const found = bytesToHex(sha256(bytes));
    if (found !== told || (/^[0-9a-f]{64}$/.test(id) && id !== told)) {
      throw new Error(`The module ${name} in the file was altered: its bytes have the SHA-256 ${found}, and the file says ${id === told ? told : `${id}: ${told}`}. Get the file again from where it comes.`);
    }
    const here = await page.module(id);
    if (here?.shipped && here.sha256 === told) continue;
    brought.push({ id, name, bytes });
    if (here?.shipped) notes.push(`This page ships another build of ${name} than the file has; the rerun takes the file’s.`);
  }
  const missing = factors.guest.filter((id) => !modules.some((module) => module.id === id));
  if (missing.length > 0) throw new Error(`The file lacks the module of the guest ${missing[0]!}. Get the file again from where it comes.`);
  return { modules: brought, notes };
}

function parametersOf(file: ReadReproduction, experiment: Experiment): { pinned: ParameterOverrides; notes: string[] } {
  const scenarios = cellsOf(experiment).map((cell) => scenarioOf(experiment, cell, experiment.seed));
  // What only some cells set, the others take from the models.
  const setByAll = Object.keys(scenarios[0]!.parameters).filter((id) => scenarios.every(({ parameters }) => id in parameters));
  const { pinned, notes } = driftOf(file.parameters, new Set(setByAll));
  const other = scenarios.findIndex((scenario, index) => canonical(scenario) !== canonical(file.scenarios[index]));
  if (other >= 0) notes.push(`This page makes another scenario of cell ${other} than the file has (a link or weather choice changed, perhaps), so results may differ.`);
  return { pinned, notes };
}

/** As JSON with its keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

async function changesOf({ provenance, weatherRecord }: ReadReproduction, page: PageFacts): Promise<string[]> {
  const notes: string[] = [];
  const { version, commit } = provenance.page;
  const known = commit !== null && page.commit !== null;
  if (version !== page.version || (known && commit !== page.commit)) {
    const name = (of: string, at: string | null): string => (at === null ? of : `${of} (${at.slice(0, 10)})`);
    notes.push(`The file was written by version ${name(version, commit)} of the page and this is ${name(page.version, page.commit)}: where the models changed in between, results differ.`);
  }
  const here = await page.weatherRecord();
  if (here.sha256 !== weatherRecord.sha256) notes.push(`The weather record here (${here.name}) is not the file’s (${weatherRecord.name}), so results may differ.`);
  return notes;
}
