import { expect, test } from 'vitest';
import { LiveFleet, measuredLive } from '../../web/app/lab-live-fleet.ts';
import { wallClock } from '../../web/app/wall-clock.ts';
import type { Experiment, Run } from '../../web/lab/experiment/experiment.ts';
import { runsOf } from '../../web/lab/experiment/matrix.ts';
import { Pacer } from '../../web/sim/pacer.ts';
import { defaultScenario } from '../../web/sim/scenario.ts';
import { World } from '../../web/sim/world.ts';
import { openNodeRunParts } from './node-run-worker.ts';

const experiment: Experiment = {
  name: 'Live',
  question: '',
  factors: { strategy: ['A', 'E'], guest: ['rust'], nodes: [3], link: ['asTheyAre'], periodS: [10], weather: ['asTheyAre'] },
  replications: 1,
  seed: 1,
  warmUpS: 60,
  durationS: 600,
  qos: 1,
  parameters: {},
  baseline: {},
  live: true,
};
const [underA, underE] = runsOf(experiment) as [Run, Run];

/** A fleet that runs as in the page, a thousand times as fast. */
async function fleet() {
  const parts = await openNodeRunParts();
  const installer = { install: () => Promise.resolve({ ok: false as const, reason: 'None is installed here.' }) };
  const newWorld = (): World => new World({ ...parts, scenario: { ...defaultScenario, nodes: 3 }, alone: new Map(), installer, meter: null });
  const worlds = [newWorld()];
  const [world] = worlds as [World];
  const pacer = new Pacer(wallClock(), world.kernel, 1000);
  const library = { find: (id: string) => Promise.resolve(parts.guests.get(id) ?? null) };
  const live = new LiveFleet({ pacer, library, clock: wallClock(), world: () => worlds.at(-1)! });
  void pacer.run();
  return {
    live,
    world,
    replace: () => void worlds.push(newWorld()),
    stop: () => {
      pacer.pause();
      for (const each of worlds) each.stop();
    },
  };
}

// Else boards on a bench cannot be put to the question that simulated ones were.
test('a fleet that runs is given strategy, guest and period, settles, and is measured', async () => {
  const { live, world, stop } = await fleet();
  expect(live.nodes()).toBe(3);
  world.configure(0, { dry: 2700, wet: 1000, threshold: 1800, periodMs: 3000 });
  const shares: number[] = [];
  const first = await live.run(experiment, underA, (share) => shares.push(share));
  expect(world.strategy).toBe('A');
  expect(world.edges[0]!.config).toMatchObject({ periodMs: 10_000 });
  const second = await live.run(experiment, underE, () => {});
  expect(world.strategy).toBe('E');
  for (const { measures, digest } of [first, second]) {
    expect(digest).toBe(measuredLive);
    // A guest's cycle is its period and the 160 ms that reading the probe takes.
    expect(measures.readings! / (3 * 60)).toBeGreaterThan(0.9);
    expect(measures['latency.medianMs']).toBeGreaterThan(0);
  }
  expect(first.measures['cpu.edge.usPerReading']).toBeGreaterThan(second.measures['cpu.edge.usPerReading']!);
  expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0))).toBe(true);
  expect(world.context.meter).toBeNull();
  stop();
});

// Else what is measured is half of one fleet and half of another, or nothing ever ends.
test('another scenario in the middle, or a cancellation, ends the run with a sentence', async () => {
  const { live, replace, stop } = await fleet();
  const running = live.run({ ...experiment, durationS: 86_400 }, underA, () => {});
  const cancelled = expect(running).rejects.toThrow(/cancelled/);
  setTimeout(() => live.cancel(), 300);
  await cancelled;
  const disturbed = expect(live.run({ ...experiment, durationS: 86_400 }, underA, () => {})).rejects.toThrow(/Another scenario was opened/);
  setTimeout(replace, 300);
  await disturbed;
  stop();
});
