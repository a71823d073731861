/** History as a page's recorder and its History view use it. */
import type { Page } from '@playwright/test';
import type { EnvelopeLine, HistoryEvent, Provenance, SeriesKey, StorageReport, ToHistory } from '../../../web/history/history-port.ts';

export interface Recording {
  series: SeriesKey[];
  /** Of each sample its series, by index, its time and value. */
  samples: [of: number, timeMs: number, value: number][];
  events?: HistoryEvent[];
  provenance?: Provenance[];
}

/** Sends through a port of its own; resolves when it is sure to outlive the tab. */
export function record(page: Page, recording: Recording): Promise<void> {
  return page.evaluate(async ({ series, samples, events = [], provenance = [] }) => {
    const { connect, history } = await window.continuumLab.openHistory();
    const port = await connect();
    const send = (message: ToHistory): void => port.postMessage(message);
    const before = (await history.series()).reduce((sum, each) => sum + each.samples, 0);
    send({ kind: 'declare', series });
    for (const of of provenance) send({ kind: 'provenance', of });
    send({ kind: 'events', events });
    send({
      kind: 'samples',
      series: Uint32Array.from(samples, ([of]) => of),
      timeMs: Float64Array.from(samples, ([, timeMs]) => timeMs),
      value: Float32Array.from(samples, ([, , value]) => value),
    });
    // The port and the questions travel on different ways.
    while (samples.length > 0 && (await history.series()).reduce((sum, each) => sum + each.samples, 0) === before) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await history.flush();
  }, recording);
}

/**
 * Records noise of a probe under `raw`, a reading every three seconds, and a smooth mean under `fogEma`.
 * @param spikeAt index of one reading of 4095
 */
export function recordNoise(page: Page, node: string, fromMs: number, readings: number, spikeAt = -1): Promise<void> {
  return page.evaluate(
    async ([id, start, count, spike]) => {
      const { connect, history } = await window.continuumLab.openHistory();
      const held = async (): Promise<number> =>
        (await history.series()).filter((each) => each.node === id).reduce((sum, { samples }) => sum + samples, 0);
      const before = await held();
      const port = await connect();
      const send = (message: ToHistory): void => port.postMessage(message);
      send({ kind: 'declare', series: [{ node: id, quantity: 'raw' }, { node: id, quantity: 'fogEma' }] });
      let seed = 1;
      const noise = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) >>> 26;
      const raw = Float32Array.from({ length: count }, (_, i) => (i === spike ? 4095 : 1700 + noise()));
      let mean = 1700;
      const ema = raw.map((value) => (mean += 0.2 * (value - mean)));
      const timeMs = Float64Array.from({ length: count }, (_, i) => start + i * 3000 + noise());
      send({ kind: 'samples', series: new Uint32Array(count), timeMs, value: raw });
      send({ kind: 'samples', series: new Uint32Array(count).fill(1), timeMs, value: ema });
      // The port and the questions travel on different ways.
      while ((await held()) === before) await new Promise((resolve) => setTimeout(resolve, 20));
      await history.flush();
    },
    [node, fromMs, readings, spikeAt] as const,
  );
}

export interface Line {
  exact: boolean;
  timeMs: number[];
  min: number[];
  max: number[];
}

export function line(page: Page, series: SeriesKey, fromMs: number, toMs: number, columns: number): Promise<Line> {
  return page.evaluate(
    async ([key, from, to, most]) => {
      const { history } = await window.continuumLab.openHistory();
      const [found] = (await history.envelope([key], from, to, most)) as [EnvelopeLine];
      return { exact: found.exact, timeMs: [...found.timeMs], min: [...found.min], max: [...found.max] };
    },
    [series, fromMs, toMs, columns] as const,
  );
}

export function storage(page: Page): Promise<StorageReport> {
  return page.evaluate(async () => (await window.continuumLab.openHistory()).history.storage());
}

/** Moves all into blocks, and thins when there is too much. */
export function compact(page: Page): Promise<void> {
  return page.evaluate(async () => (await window.continuumLab.openHistory()).compact());
}
