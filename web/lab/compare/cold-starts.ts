/** From nothing to the first result, again and again, each time with bytes that the engine has not seen. */
import { GuestFaultError } from '../../guest/types.ts';
import type { ColdRuntime, ColdStart } from '../runtimes/cold-start.ts';
import type { LabRuntime } from '../runtimes/runtime.ts';
import type { ColdStartOrder, ColdStartReport, ColdStartSeries, ComparedModule, Work } from './compare-port.ts';
import { summarise } from './summary.ts';
import { Pace } from './work-pace.ts';

const parts = ['fetchMs', 'compileMs', 'transformMs', 'instantiateMs', 'firstCallMs'] as const;

interface Subject {
  runtime: LabRuntime & ColdRuntime;
  module: ComparedModule;
  bytes: Uint8Array;
  url: string | null;
  samples: ColdStart[];
}

export async function measureColdStarts(
  runtimes: readonly (LabRuntime & ColdRuntime)[],
  modules: readonly ComparedModule[],
  order: ColdStartOrder,
  work: Work,
): Promise<ColdStartReport> {
  const gaps: ColdStartReport['gaps'][number][] = [];
  const gap = ({ id }: LabRuntime, module: ComparedModule, reason: string): void => void gaps.push({ runtime: id, module: module.id, reason });
  let subjects: Subject[] = [];
  for (const runtime of runtimes) {
    const problem = await runtime.ready();
    for (const module of modules) {
      const { bytes, url } = runtime.id === 'wasmer' && module.wasi ? module.wasi : module;
      if (problem !== null) gap(runtime, module, problem);
      else if (runtime.id !== 'native' || !subjects.some((each) => each.runtime === runtime)) subjects.push({ runtime, module, bytes, url, samples: [] });
    }
  }
  const pace = new Pace(work, order.repeats * subjects.length);
  for (let round = 0; round < order.repeats; round++) {
    for (const subject of subjects) {
      const { runtime, module } = subject;
      await pace.begin(`${module.name} on ${runtime.title}, start ${round + 1} of ${order.repeats}`);
      const sample = await startOnce(subject);
      if (typeof sample !== 'string') subject.samples.push(sample);
      else {
        gap(runtime, module, sample);
        subjects = subjects.filter((each) => each !== subject);
      }
    }
  }
  return { series: subjects.map(seriesOf), gaps };
}

async function startOnce({ runtime, bytes, url }: Subject): Promise<ColdStart | string> {
  try {
    const fetchMs = runtime.id === 'native' ? null : await timeFetch(url);
    const start = await runtime.coldStart(bytes);
    return typeof start === 'string' ? start : { ...start, fetchMs };
  } catch (error) {
    if (error instanceof GuestFaultError) return error.fault.reason;
    throw error;
  }
}

/** Past the browser's own cache; a service worker that keeps the file answers all the same, as it does when it is needed. */
async function timeFetch(url: string | null): Promise<number | null> {
  if (url === null) return null;
  const from = performance.now();
  try {
    const response = await fetch(url, { cache: 'no-store' });
    await response.arrayBuffer();
    return response.ok ? performance.now() - from : null;
  } catch {
    // Offline without a service worker: the bytes at hand still start.
    return null;
  }
}

function seriesOf({ runtime, module, samples }: Subject): ColdStartSeries {
  const summaryOf = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? summarise(known) : null;
  };
  const of = Object.fromEntries(parts.map((part) => [part, summaryOf(samples.map((sample) => sample[part]))])) as Record<keyof ColdStart, ReturnType<typeof summaryOf>>;
  const totals = samples.map((sample) => parts.reduce((sum, part) => sum + (sample[part] ?? 0), 0));
  return { runtime: runtime.id, module: runtime.id === 'native' ? null : module.id, samples, parts: { ...of, totalMs: summaryOf(totals) }, note: runtime.coldNote };
}
