import { expect, test } from 'vitest';
import { parameter } from '../../sim/parameters.ts';
import { driftOf, listParameters } from './parameter-list.ts';

// Else a reader of the file cannot tell what the results rest on.
test('every parameter is listed with its value, unit and source', () => {
  const listed = listParameters({}, { 'link.wifi.latencyMedianMs': 30 });
  expect(listed.length).toBeGreaterThan(80);
  for (const { id, source, unit } of listed) {
    expect(source, id).not.toBe('');
    expect(unit, id).toBeTypeOf('string');
  }
  expect(listed.find(({ id }) => id === 'link.wifi.latencyMedianMs')).toMatchObject({ value: 30, set: true });
});

// Else a file of last year is rerun under this year's numbers, and seems to be wrong.
test('what the models took then is set again, but for what the experiment sets itself', () => {
  const then = listParameters({}, {}).map((each) => ({ ...each, value: each.id.startsWith('link.wifi.') ? each.value / 2 : each.value }));
  const { pinned, notes } = driftOf(then, new Set(['link.wifi.lossProbability']));
  expect(pinned['link.wifi.latencyMedianMs']).toBe(parameter('link.wifi.latencyMedianMs').value / 2);
  expect(pinned).not.toHaveProperty('link.wifi.lossProbability');
  expect(Object.keys(pinned).every((id) => id.startsWith('link.wifi.'))).toBe(true);
  expect(notes).toEqual([]);
});

test('parameters that only one side knows are named', () => {
  const [first, ...others] = listParameters({}, {});
  const { notes } = driftOf([...others, { id: 'link.pigeon.speed', value: 1 }], new Set());
  expect(notes[0]).toContain('link.pigeon.speed');
  expect(notes[1]).toContain(first!.id);
});
