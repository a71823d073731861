/** Runs of experiments: the same run always gives the same numbers, and each number is what its name says. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell, Experiment, RunResult } from '../../web/lab/experiment/experiment.ts';
import { linkChoices } from '../../web/lab/measure/link-choices.ts';
import { LiveMeasuring } from '../../web/lab/measure/live-measuring.ts';
import { metrics, type RunMeasures } from '../../web/lab/measure/metrics.ts';
import { executeRun, executeRuns, parametersOf, RunCancelled, scenarioOf, type RunParts } from '../../web/lab/measure/run-experiment-run.ts';
import type { MqttMessage } from '../../web/protocol/message.ts';
import type { ParameterOverrides } from '../../web/sim/parameters.ts';
import { World } from '../../web/sim/world.ts';
import { slotsIn } from '../../web/sim/world-slots.ts';
import { openNodeRunParts } from '../lab/node-run-worker.ts';
import { smallCell, smallExperiment, undisturbed } from './small-run.ts';

let parts: RunParts;
beforeAll(async () => {
  parts = await openNodeRunParts();
});

const run = (cell: Partial<Cell> = {}, experiment: Partial<Experiment> = {}, seed = 7): Promise<RunResult> =>
  executeRun({ ...smallExperiment, ...experiment }, { cell: { ...smallCell, ...cell }, replication: 0, seed }, parts, undisturbed);

describe('the same run', () => {
  test('gives the same measures and digest, whatever ran before it in the same place', async () => {
    const alone = await run({ strategy: 'C', nodes: 2 });
    await run({ strategy: 'A', guest: 'rust', nodes: 4, link: 'edgeOfCoverage', weather: 'wetAutumn' }, {}, 8);
    await expect(run({ guest: 'none' })).rejects.toThrow(/none is not loaded/);
    const after = await run({ strategy: 'C', nodes: 2 });
    expect(after).toEqual(alone);
    parts = await openNodeRunParts();
    expect(await run({ strategy: 'C', nodes: 2 })).toEqual(alone);
    expect((await run({ strategy: 'C', nodes: 2 }, {}, 8)).digest).not.toBe(alone.digest);
  });

  test('does not depend on how often it was interrupted', async () => {
    let turns = 0;
    const interrupted = await executeRun(smallExperiment, { cell: smallCell, replication: 0, seed: 7 }, parts, {
      ...undisturbed,
      turn: () => new Promise((resolve) => setImmediate(resolve)).then(() => void (turns += 1)),
    });
    expect(interrupted).toEqual(await run());
    expect(turns).toBeGreaterThan(1);
  });

  test('uses common random numbers: the same messages take as long under C and E', async () => {
    const [c, e] = [await run({ strategy: 'C' }), await run({ strategy: 'E' })];
    for (const figure of ['meanMs', 'medianMs', 'p95Ms', 'p99Ms']) {
      expect(c.measures[`hop.edgeToBroker.${figure}`]).toBe(e.measures[`hop.edgeToBroker.${figure}`]);
    }
    expect(c.measures['hop.guest.medianMs']).toBeGreaterThan(10 * e.measures['hop.guest.medianMs']!);
  });
});

describe('runs that are done together', () => {
  // Resends and losses on the way, so that a message that takes another way would show.
  const lossy = { 'link.wifi.lossProbability': 0.05, 'link.lan.lossProbability': 0.05, 'link.wan.lossProbability': 0.05 } satisfies ParameterOverrides;

  test.each([0, 1] as const)('have, at QoS %i, the results that each has alone', async (qos) => {
    const experiment: Experiment = { ...smallExperiment, qos, parameters: lossy };
    const runs = (['A', 'B', 'C', 'D'] as const).map((strategy, index) => ({ cell: { ...smallCell, strategy, index }, replication: 0, seed: 7 }));
    const together = await executeRuns(experiment, runs, parts, undisturbed);
    const alone = [];
    for (const each of runs) alone.push(await executeRun(experiment, each, parts, undisturbed));
    expect(together).toEqual(alone);
    expect(new Set(alone.map(({ digest }) => digest)).size).toBe(4);
    expect(alone[0]!.measures['messages.lostPerThousand']).toBeGreaterThan(0);
  });

  test('may differ in the guest of their fogs where all edges are native', async () => {
    const runs = (['c', 'rust'] as const).map((guest, index) => ({ cell: { ...smallCell, guest, index }, replication: 0, seed: 7 }));
    const [c, rust] = await executeRuns(smallExperiment, runs, parts, undisturbed);
    expect(rust).toEqual({ ...c, cell: 1 });
  });
});

describe('a run that is cancelled', () => {
  test('ends soon, says so, and leaves room for the next', async () => {
    let shares: number[] = [];
    const cancelled = executeRun({ ...smallExperiment, durationS: 30 * 86_400 }, { cell: smallCell, replication: 0, seed: 7 }, parts, {
      turn: () => Promise.resolve(),
      cancelled: () => shares.length > 3,
      progress: (share) => shares.push(share),
    });
    await expect(cancelled).rejects.toThrow(RunCancelled);
    expect(shares.at(-1)).toBeLessThan(0.01);
    shares = [];
    expect((await run()).measures.readings).toBeGreaterThan(0);
  });
});

describe('what a run tells', () => {
  const having = (measures: RunMeasures): string[] => Object.keys(metrics).filter((id) => !Number.isNaN(measures[id]));

  test('every metric of the catalogue, and a tier that relays has none of its own', async () => {
    const [a, b, e] = [await run({ strategy: 'A' }), await run({ strategy: 'B' }), await run({ strategy: 'E' })];
    for (const { measures } of [a, b, e]) expect(Object.keys(measures)).toEqual(Object.keys(metrics));
    expect(having(e.measures)).toEqual(Object.keys(metrics));
    const missing = (measures: RunMeasures): string[] => Object.keys(metrics).filter((id) => Number.isNaN(measures[id]));
    expect(missing(b.measures).every((id) => /cloudCompute|\.cloud\./.test(id))).toBe(true);
    expect(missing(b.measures)).toContain('cpu.cloud.share');
    expect(missing(a.measures)).toContain('hop.brokerToFog.medianMs');
    expect(missing(a.measures)).toContain('memory.fog.usedBytes');
    // The telemetry goes straight to the cloud.
    expect(a.measures['hop.brokerToCloud.medianMs']).toBeGreaterThan(20);
  });

  test('lost messages cost results at QoS 0, and tries at QoS 1', async () => {
    const parameters = { 'link.wifi.lossProbability': 0.2 } as const;
    const once = (await run({ nodes: 20 }, { qos: 0, parameters })).measures;
    expect(once['results.perReading']).toBeGreaterThan(0.7);
    expect(once['results.perReading']).toBeLessThan(0.9);
    expect(once['messages.lostPerThousand']).toBeGreaterThan(100);
    expect(once['messages.resentPerThousand']).toBe(0);
    const again = (await run({ nodes: 20 }, { qos: 1, parameters })).measures;
    expect(again['results.perReading']).toBeCloseTo(1, 2);
    expect(again['messages.resentPerThousand']).toBeGreaterThan(100);
    expect(again['air.bytesPerReading']).toBeGreaterThan(once['air.bytesPerReading']!);
  });

  test('soil that begins dry is dry and stressed, soil that begins wet is neither', async () => {
    // With the pump at its least, a node cannot water its way out in an hour.
    const begun = (share: number) => run({ nodes: 5 }, { parameters: { 'soil.initialSaturation': share, 'soil.irrigationMmPerHour': 0.1 } });
    expect((await begun(0.3)).measures).toMatchObject({ 'water.belowThresholdShare': 1, 'water.stressShare': 1 });
    expect((await begun(0.8)).measures).toMatchObject({ 'water.belowThresholdShare': 0, 'water.stressShare': 0, 'water.irrigationMm': 0 });
  });

  test('a longer measurement of a steady fleet gives the same rates', async () => {
    const [short, long] = [await run({ nodes: 20, link: 'ideal' }), await run({ nodes: 20, link: 'ideal' }, { durationS: 4 * 3600 })];
    for (const id of ['energy.edge.jPerDay', 'air.bytesPerReading', 'cpu.edge.usPerReading', 'latency.medianMs', 'cpu.fog.share']) {
      expect(long.measures[id]! / short.measures[id]!, id).toBeCloseTo(1, 1);
    }
    expect(long.measures.readings! / short.measures.readings!).toBeCloseTo(4, 1);
  });
});

describe('the world of a cell', () => {
  test('an experiment’s own parameters are on top of its links, and those of what follows from the period', () => {
    const cell = { ...smallCell, link: 'ideal', periodS: 600 };
    expect(parametersOf({ ...smallExperiment, warmUpS: 1200 }, cell)).toMatchObject({ 'node.metricsPeriodS': 3600, 'node.bootSpreadMs': 600_000, 'link.wifi.latencySigma': 0 });
    const own = { 'node.metricsPeriodS': 40, 'link.wifi.latencySigma': 0.2 } as const;
    expect(parametersOf({ ...smallExperiment, parameters: own }, cell)).toMatchObject(own);
    const pinned = { 'link.wifi.latencySigma': 0.3, 'link.wan.latencySigma': 0.4, 'soil.siltLoam.saturation': 0.5 };
    expect(parametersOf({ ...smallExperiment, pinned, parameters: own }, cell)).toMatchObject({ ...pinned, ...linkChoices.ideal!.parameters, ...own });
    expect(parametersOf({ ...smallExperiment, warmUpS: 0 }, { ...cell, periodS: 1 })).toMatchObject({ 'node.metricsPeriodS': 30, 'node.bootSpreadMs': 0 });
  });

  test('samples with the period that the nodes were sent', async () => {
    const { measures } = await run({ periodS: 120 }, { durationS: 7200 });
    expect(measures.readings).toBeGreaterThanOrEqual(3 * 58);
    expect(measures.readings).toBeLessThanOrEqual(3 * 60);
  });

  test('a choice that there is not is named', async () => {
    await expect(run({ link: 'pigeons' })).rejects.toThrow(/no link choice "pigeons"/);
    await expect(run({ weather: 'hail' })).rejects.toThrow(/no weather choice "hail"/);
    await expect(run({ strategy: 'C', nodes: 500 })).rejects.toThrow(/at most 32 guests/);
  });
});

describe('a world that runs anyway', () => {
  const worldOf = (): World => {
    const installer = { install: () => Promise.reject(new Error('Nothing is installed here.')) };
    return new World({ ...parts, scenario: scenarioOf(smallExperiment, smallCell, 7), alone: new Map(), installer, meter: null });
  };

  test('is measured as an experiment’s run is, and no longer once that has ended', async () => {
    const world = worldOf();
    world.configure(null, { dry: 2600, wet: 1100, threshold: 1700, periodMs: 60_000 });
    await world.kernel.runUntil(300e6);
    const live = new LiveMeasuring(world);
    await world.kernel.runUntil(3900e6);
    expect(live.seconds).toBe(3600);
    expect(live.measures()).toEqual((await run()).measures);
    live.stop();
    const { readings } = live.measures();
    await world.kernel.runUntil(4200e6);
    expect(live.measures().readings).toBe(readings);
    world.stop();
  });

  test('with a board counts its readings, and what only models know is of the simulated nodes', async () => {
    const world = worldOf();
    world.slots = slotsIn(world);
    world.slots.open('board-1');
    const board = world.broker.connect('board-1', { keepAliveS: 0, cleanStart: true, onMessage: () => undefined });
    await world.kernel.runUntil(300e6);
    const live = new LiveMeasuring(world);
    const simulated = world.edges.map(({ runner }) => runner!.steps);
    const reading: MqttMessage = { topic: 'ic/board-1/data', payload: '{"raw":1500,"pct":74,"irrigar":0}', qos: 0, retain: false };
    for (let i = 0; i < 10; i += 1) {
      board.publish(reading);
      await world.kernel.runUntil(world.kernel.nowUs + 60e6);
    }
    const measures = live.measures();
    expect(live.simulatedNodes).toBe(3);
    const steps = world.edges.reduce((sum, { runner }, index) => sum + runner!.steps - simulated[index]!, 0);
    // A step ends a little before the reading that follows it.
    expect(Math.abs(measures.readings! - steps - 10)).toBeLessThanOrEqual(3);
    expect(measures['results.perReading']).toBeCloseTo(1, 1);
    expect(measures['energy.edge.jPerDay']).toBeGreaterThan(1000);

    // A node of the scenario that a board now stands for is not computed any more.
    world.slots.open('esp32-2');
    expect(new LiveMeasuring(world).simulatedNodes).toBe(2);
    world.slots.open('esp32-1');
    world.slots.open('esp32-3');
    const none = new LiveMeasuring(world).measures();
    for (const id of ['energy.edge.jPerDay', 'memory.edge.usedBytes', 'air.bytesPerNodeDay', 'water.irrigationMm', 'energy.edge.batteryDays']) expect(none[id], id).toBeNaN();
    world.stop();
  });
});
