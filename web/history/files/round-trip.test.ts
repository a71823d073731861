import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventKinds, quantities, type HistoryEvent, type Progress, type Provenance, type SeriesKey } from '../history-port.ts';
import { inOrder } from '../shape/merge.ts';
import { quantityUnits } from '../quantity-units.ts';
import { collectBlob } from './collect-blob.ts';
import { csvPieces } from './csv-writer.ts';
import type { ExportSource } from './export-source.ts';
import { importFile } from './import-file.ts';
import { jsonPieces } from './json-writer.ts';
import { float32Text, parseFloat32 } from './number-text.ts';

const writers = { csv: csvPieces, json: jsonPieces };
const never = new AbortController().signal;
const noProgress = (): void => {};

/** What an import gave, by series and time; bits of values, so that 0 and -0 differ. */
function target() {
  const samples = new Map<string, number>();
  const events: HistoryEvent[] = [];
  const provenance: unknown[] = [];
  return {
    samples,
    events,
    provenance,
    addSamples: ({ node, quantity }: SeriesKey, timeMs: Float64Array, value: Float32Array) =>
      timeMs.forEach((time, i) => samples.set(`${node} ${quantity} ${time}`, new Int32Array(Float32Array.of(value[i]!).buffer)[0]!)),
    addEvents: (more: HistoryEvent[]) => void events.push(...more),
    addProvenance: (sinceMs: number, of: Provenance) => void provenance.push({ ...of, sinceMs }),
    room: () => Promise.resolve(),
  };
}

const node = fc.stringMatching(/^[a-z0-9][a-zA-Z0-9_-]{0,15}$/);
const timeMs = fc.oneof(fc.integer({ min: 1.7e12, max: 1.8e12 }), fc.integer({ min: -8.64e15, max: 8.64e15 }));
const value = fc.oneof(fc.integer({ min: 0, max: 4095 }), fc.float({ noNaN: true }), fc.constantFrom(-0, Infinity, -Infinity));
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a "quoted", text; with\nlines\r\n', '# event {', '\u2028'));
const source = fc.record({
  selection: fc.constant({ nodes: null, quantities: null, fromMs: null, toMs: null }),
  exportedAtMs: fc.constant(1_780_000_000_000),
  events: fc.array(fc.record({ timeMs, node, kind: fc.constantFrom(...eventKinds), text }), { maxLength: 5 }),
  provenance: fc.array(
    fc.record({
      sinceMs: timeMs,
      node,
      tier: fc.constantFrom('edge', 'fog', 'cloud'),
      kind: fc.constantFrom('simulated', 'real'),
      owner: fc.option(text),
      runtime: fc.option(text),
      guestSha256: fc.option(text),
    }),
    { maxLength: 5 },
  ),
  series: fc.uniqueArray(fc.record({ node, quantity: fc.constantFrom(...quantities), rows: fc.array(fc.tuple(timeMs, value), { minLength: 1, maxLength: 20 }) }), {
    selector: (each) => `${each.node} ${each.quantity}`,
    maxLength: 6,
  }),
});

function asSource({ series, ...rest }: typeof source extends fc.Arbitrary<infer T> ? T : never): ExportSource {
  const columns = series.map((each) => ({
    key: { node: each.node, quantity: each.quantity },
    held: inOrder(Float64Array.from(each.rows, ([time]) => time), Float32Array.from(each.rows, ([, sample]) => sample)),
  }));
  return {
    ...rest,
    series: columns.map(({ key, held }) => ({
      key,
      samples: async function* () {
        await Promise.resolve();
        yield held;
      },
    })),
  };
}

async function everything(from: ExportSource) {
  const into = target();
  for (const { key, samples } of from.series) for await (const held of samples()) into.addSamples(key, held.timeMs, held.value);
  return into.samples;
}

// Else what was exported for a paper is not what is analysed after the import.
test.each(['csv', 'json'] as const)('a %s file brings back every sample to the bit, and every event and origin', async (format) => {
  await fc.assert(
    fc.asyncProperty(source.map(asSource), async (given) => {
      const blob = await collectBlob(writers[format](given), 'text/plain', 0, noProgress, never);
      const into = target();
      const answer = await importFile(new File([blob], 'history'), into, noProgress, never);
      const expected = await everything(given);
      expect(answer).toEqual({ ok: true, samples: expected.size, events: given.events.length, skipped: 0, note: null });
      expect(into.samples).toEqual(expected);
      expect(into.events).toEqual(given.events);
      expect(into.provenance).toEqual(given.provenance);
    }),
    { numRuns: 60 },
  );
});

test('numbers are written as short as they can be read back', () => {
  expect([0.1, 1834.56, 51, -0, 1e-45, 16_777_216, Infinity].map((each) => float32Text(Math.fround(each)))).toEqual([
    '0.1', '1834.56', '51', '-0', '1.4013e-45', '16777216', 'Infinity',
  ]);
  expect(['', ' ', 'x', 'NaN'].map(parseFloat32)).toEqual([null, null, null, null]);
});

const sheet = (lines: string[], name = 'sheet.csv'): File => new File([lines.join('\r\n')], name);

// Else one bad cell costs the whole file, or is taken for a measurement.
test('bad lines are counted and the first is explained; the others are taken', async () => {
  const into = target();
  const file = sheet([
    'node,time,value,quantity,unit,remark',
    'edge-1,2026-06-01T00:00:00.250Z,1830,raw,ADC counts,x',
    'edge-1,yesterday,1830,raw,ADC counts,',
    'edge-1,2026-06-01T00:00:03.250Z,,raw,ADC counts,',
    'edge 1,2026-06-01T00:00:03.250Z,5,raw,ADC counts,',
    'edge-1,2026-06-01T00:00:03.250Z,5,weight,kg,',
    'edge-1,2026-06-01T00:00:03.250Z,5,raw,volts,',
    '',
    'edge-1,2026-06-01T00:00:06.250Z,1831,raw,ADC counts,',
  ]);
  const answer = await importFile(file, into, noProgress, never);
  expect(answer).toEqual({ ok: true, samples: 2, events: 0, skipped: 5, note: 'Line 3 was left out: "yesterday" is no time.' });
  expect([...into.samples.keys()]).toEqual(['edge-1 raw 1780272000250', 'edge-1 raw 1780272006250']);
});

test('a table that a spreadsheet saved with semicolons, quotes and decimal commas is read', async () => {
  const into = target();
  const file = sheet(['\ufefftime;node;quantity;unit;value', '"2026-06-01T00:00:00Z";"edge-1";"fogEma";"ADC counts";"1830,5"']);
  expect(await importFile(file, into, noProgress, never)).toMatchObject({ ok: true, samples: 1, skipped: 0 });
  expect(into.samples.get('edge-1 fogEma 1780272000000')).toBe(new Int32Array(Float32Array.of(1830.5).buffer)[0]);
});

test('our JSON is read on whatever lines another program put it', async () => {
  const record = { node: 'edge-1', quantity: 'percent', unit: quantityUnits.percent, timeMs: [1, 2], value: [50, 'Infinity'] };
  const document = { format: 'continuum-lab history', version: 1, samples: [record, { ...record, value: [1] }] };
  const into = target();
  const answer = await importFile(sheet([JSON.stringify(document, null, 2)], 'a.json'), into, noProgress, never);
  expect(answer).toEqual({ ok: true, samples: 2, events: 0, skipped: 1, note: 'Line 1 was left out: it has not as many times as values.' });
});

// Else a picture dropped by mistake fills history with nonsense, or breaks the page.
test('foreign files are refused with a sentence, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.constant('a,b\n1,2'), fc.constant('{"format":"other"}')), async (content) => {
      const into = target();
      const answer = await importFile(new File([content], 'photo.jpg'), into, noProgress, never);
      expect(answer).toMatchObject({ ok: false, reason: expect.stringMatching(/^photo\.jpg is no history/) as string });
      expect(into.samples.size).toBe(0);
    }),
  );
  const endless = new File(['x'.repeat(9_000_000)], 'dump.bin');
  expect(await importFile(endless, target(), noProgress, never)).toMatchObject({ ok: false });
});

test('an import that is stopped says what was taken; an export that is stopped gives no file', async () => {
  const stopped = AbortSignal.abort(new Error('It was stopped.'));
  const file = sheet(['time,node,quantity,unit,value', '2026-06-01T00:00:00Z,edge-1,raw,ADC counts,1']);
  expect(await importFile(file, target(), noProgress, stopped)).toEqual({ ok: false, reason: expect.stringContaining('stopped') as string });
  const [given] = fc.sample(source.map(asSource), { numRuns: 1, seed: 1 });
  await expect(collectBlob(csvPieces(given!), 'text/csv', 0, noProgress, stopped)).rejects.toThrow('stopped');
});

test('progress counts samples and ends at the total', async () => {
  const seen: Progress[] = [];
  const [given] = fc.sample(source.filter(({ series }) => series.length > 2).map(asSource), { numRuns: 1, seed: 2 });
  const { size } = await everything(given!);
  await collectBlob(jsonPieces(given!), 'application/json', size, (progress) => seen.push(progress), never);
  expect(seen[seen.length - 1]).toEqual({ done: size, total: size });
});
