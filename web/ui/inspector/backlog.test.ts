import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeWindow, type Entry } from './backlog.ts';

interface Line {
  timeUs: number;
  text: string;
}
const line = (timeUs: number, text = `at ${timeUs}`): Line => ({ timeUs, text });
const texts = (entries: Entry<Line>[]) => entries.map((entry) => entry.item.text);

it('shows each line once, however windows overlap: the console would repeat or lose lines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
      (gaps, steps) => {
        let timeUs = 0;
        const stream = gaps.map((gap, i) => line((timeUs += gap), String(i)));
        let kept: Entry<Line>[] = [];
        let end = 0;
        for (const step of steps) {
          end = Math.min(stream.length, end + step);
          kept = mergeWindow(kept, stream.slice(0, end).slice(-200));
        }
        expect(texts(kept)).toEqual(texts(stream.slice(0, end).map((item, id) => ({ id, item }))));
        expect(new Set(kept.map((entry) => entry.id)).size).toBe(kept.length);
      },
    ),
    { seed: 1 },
  );
});

it('returns the same array when nothing is new: ten redraws a second would be for nothing', () => {
  const kept = mergeWindow([], [line(1), line(2)]);
  expect(mergeWindow(kept, [line(1), line(2)])).toBe(kept);
  expect(mergeWindow(kept, [line(2)])).toBe(kept);
});

it('keeps the newest up to the limit, with ids that last', () => {
  const kept = mergeWindow([], [line(1), line(2), line(3)], 2);
  expect(texts(kept)).toEqual(['at 2', 'at 3']);
  const next = mergeWindow(kept, [line(3), line(4)], 2);
  expect(next[0]).toBe(kept[1]);
});

it('starts over when the world was reset: lines of two runs would mix', () => {
  const kept = mergeWindow([], [line(50), line(60)]);
  expect(texts(mergeWindow(kept, [line(5)]))).toEqual(['at 5']);
  expect(mergeWindow(kept, [])).toEqual([]);
  expect(mergeWindow(kept, [line(5)])[0]!.id).toBeGreaterThan(kept[1]!.id);
});
