/** Experiment files: JSON that people write by hand too, so each problem is a sentence that says where and what to do. */
import * as v from 'valibot';
import { isParameterId, parameter, parameterProblem } from '../../sim/parameters.ts';
import { isGuestId } from '../../sim/scenario.ts';
import { factorNames, type Experiment } from './experiment.ts';
import { limits } from './experiment-limits.ts';
import { cellCount, cellsOf, extentOf, readingsOf } from './matrix.ts';

export const experimentFormat = 'continuum-lab-experiment';
export const experimentVersion = 1;

/** Link and weather of an experiment on a live fleet. */
export const asTheyAre = 'asTheyAre';

/** What a file may choose among besides the built-in guests. */
export interface Choices {
  links: readonly string[];
  weathers: readonly string[];
}

export type ReadExperiment = { ok: true; experiment: Experiment } | { ok: false; problems: string[] };

const whole = (min: number, max: number) => {
  const message = `has to be a whole number from ${count(min)} to ${count(max)}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

const list = <T extends v.GenericSchema>(item: T, what: string) =>
  v.pipe(
    v.array(item, `has to be a list of ${what}`),
    v.minLength(1, `is empty; it needs at least one of the ${what}`),
    v.check((values) => new Set(values).size === values.length, 'names a value twice; take one of them out'),
  );

/** Everything but what depends on what there is to choose from. */
export const experimentSchema = v.strictObject({
  name: v.pipe(
    v.string('has to be a text'),
    v.trim(),
    v.nonEmpty('is empty; give the experiment a name'),
    v.maxLength(limits.nameLength, `has to be at most ${limits.nameLength} characters`),
  ),
  question: v.optional(v.pipe(v.string('has to be a text'), v.maxLength(limits.questionLength, `has to be at most ${limits.questionLength} characters`)), ''),
  factors: v.strictObject({
    strategy: list(v.picklist(['A', 'B', 'C', 'D', 'E'], 'has to be A, B, C, D or E'), 'strategies A to E'),
    guest: list(v.pipe(v.string('has to be a text'), v.check(isGuestId, 'has to be c, rust or the SHA-256 of a module (64 hexadecimal digits)')), 'guests'),
    nodes: list(whole(1, limits.nodes), 'numbers of edge nodes'),
    link: list(v.string('has to be a text'), 'link choices'),
    periodS: list(whole(limits.shortestPeriodS, limits.longestPeriodS), 'sampling periods in seconds'),
    weather: list(v.string('has to be a text'), 'weather choices'),
  }),
  replications: whole(1, limits.replications),
  seed: whole(0, 0xffff_ffff),
  warmUpS: whole(0, limits.durationS),
  durationS: whole(1, limits.durationS),
  qos: v.optional(v.picklist([0, 1], 'has to be 0 or 1'), 1),
  live: v.optional(v.literal(true, 'has to be true, or left out')),
  parameters: v.optional(v.record(v.string(), v.pipe(v.number('has to be a number'), v.finite('has to be a finite number'))), {}),
  baseline: v.optional(
    v.strictObject({
      strategy: v.optional(v.picklist(['A', 'B', 'C', 'D', 'E'], 'has to be A, B, C, D or E')),
      guest: v.optional(v.string('has to be a text')),
      nodes: v.optional(v.number('has to be a number')),
      link: v.optional(v.string('has to be a text')),
      periodS: v.optional(v.number('has to be a number')),
      weather: v.optional(v.string('has to be a text')),
    }),
    {},
  ),
});

const envelopeSchema = v.strictObject({
  format: v.literal(experimentFormat, `has to be "${experimentFormat}"`),
  version: v.literal(experimentVersion, `has to be ${experimentVersion}; newer files need a newer version of this page`),
  experiment: experimentSchema,
});

/** Reads what `writeExperiment` writes. */
export function readExperimentFile(text: string, choices: Choices): ReadExperiment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`The file is no JSON: ${(error as Error).message}. Correct it there, or save the experiment again.`] };
  }
  const read = v.safeParse(envelopeSchema, value);
  if (!read.success) return { ok: false, problems: problemsOf(read.issues) };
  return checked(read.output.experiment as Experiment, choices);
}

/** Checks an experiment that a program put together. */
export function checkExperiment(value: unknown, choices: Choices): ReadExperiment {
  const read = v.safeParse(experimentSchema, value);
  return read.success ? checked(read.output as Experiment, choices) : { ok: false, problems: problemsOf(read.issues) };
}

/** For people to read and change. */
export function writeExperiment(experiment: Experiment): string {
  return `${JSON.stringify({ format: experimentFormat, version: experimentVersion, experiment }, null, 2)}\n`;
}

/** A sentence for each thing that does not fit the form. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const where = v.getDotPath(issue) ?? 'The file';
    if (issue.type === 'strict_object' && issue.expected === 'never') return `${where} is not known here; take it out, or correct its name.`;
    if (issue.received === 'undefined') return `${where} is missing${issue.type === 'strict_object' ? '' : `; it ${issue.message}`}.`;
    if (issue.type === 'strict_object') return `${where} has to be an object in braces; it is ${issue.received}.`;
    const tells = issue.received.length <= 80 && !['non_empty', 'min_length', 'check'].includes(issue.type);
    return `${where} ${issue.message}${tells ? `; it is ${issue.received}` : ''}.`;
  });
}

function checked(experiment: Experiment, { links, weathers }: Choices): ReadExperiment {
  const { factors, baseline, parameters } = experiment;
  const problems: string[] = [];
  const choose = (name: 'link' | 'weather', known: readonly string[]): void => {
    factors[name].forEach((value, index) => {
      if (!known.includes(value)) problems.push(`factors.${name}.${index} is "${value}", which is not known here; choose from ${known.join(', ')}.`);
    });
  };
  choose('link', experiment.live ? [asTheyAre] : links);
  choose('weather', experiment.live ? [asTheyAre] : weathers);
  if (experiment.live && factors.nodes.length > 1) problems.push('factors.nodes has several values, but a live fleet has as many nodes as it has; name that one number.');
  if (experiment.live && Object.keys(parameters).length > 0) problems.push('parameters has values, but a live fleet runs under those of its scenario; set them there.');
  for (const [id, value] of Object.entries(parameters)) {
    const problem = isParameterId(id) ? parameterProblem(parameter(id), value!) : null;
    if (!isParameterId(id)) problems.push(`parameters.${id}: there is no such parameter; take it out, or correct its name.`);
    else if (problem) problems.push(`parameters.${id} ${problem}; it is ${value}.`);
  }
  for (const name of factorNames) {
    const value = baseline[name];
    if (value !== undefined && !(factors[name] as unknown[]).includes(value)) {
      problems.push(`baseline.${name} is ${JSON.stringify(value)}, which is not among factors.${name}; name one of them, or take it out.`);
    }
  }
  problems.push(...tooMuch(experiment));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, experiment };
}

function tooMuch(experiment: Experiment): string[] {
  const { durationS, replications, factors } = experiment;
  const cells = cellCount(experiment);
  // The matrix of a mistyped file need not fit into memory.
  if (cells > limits.cells) return [`The factors make ${count(cells)} cells; at most ${count(limits.cells)} can be run. Take values out, or make several experiments.`];
  const runs = cells * replications;
  if (runs > limits.runs) return [`The experiment has ${count(runs)} runs; at most ${count(limits.runs)} can be done. Take away cells or replications.`];
  const longest = Math.max(...factors.periodS);
  if (longest > durationS) return [`durationS is ${durationS}, shorter than the sampling period of ${longest} s: measure at least one period.`];
  const largest = Math.max(...cellsOf(experiment).map((cell) => readingsOf(experiment, cell)));
  if (largest > limits.readingsOfRun) return [`A run takes ${count(largest)} readings; at most ${count(limits.readingsOfRun)} fit into memory. Take fewer nodes, a shorter time or a longer period.`];
  const { readings } = extentOf(experiment);
  if (readings > limits.readings) return [`The runs take ${count(readings)} readings in all; at most ${count(limits.readings)} can be done. Take fewer runs or nodes, a shorter time or a longer period.`];
  return [];
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
