import { expect, test } from 'vitest';
import { builtBytes, builtModule } from '../../tests/guests/built.ts';
import { reportByEngine } from './report-by-engine.ts';
import { inspectModule } from './wasm/inspect.ts';

test('the engine tells of a module what reading it tells, else a GC guest is checked by other rules', () => {
  const read = inspectModule(builtBytes('irrigation-rust'));
  const told = reportByEngine(builtBytes('irrigation-rust'), builtModule('irrigation-rust'));
  expect(told.imports).toEqual(read.imports);
  const of = ({ exports }: typeof read) => exports.filter(({ name }) => !name.startsWith('__')).map(({ name, type }) => ({ name, type }));
  expect(of(told)).toEqual(of(read));
  expect(told.memory).toEqual(read.memory);
  expect(told.sections).toEqual(read.sections);
  expect(told.language).toBe(read.language);
});
