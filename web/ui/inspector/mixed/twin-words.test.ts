import { describe, expect, it } from 'vitest';
import { twinColumns, twinRange } from './twin-columns.ts';
import { alignedWords, apartWords, backLabels, decisionWords, signed, twinIntervalWords } from './twin-words.ts';
import { twin } from './mixed-fixture.ts';

describe('figures of a twin', () => {
  it('keep the sign of an error: it tells too dry from too wet', () => {
    expect([-18, 3.42, 0.04, -0.04, NaN].map(signed)).toEqual(['−18.0', '+3.4', '0.0', '0.0', '–']);
    expect(apartWords(twin)).toBe('On average 12.4 counts apart, which is 0.8 percent points of moisture.');
  });

  it('never round a rare difference down to none', () => {
    expect(decisionWords({ decisionsApart: 0, comparisons: 1 })).toBe('never in 1 comparison');
    expect(decisionWords(twin)).toBe('14 of 1,204 times, 1.2 %');
    expect(decisionWords({ decisionsApart: 1, comparisons: 5_000 })).toBe('1 of 5,000 times, less than 0.1 %');
    expect(decisionWords({ decisionsApart: 1_999, comparisons: 2_000 })).toBe('1,999 of 2,000 times, more than 99.9 %');
  });

  it('say which of the two reads more often', () => {
    expect(twinIntervalWords(twin.intervalS)).toBe('3.16 s, 0.6 % shorter');
    expect(twinIntervalWords({ board: 3, twin: 3.3 })).toBe('3.30 s, 10.0 % longer');
    expect(twinIntervalWords({ board: 3, twin: 3 })).toBe('3.00 s, the same');
    expect(twinIntervalWords({ board: NaN, twin: 3 })).toBe('3.00 s');
    expect(twinIntervalWords({ board: 3, twin: NaN })).toBe('not measured yet');
  });

  it('tell when the soil was aligned: figures from before it mean something else', () => {
    expect(alignedWords(null)).toBe('Not aligned yet.');
    expect(alignedWords(5_320)).toBe('Last aligned at 01:28:40.000 virtual time.');
  });
});

describe('chart of a twin', () => {
  it('breaks both lines where the board was silent: a line across would look measured', () => {
    const drawn = twinColumns({
      timeS: Float64Array.of(100, 103, 106, 150, 153),
      board: Float32Array.of(1, 2, 3, 4, 5),
      twin: Float32Array.of(1, NaN, 3, 4, 5),
    });
    expect(drawn).toEqual([[-53, -50, -47, -25, -3, 0], [1, 2, 3, null, 4, 5], [1, null, 3, null, 4, 5]]);
  });

  it('never ends at less than a hundred counts: noise would fill the picture', () => {
    expect(twinRange(1690, 1694)).toEqual([1650, 1750]);
    expect(twinRange(1600, 2000)).toEqual([1550, 2050]);
    expect(twinRange(null, null)).toEqual([1000, 2800]);
  });

  it('labels time back from the last comparison', () => {
    expect(backLabels([-120, -60, 0], 60)).toEqual(['−2 min', '−1 min', 'last']);
    expect(backLabels([-45, -30], 15)).toEqual(['−45 s', '−30 s']);
    expect(backLabels([-7200], 3600)).toEqual(['−2 h']);
  });
});
