/**
 * docs/methods/queue.md: queues loaded to known utilisation against the textbook's mean waiting time. What would be lost:
 * every latency of a busy fleet is a wait in one of these queues.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { executeRun, type RunParts } from '../../web/lab/measure/run-experiment-run.ts';
import { criticalT } from '../../web/lab/report/student-t.ts';
import { Broker } from '../../web/mqtt/broker.ts';
import { Link } from '../../web/sim/models/link.ts';
import { Parameters } from '../../web/sim/parameters.ts';
import { stream } from '../../web/sim/random.ts';
import { cpuUs, runtimeProfile } from '../../web/sim/runtime-profile.ts';
import { defaultScenario } from '../../web/sim/scenario.ts';
import { StreamBank } from '../../web/sim/stream-bank.ts';
import { World } from '../../web/sim/world.ts';
import { openNodeRunParts } from '../lab/node-run-worker.ts';
import { smallCell, smallExperiment, undisturbed } from './small-run.ts';

const utilisations = [0.3, 0.6, 0.9];
/** Long against the whole microseconds in which the kernel counts. */
const SERVICE_US = 10_000;

const SETTLING = 5_000;
const BATCHES = 30;
const BATCH = 3_000;
const CUSTOMERS = SETTLING + BATCHES * BATCH;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Of ten intervals of 95 %, fewer than seven hit with a probability of 1e-3 (binomial). */
const LEAST_HITS = 7;

let parts: RunParts;
beforeAll(async () => {
  parts = await openNodeRunParts();
});

interface Interval {
  mean: number;
  halfWidth: number;
}

/** Student's t-interval of 95 % over values that are independent, or nearly so. */
function intervalOf(values: readonly number[]): Interval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: criticalT(n - 1) * Math.sqrt(variance / n) };
}

/** Batch means of the waits of customers that come one after the other. */
function batchMeans(waitOf: () => number): Interval {
  for (let i = 0; i < SETTLING; i += 1) waitOf();
  return intervalOf(
    Array.from({ length: BATCHES }, () => {
      let sum = 0;
      for (let i = 0; i < BATCH; i += 1) sum += waitOf();
      return sum / BATCH;
    }),
  );
}

/** Pollaczek and Khinchine for a constant time of service. */
function waitOfMD1(utilisation: number): number {
  return (utilisation * SERVICE_US) / (2 * (1 - utilisation));
}

/** Absolute times of a Poisson stream, in whole microseconds. */
function poisson(seed: number, queue: 'link' | 'processor', utilisation: number): () => number {
  const random = stream(seed, `arrivals/${queue}/${utilisation}`);
  let timeUs = 0;
  return () => Math.round((timeUs += random.exponential(SERVICE_US / utilisation)));
}

function expectHits(intervals: readonly Interval[], expected: number): void {
  const hits = intervals.filter(({ mean, halfWidth }) => Math.abs(mean - expected) <= halfWidth).length;
  const pooled = intervalOf(intervals.map(({ mean }) => mean));
  const told = `seeds ${SEEDS.join(', ')}: ${hits} of ${intervals.length} intervals hold ${expected} us; over all ${pooled.mean} +- ${pooled.halfWidth} us`;
  expect(hits, told).toBeGreaterThanOrEqual(LEAST_HITS);
  // One choice of seeds in some seven hundred would miss this by chance; these are fixed.
  expect(Math.abs(pooled.mean - expected), told).toBeLessThan(2 * pooled.halfWidth);
}

describe.each(utilisations)('utilisation %f', (utilisation) => {
  test('a link with Poisson arrivals waits as M/D/1', () => {
    const bytes = 1000;
    const profile = { latencyMedianMs: 5, latencySigma: 0.5, lossProbability: 0.01, overheadBytes: 0, frameOverheadUs: 0, bandwidthMbps: (bytes * 8) / SERVICE_US };
    const intervals = SEEDS.map((seed) => {
      const link = new Link(profile, stream(seed, 'link'));
      const next = poisson(seed, 'link', utilisation);
      return batchMeans(() => link.send(next(), bytes).queuedUs);
    });
    expectHits(intervals, waitOfMD1(utilisation));
  });

  test('the processor of the fog with Poisson arrivals waits as M/D/1', async () => {
    // 10 ms for each call of the native filter.
    const overrides = { 'cost.reference.filterInstructions': 200_000, 'cost.pi4.native.nsPerInstruction': 50, 'cost.pi4.native.nsPerHostCall': 0 };
    const intervals: Interval[] = [];
    for (const seed of SEEDS) {
      const world = worldFor(overrides, seed);
      const profile = runtimeProfile('fog', 'native', new Parameters(overrides))!;
      expect(cpuUs(profile, 200_000, 1)).toBe(SERVICE_US);
      const bank = new StreamBank(world.context, 'fog', profile, null);
      const one = bank.open('readings');
      const waits: number[] = [];
      const next = poisson(seed, 'processor', utilisation);
      const { kernel } = world;
      const arrive = (): void => {
        waits.push(bank.filter(one, 1700, false)!.doneUs - SERVICE_US - kernel.nowUs);
        if (waits.length < CUSTOMERS) kernel.at(next(), arrive);
      };
      kernel.at(next(), arrive);
      while (waits.length < CUSTOMERS) await kernel.runUntil(kernel.nowUs + 3600e6);
      world.stop();
      let at = 0;
      intervals.push(batchMeans(() => waits[at++]!));
    }
    expectHits(intervals, waitOfMD1(utilisation));
  }, 120_000);

  test('in a whole simulation, fifty nodes that sample in turn queue at the fog as N*D/D/1', async () => {
    const nodes = 50;
    // A cycle of the native node: its pause, the reading, and 4 + 3 us of computing.
    const cycleUs = 3_000_000 + 160_000 + 7;
    const serviceUs = Math.round((utilisation * cycleUs) / nodes);
    const experiment = {
      ...smallExperiment,
      warmUpS: 15,
      // With nothing left to chance but the phases, every cycle is like the one before.
      durationS: 2 * 3.16,
      qos: 0 as const,
      parameters: {
        'node.bootSpreadMs': cycleUs / 1000,
        'node.metricsPeriodS': 3600,
        'cost.reference.filterInstructions': serviceUs * 10,
        'cost.reference.anomalyInstructions': serviceUs * 10,
        'cost.pi4.native.nsPerInstruction': 50,
        'cost.pi4.native.nsPerHostCall': 0,
      },
    };
    const cell = { ...smallCell, nodes, link: 'ideal', periodS: 3 };
    const means: number[] = [];
    for (let seed = 1; seed <= 40; seed += 1) {
      const { measures } = await executeRun(experiment, { cell, replication: 0, seed }, parts, undisturbed);
      expect(measures['cpu.fog.share']).toBeCloseTo(utilisation, 2);
      means.push(measures['hop.fogCompute.meanMs']! * 1000 - serviceUs);
    }
    const { mean, halfWidth } = intervalOf(means);
    const expected = serviceUs * waitOfPeriodic(nodes, cycleUs / serviceUs);
    expect(Math.abs(mean - expected), `seeds 1 to 40: ${mean} +- ${halfWidth} us, by the formula ${expected} us`).toBeLessThanOrEqual(halfWidth);
  }, 120_000);
});

/** Its own nodes are of no account here: what matters is its clock. */
function worldFor(parameters: Record<string, number>, seed: number): World {
  return new World({
    scenario: { ...defaultScenario, nodes: 1, strategy: 'E', seed, parameters },
    guests: parts.guests,
    alone: new Map(),
    newBroker: () => new Broker(),
    installer: { install: () => Promise.reject(new Error('Nothing is installed here.')) },
    engine: parts.engine,
    weather: parts.weather,
    meter: null,
  });
}

/**
 * Mean wait, in times of service, of one of N sources that send once in a period at a time of their own (Eckberg 1979; Roberts and
 * Virtamo 1991): it meets the work that the other N - 1 have left, whose distribution is known in closed form.
 * @param period in times of service
 */
function waitOfPeriodic(sources: number, period: number): number {
  const others = sources - 1;
  const steps = 200;
  let mean = 0;
  for (let i = 0; i < others * steps; i += 1) mean += workExceeds((i + 0.5) / steps, others, period) / steps;
  return mean;
}

/** The probability that n periodic sources have left more than x times of service to be done. */
function workExceeds(x: number, sources: number, period: number): number {
  let sum = 0;
  let choose = 1;
  for (let n = 1; n <= sources; n += 1) {
    choose = (choose * (sources - n + 1)) / n;
    if (n <= x) continue;
    const share = (n - x) / period;
    sum += (choose * share ** n * (1 - share) ** (sources - n) * (period - sources + x)) / (period - n + x);
  }
  return sum;
}
