import { expect, test } from 'vitest';
import type { Extent, HistoryEvent, HistoryPort, SeriesInfo, SeriesKey, StorageReport } from '../../history/history-port.ts';
import { HistoryViewStore } from './history-view.svelte.ts';
import { MOST_NODES } from './line-looks.ts';

const HOUR_MS = 3_600_000;
const settle = () => new Promise((done) => setTimeout(done));

/** Samples once a second of some nodes, in memory. */
function rig(nodes = 3, hours = 10) {
  const source = { fromMs: 1e12, toMs: 1e12 + hours * HOUR_MS, events: [] as HistoryEvent[], asked: [] as { series: SeriesKey[]; fromMs: number; toMs: number }[], empty: false };
  const infos = (): SeriesInfo[] =>
    Array.from({ length: nodes }, (_, n) =>
      (['raw', 'percent', 'latencyMs'] as const).map((quantity) => ({ node: `esp32-${n + 1}`, quantity, fromMs: source.fromMs, toMs: source.toMs, samples: (source.toMs - source.fromMs) / 1000 })),
    ).flat();
  const eventSpan = (): Extent | null => {
    const times = source.events.map(({ timeMs }) => timeMs);
    return times.length > 0 ? { fromMs: Math.min(...times), toMs: Math.max(...times), samples: 0 } : null;
  };
  const port: HistoryPort = {
    extent: async () => (source.empty ? eventSpan() : { fromMs: source.fromMs, toMs: source.toMs, samples: (source.toMs - source.fromMs) / 1000 }),
    series: async () => (source.empty ? [] : infos()),
    envelope: async (series, fromMs, toMs, columns) => {
      source.asked.push({ series, fromMs, toMs });
      const timeMs = Float64Array.from({ length: columns }, (_, i) => fromMs + ((i + 0.5) * (toMs - fromMs)) / columns);
      return series.map((key) => ({ series: key, timeMs, min: new Float32Array(columns), max: new Float32Array(columns), exact: false, samples: (Math.min(toMs, source.toMs) - Math.max(fromMs, source.fromMs)) / 1000 }));
    },
    events: async (nodes, fromMs, toMs, most) => {
      const found = source.events.filter((event) => (nodes?.includes(event.node) ?? true) && event.timeMs >= fromMs && event.timeMs < toMs);
      return { events: found.slice(0, most), leftOut: Math.max(0, found.length - most) };
    },
    storage: async () => ({ samples: 1 }) as StorageReport,
    export: () => Promise.reject(new Error()),
    import: async () => ({ ok: false, reason: '' }),
    cancel: async () => undefined,
    setLimit: async () => undefined,
    flush: async () => undefined,
    clear: async () => void (source.empty = true),
  };
  return { source, store: new HistoryViewStore(port, 900) };
}

test('it opens with the lines of the node that is selected in the page', async () => {
  const { store } = rig();
  await store.open('esp32-2', false);
  await settle();
  expect(store.looks.map(({ name }) => name)).toEqual(['esp32-2, raw', 'esp32-2, moisture']);
  expect([...store.lines.keys()]).toEqual(store.looks.map(({ id }) => id));
  expect(store.window).toEqual({ fromMs: store.extent!.fromMs, toMs: store.extent!.toMs });
});

test('a selected node of which nothing is kept does not leave the chart empty', async () => {
  const { store } = rig();
  await store.open('esp32-99', false);
  expect(store.nodes).toEqual(['esp32-1']);
});

// Else "recording" shows a picture that stands still.
test('while following the window moves on with new samples, and holds still once the user has moved it', async () => {
  const { source, store } = rig();
  await store.open(null, true);
  expect(store.following).toBe(true);
  source.toMs += 5000;
  await store.refresh(null);
  expect(store.window).toEqual({ fromMs: source.toMs - HOUR_MS, toMs: source.toMs });

  store.pan(-0.5);
  const held = store.window;
  source.toMs += 5000;
  await store.refresh(null);
  expect(store.following).toBe(false);
  expect(store.window).toEqual(held);
});

// Else the first minute of a recording is a few pixels at the edge of an empty hour.
test('of a history that has just begun it shows all there is, and grows with it up to an hour', async () => {
  const { source, store } = rig();
  source.toMs = source.fromMs + 20_000;
  await store.open(null, true);
  expect(store.window).toEqual({ fromMs: source.toMs - 60_000, toMs: source.toMs });
  source.toMs = source.fromMs + 600_000;
  await store.refresh(null);
  expect(store.window).toEqual({ fromMs: source.fromMs, toMs: source.toMs });
  expect(store.spanMs).toBe(Infinity);
  source.toMs = source.fromMs + 2 * HOUR_MS;
  await store.refresh(null);
  expect(store.window).toEqual({ fromMs: source.toMs - HOUR_MS, toMs: source.toMs });

  store.showLast(600_000);
  source.toMs += HOUR_MS;
  await store.refresh(null);
  expect(store.window).toEqual({ fromMs: source.toMs - 600_000, toMs: source.toMs });
});

test('where only events are kept they are listed, and the first samples are charted', async () => {
  const { source, store } = rig();
  source.empty = true;
  source.events = [{ kind: 'fault', timeMs: source.fromMs, node: 'esp32-9', text: 'stopped' }];
  await store.open(null, true);
  await settle();
  expect(store.extent).not.toBeNull();
  expect(store.events.list).toEqual(source.events);
  source.empty = false;
  await store.refresh('esp32-2');
  await settle();
  expect(store.nodes).toEqual(['esp32-2']);
});

// Else the table says how many are kept in all, which nobody asked for.
test('the samples within the window are counted', async () => {
  const { source, store } = rig();
  await store.open(null, false);
  await settle();
  store.show(source.fromMs + HOUR_MS, source.fromMs + 2 * HOUR_MS);
  expect([...(await store.countSamples())]).toEqual(store.looks.map(({ id }) => [id, 3600]));
});

test('new samples within sight are loaded though the window stands still', async () => {
  const { source, store } = rig();
  await store.open(null, false);
  store.show(source.toMs - 60_000, source.toMs + 60_000);
  await settle();
  const before = source.asked.length;
  source.toMs += 1000;
  await store.refresh(null);
  await settle();
  expect(source.asked.length).toBeGreaterThan(before);
});

// Else every frame of a drag costs a query.
test('small moves are served from what is loaded', async () => {
  const { source, store } = rig();
  await store.open(null, false);
  store.show(source.fromMs + HOUR_MS, source.fromMs + 2 * HOUR_MS);
  await settle();
  const before = source.asked.length;
  for (let i = 0; i < 20; i++) store.pan(0.01);
  await settle();
  expect(source.asked.length).toBe(before);
  for (let i = 0; i < 40; i++) store.pan(0.01);
  await settle();
  expect(source.asked.length).toBeGreaterThan(before);
  const { fromMs, toMs } = source.asked.at(-1)!;
  expect(fromMs).toBeLessThan(store.window.fromMs);
  expect(toMs).toBeGreaterThan(store.window.toMs);
});

test('no more nodes are charted than colours can tell apart', async () => {
  const { store } = rig(MOST_NODES + 2);
  await store.open(null, false);
  for (let n = 2; n <= MOST_NODES; n++) expect(store.toggleNode(`esp32-${n}`)).toBe(true);
  expect(store.toggleNode(`esp32-${MOST_NODES + 1}`)).toBe(false);
  expect(new Set(store.looks.map(({ colour }) => colour)).size).toBe(MOST_NODES);
});

test('events are filtered by kind, and all of a node are listed while they are few', async () => {
  const { source, store } = rig();
  const event = (kind: HistoryEvent['kind'], atMs: number): HistoryEvent => ({ kind, timeMs: source.fromMs + atMs, node: 'esp32-1', text: kind });
  source.events = [event('fault', 0), event('calibration', HOUR_MS), event('fault', 2 * HOUR_MS)];
  await store.open(null, false);
  await settle();
  expect(store.events.list).toHaveLength(3);
  store.events.toggleKind('fault');
  expect(store.events.list.map(({ kind }) => kind)).toEqual(['calibration']);
  expect(store.events.counts.fault).toBe(2);
});

// Else of a fleet's events those before the limit would be listed for ever and the window's own never.
test('too many events are loaded for the window, and the chosen one stays chosen', async () => {
  const { source, store } = rig(1, 10);
  source.events = Array.from({ length: 20_000 }, (_, i) => ({ kind: 'presence' as const, timeMs: source.fromMs + i * 1800, node: 'esp32-1', text: String(i) }));
  await store.open(null, false);
  await settle();
  store.show(source.fromMs + 5 * HOUR_MS, source.fromMs + 5.2 * HOUR_MS);
  await settle();
  expect(store.events.leftOut).toBe(0);
  expect(store.events.list[0]!.timeMs).toBeGreaterThan(source.fromMs + 4 * HOUR_MS);
  const chosen = store.events.list[100]!;
  store.events.choose(chosen);
  store.centre(chosen.timeMs);
  await settle();
  expect(store.events.list[store.events.chosenAt]).toEqual(chosen);
});

test('after everything was deleted it is empty, and begins anew with the first sample', async () => {
  const { source, store } = rig();
  await store.open(null, true);
  await store.clear();
  expect(store.extent).toBeNull();
  source.empty = false;
  await store.refresh('esp32-3');
  await settle();
  expect(store.nodes).toEqual(['esp32-3']);
  expect(store.lines.size).toBe(2);
});

test('a history that does not answer is told in words', async () => {
  const broken = new HistoryViewStore({ ...({} as HistoryPort), extent: () => Promise.reject(new Error('The database is gone.')), series: async () => [] });
  await broken.open(null, false);
  expect(broken.failure).toContain('The database is gone.');
});
