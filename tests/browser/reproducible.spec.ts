import { expect, test } from '@playwright/test';
import { defaultScenario } from '../../web/sim/scenario.ts';
import { openSimulation } from '../node/open-simulation.ts';
import { digestAt, openLab } from './support/lab.ts';

const UNTIL_US = 300e6;

test('one link gives one event log: twice in the page, by blocked threads, and in Node', async ({ page, context }) => {
  // Four runs, one after the other.
  test.setTimeout(180_000);
  await openLab(page, 'nodes=4&guest=rust&seed=7');
  const first = await digestAt(page, UNTIL_US);
  expect(first.lines).toBeGreaterThan(2000);

  const again = await context.newPage();
  await openLab(again, 'nodes=4&guest=rust&seed=7&speed=1');
  expect(await digestAt(again, UNTIL_US)).toEqual(first);

  const threads = await context.newPage();
  await openLab(threads, 'nodes=4&guest=rust&seed=7&loop=workers');
  expect(await digestAt(threads, UNTIL_US)).toEqual(first);

  const simulation = await openSimulation();
  await simulation.load({ ...defaultScenario, nodes: 4, guest: 'rust', seed: 7 });
  await simulation.advanceTo(UNTIL_US);
  const { digest, lines, timeUs } = await simulation.log();
  expect({ digest, lines, timeUs }).toEqual(first);
});
