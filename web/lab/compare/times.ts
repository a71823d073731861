/**
 * How long calls take. The clock's step is far coarser than a call, so batches are timed and divided; the series of one
 * quantity take turns, batch by batch, so that what drifts (heat, other programs) drifts in all of them.
 */
import { GuestFaultError } from '../../guest/types.ts';
import { fiellerInterval } from '../report/fieller.ts';
import type { LabRuntime, RuntimeId } from '../runtimes/runtime.ts';
import { READINGS, type TimedModule, type TimedQuantity, type TimedRuntime } from '../runtimes/timed.ts';
import type { ComparedModule, TimeRatio, TimeSeries, TimesOrder, TimesReport, Work } from './compare-port.ts';
import { usualReadings } from './guest-inputs.ts';
import { hasSettled, MOST_WARM_UP_BATCHES } from './settle.ts';
import { summarise } from './summary.ts';
import { Pace } from './work-pace.ts';

const quantities: readonly TimedQuantity[] = ['process', 'filter_value', 'detect_anomaly', 'step', 'host-call', 'line'];
/** A batch of more calls than this would be of calls that cost nothing. */
const MOST_CALLS = 2 ** 26;

interface Subject {
  runtime: RuntimeId;
  /** Null for the host call, which is the runtime's own. */
  module: ComparedModule | null;
  timed: TimedModule;
}

interface Series {
  subject: Subject;
  count: number;
  warmUp: number[];
  kept: number[];
  settled: boolean;
}

export async function measureTimes(
  runtimes: readonly (LabRuntime & TimedRuntime)[],
  modules: readonly ComparedModule[],
  order: TimesOrder,
  work: Work,
): Promise<TimesReport> {
  const gaps: TimesReport['gaps'][number][] = [];
  const subjects = await openSubjects(runtimes, modules, order.seed, gaps);
  const wanted = quantities.filter((quantity) => subjects.some(({ timed }) => timed.quantities.includes(quantity)));
  const pace = new Pace(work, wanted.length * (order.batches + 1));
  const series: TimeSeries[] = [];
  try {
    for (const quantity of wanted) {
      const able = subjects.filter(({ timed }) => timed.quantities.includes(quantity));
      series.push(...(await measureQuantity(quantity, able, order, pace, gaps)));
    }
  } finally {
    for (const { timed } of subjects) timed.stop();
  }
  return { order, timerUs: timerStepUs(), series, ratios: ratiosOf(series, modules), gaps };
}

async function openSubjects(
  runtimes: readonly (LabRuntime & TimedRuntime)[],
  modules: readonly ComparedModule[],
  seed: number,
  gaps: TimesReport['gaps'][number][],
): Promise<Subject[]> {
  const readings = usualReadings(READINGS, seed);
  const subjects: Subject[] = [];
  const add = (runtime: RuntimeId, module: ComparedModule | null, timed: TimedModule | string): void => {
    if (typeof timed === 'string') gaps.push({ runtime, module: module?.id ?? null, reason: timed });
    else subjects.push({ runtime, module, timed });
  };
  for (const runtime of runtimes) {
    const problem = await runtime.ready();
    for (const module of modules) {
      // Native code is the same beside every module: once is enough.
      if (runtime.id === 'native' && subjects.some((each) => each.runtime === 'native')) break;
      const { name, bytes } = runtime.id === 'wasmer' && module.wasi ? module.wasi : module;
      add(runtime.id, runtime.id === 'native' ? null : module, problem ?? (await opened(() => runtime.timed(name, bytes, readings))));
    }
    add(runtime.id, null, problem ?? (await opened(() => runtime.timedHostCall())));
  }
  return subjects;
}

/** A module that cannot start is a gap, no failure of the measurement. */
async function opened(open: () => Promise<TimedModule | string>): Promise<TimedModule | string> {
  try {
    return await open();
  } catch (error) {
    return sentenceOf(error);
  }
}

async function measureQuantity(
  quantity: TimedQuantity,
  subjects: readonly Subject[],
  order: TimesOrder,
  pace: Pace,
  gaps: TimesReport['gaps'][number][],
): Promise<TimeSeries[]> {
  let live: Series[] = subjects.map((subject) => ({ subject, count: 1, warmUp: [], kept: [], settled: false }));
  let rounds = 0;
  /** One turn of each; one that faults leaves, and is told of. */
  const turn = async (turnOf: (series: Series) => Promise<void>): Promise<void> => {
    // Whoever comes first in a round is disturbed less on a busy computer, so each round begins with another.
    const first = rounds % Math.max(1, live.length);
    rounds += 1;
    for (const each of [...live.slice(first), ...live.slice(0, first)]) {
      try {
        await turnOf(each);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        live = live.filter((other) => other !== each);
        gaps.push({ runtime: each.subject.runtime, module: each.subject.module?.id ?? null, reason: `${quantity}: ${sentenceOf(error)}` });
      }
      await pace.breathe();
    }
  };
  const batch = async ({ subject, count }: Series): Promise<number> => ((await subject.timed.run(quantity, count)) * 1000) / count;
  await pace.begin(`${quantity}: warming up`);
  await turn(async (each) => void (each.count = await calibrate(each.subject.timed, quantity, order.batchMs)));
  for (let round = 0; round < MOST_WARM_UP_BATCHES && live.some(({ settled }) => !settled); round++) {
    await turn(async (each) => {
      each.warmUp.push(await batch(each));
      each.settled ||= hasSettled(each.warmUp);
    });
  }
  // Warm code is faster, so a batch of the same length holds more calls of it.
  await turn(async (each) => void (each.count = await calibrate(each.subject.timed, quantity, order.batchMs)));
  for (let round = 0; round < order.batches; round++) {
    await pace.begin(`${quantity}: batch ${round + 1} of ${order.batches}`);
    await turn(async (each) => void each.kept.push(await batch(each)));
  }
  return live.map(({ subject, count, warmUp, kept, settled }) => ({
    ...{ quantity, runtime: subject.runtime, module: subject.module?.id ?? null },
    ...{ batchUs: kept, callsPerBatch: count, warmUpBatches: warmUp.length, settled },
    summary: summarise(kept),
  }));
}

/** Calls that take about `batchMs`. */
async function calibrate(timed: TimedModule, quantity: TimedQuantity, batchMs: number): Promise<number> {
  let count = 1;
  for (;;) {
    // The shortest of a few: one that was interrupted would make the batches too short.
    let ms = Infinity;
    for (let tries = 0; tries < 3; tries++) ms = Math.min(ms, await timed.run(quantity, count));
    if (ms >= batchMs / 2 || count >= MOST_CALLS) return Math.max(1, Math.min(MOST_CALLS, Math.round((count * batchMs) / Math.max(ms, batchMs / 8))));
    count *= ms > batchMs / 64 ? 2 : 8;
  }
}

/** Of the first module over each other, where both were measured in the same runtime. */
function ratiosOf(series: readonly TimeSeries[], modules: readonly ComparedModule[]): TimeRatio[] {
  const [first, ...others] = modules;
  return series
    .filter(({ module }) => first && module === first.id)
    .flatMap(({ quantity, runtime, batchUs, summary }) =>
      others.flatMap((other): TimeRatio[] => {
        const below = series.find((each) => each.quantity === quantity && each.runtime === runtime && each.module === other.id);
        if (!below || below.summary.min <= 0) return [];
        const { median: ratio, medianInterval: interval } = summarise(batchUs.map((us, at) => us / below.batchUs[at]!));
        const ofMeansInterval = batchUs.length > 1 ? fiellerInterval(batchUs, below.batchUs) : null;
        const names = { quantity, runtime: runtime as RuntimeId, a: first!.id, b: other.id };
        return [{ ...names, ratio, interval, ofMeans: summary.mean / below.summary.mean, ofMeansInterval }];
      }),
    );
}

function timerStepUs(): number {
  let least = Infinity;
  for (let at = 0, before = performance.now(); at < 100_000; at++) {
    const now = performance.now();
    if (now > before) least = Math.min(least, now - before);
    before = now;
  }
  // Sums of binary fractions carry digits that the clock has not.
  return Number.isFinite(least) ? Math.round(least * 1e6) / 1e3 : 0;
}

function sentenceOf(error: unknown): string {
  if (error instanceof GuestFaultError) return error.fault.reason;
  return error instanceof Error ? error.message : String(error);
}
