import { expect, test } from 'vitest';
import { checkExperiment } from '../../../lab/experiment/experiment-file.ts';
import { choices } from '../../../lab/experiment/open-file.ts';
import { inFormWords } from './form-words.ts';
import { presets } from './presets.ts';

const [{ experiment }] = presets;

function problemOf(part: object): string {
  const checked = checkExperiment({ ...experiment, ...part }, choices);
  if (checked.ok) throw new Error('nothing is wrong with it');
  return inFormWords(checked.problems[0]!);
}

// Else somebody who fills in a form is told of paths in a file that they never saw.
test('what is wrong is told of the field it is in', () => {
  expect(problemOf({ factors: { ...experiment.factors, nodes: [2, NaN] } })).toMatch(/^Edge nodes, value 2, has to be a whole number from 1 to [\d,]+\.$/);
  expect(problemOf({ replications: NaN })).toMatch(/^Replications has to be a whole number/);
  expect(problemOf({ durationS: 0 })).toMatch(/^Measured time has to be a whole number.*it is 0\.$/);
  expect(problemOf({ factors: { ...experiment.factors, strategy: [] } })).toMatch(/^Strategies /);
  expect(problemOf({ durationS: 10 })).toMatch(/^Measured time is 10, shorter than the sampling period of 60 s/);
});

test('a sentence that is of no field stays as it is', () => {
  expect(inFormWords('The factors make 4,000 cells.')).toBe('The factors make 4,000 cells.');
  expect(inFormWords('parameters.x: there is no such parameter.')).toBe('parameters.x: there is no such parameter.');
});
