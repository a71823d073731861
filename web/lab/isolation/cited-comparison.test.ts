import { expect, test } from 'vitest';
import { citation, citations, citedApproaches } from './cited-comparison.ts';

const claims = citedApproaches.flatMap(({ boundary, costs, limits }) => [boundary, ...costs, ...limits]);

test('every number and every boundary has its source, else the page would claim what nobody measured', () => {
  for (const { says, by } of claims) {
    for (const id of by) expect(citation(id).url).toMatch(/^https:\/\//);
    if (/\d/.test(says) || citedApproaches.some(({ boundary }) => boundary.says === says)) expect(by, says).not.toEqual([]);
  }
});

test('no source is listed that nothing rests on', () => {
  const used = new Set(claims.flatMap(({ by }) => by));
  expect(citations.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
});
