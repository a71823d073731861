/**
 * The one file that reproduces an experiment: what it is, all that its results depend on, and the results. Everything
 * but `provenance` comes out the same on every machine.
 */
import * as v from 'valibot';
import type { Scenario } from '../../sim/scenario.ts';
import { experimentSchema } from './experiment-file.ts';
import type { Cell, Experiment, RunFailure } from './experiment.ts';
import type { ModuleBuild, WeatherRecord } from './page-facts.ts';
import type { ListedParameter } from './parameter-list.ts';
import type { ResultRow, ResultTable } from './result-table.ts';

export const reproductionFormat = 'continuum-lab-reproduction';
export const reproductionVersion = 1;

export interface FiledModule {
  /** As the experiment names it. */
  id: string;
  name: string;
  /** Of the bytes. */
  sha256: string;
  built: ModuleBuild | null;
  base64: string;
}

/** Where and when the results were made; compared with nothing. */
export interface Provenance {
  /** ISO 8601. */
  writtenAt: string;
  page: { version: string; commit: string | null };
  packages: Record<string, string>;
  browser: string;
  cores: number;
  /** Wall-clock seconds of work. */
  elapsedS: number;
}

export interface Reproduction extends ResultTable {
  format: typeof reproductionFormat;
  version: typeof reproductionVersion;
  experiment: Experiment;
  cells: Cell[];
  /** Of the replications. */
  seeds: number[];
  /** What the world of each cell was made from, with all that links, period and experiment set; the seed is that of the first replication. */
  scenarios: Scenario[];
  parameters: ListedParameter[];
  /** The link choices that the cells name, by name, with what they set and why. */
  links: Record<string, unknown>;
  /** The weather choices, likewise. */
  weathers: Record<string, unknown>;
  weatherRecord: WeatherRecord;
  modules: FiledModule[];
  /** Label, unit and meaning of each metric in `metrics`. */
  meanings: Record<string, unknown>;
  /** Of `metrics`, `runs` and `failures`: see `tableSha256`. */
  resultsSha256: string;
  provenance: Provenance;
}

/** JSON with a line for each cell, parameter, module and run, so that two files can be compared by any tool. */
export function writeReproduction(file: Reproduction): string {
  const parts = Object.entries(file).map(([key, value]: [string, unknown]) => `${JSON.stringify(key)}: ${linesOf(value)}`);
  return `{\n${parts.join(',\n')}\n}\n`;
}

function linesOf(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}

const text = v.string('has to be a text');
const number = v.number('has to be a number');
const hex = (digits: number) => v.pipe(text, v.regex(new RegExp(`^[0-9a-f]{${digits}}$`), `has to be ${digits} hexadecimal digits`));
const anything = v.record(v.string(), v.unknown());

const rowSchema = v.custom<ResultRow>((row) => {
  if (!Array.isArray(row) || row.length < 4) return false;
  const [cell, replication, seed, digest, ...values] = row as unknown[];
  const whole = [cell, replication, seed].every((each) => Number.isSafeInteger(each));
  return whole && typeof digest === 'string' && values.every((value) => value === null || typeof value === 'number');
}, 'has to be a list of cell, replication, seed, digest and values');

const failureSchema: v.GenericSchema<RunFailure> = v.object({ cell: number, replication: number, reason: text });

/** Provenance is for people, so nothing is asked of it but that its page has a version. */
export const reproductionSchema = v.object({
  format: v.literal(reproductionFormat, `has to be "${reproductionFormat}"`),
  version: v.literal(reproductionVersion, `has to be ${reproductionVersion}; newer files need a newer version of this page`),
  experiment: experimentSchema,
  cells: v.array(anything, 'has to be a list'),
  seeds: v.array(number, 'has to be a list'),
  scenarios: v.array(anything, 'has to be a list'),
  parameters: v.array(v.object({ id: text, value: number }), 'has to be a list'),
  weatherRecord: v.object({ name: text, sha256: hex(64) }),
  modules: v.array(v.object({ id: text, name: text, sha256: hex(64), base64: text }), 'has to be a list'),
  metrics: v.array(text, 'has to be a list'),
  runs: v.array(rowSchema, 'has to be a list'),
  failures: v.array(failureSchema, 'has to be a list'),
  resultsSha256: hex(64),
  provenance: v.object({ page: v.object({ version: text, commit: v.optional(v.nullable(text), null) }) }),
});

export type ReadReproduction = v.InferOutput<typeof reproductionSchema>;
