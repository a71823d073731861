import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parseDailyWeather } from '../../sim/models/daily-weather.ts';
import { isParameterId, parameter, parameterProblem } from '../../sim/parameters.ts';
import { linkChoices } from './link-choices.ts';
import { metricGroups, metrics, overheadMetrics } from './metrics.ts';
import { weatherChoices } from './weather-choices.ts';

describe('link choices: a parameter out of range would be clamped without a word', () => {
  it.each(Object.entries(linkChoices))('%s sets parameters that there are, within their ranges, and says where from', (_, { parameters, source, label, meaning }) => {
    for (const [id, value] of Object.entries(parameters)) {
      expect(isParameterId(id), id).toBe(true);
      if (isParameterId(id)) expect(parameterProblem(parameter(id), value), id).toBeNull();
    }
    for (const text of [source, label, meaning]) expect(text).not.toBe('');
  });

  it('derives what it says it derives', () => {
    const near = linkChoices.near!.parameters;
    expect(near['link.wifi.latencyMedianMs']).toBeCloseTo(13.29 / 2, 1);
    expect(near['link.wifi.latencySigma']).toBeCloseTo((Math.log(23.62 / 13.29) / 1.282 + Math.log(30.56 / 13.29) / 1.645) / 2, 2);
    const lte = linkChoices.lteBackhaul!.parameters;
    const spread = 1 + (50.7 / 95.5) ** 2;
    expect(lte['link.wan.latencyMedianMs']).toBeCloseTo(95.5 / Math.sqrt(spread) / 2, 1);
    expect(lte['link.wan.latencySigma']).toBeCloseTo(Math.sqrt(Math.log(spread)), 2);
    expect(linkChoices.edgeOfCoverage!.parameters['link.wifi.frameOverheadUs']).toBe(50 + 15.5 * 20 + 192 + 10 + 192 + 14 * 8);
  });
});

describe('weather choices: a wrong day would answer another question', () => {
  const days = parseDailyWeather(readFileSync('node_modules/vega-datasets/data/seattle-weather.csv', 'utf8'));
  const week = (from: number) => days.slice(from, from + 7);
  const rain = (from: number) => week(from).reduce((sum, { rainMm }) => sum + rainMm, 0);
  const heat = (from: number) => week(from).reduce((sum, { maxC }) => sum + maxC, 0) / 7;
  const weeks = days.slice(0, -6).map((_, from) => from);
  const at = (choice: string) => days.findIndex(({ date }) => date === weatherChoices[choice]!.start);

  it('the dry summer begins the longest stretch without rain, 48 days', () => {
    let longest = { from: 0, days: 0 };
    let dry = 0;
    days.forEach(({ rainMm }, index) => {
      dry = rainMm === 0 ? dry + 1 : 0;
      if (dry > longest.days) longest = { from: index - dry + 1, days: dry };
    });
    expect(longest).toEqual({ from: at('drySummer'), days: 48 });
  });

  it('the hot spell is the week with the highest maxima, 32.2 degrees, and dry', () => {
    const hottest = weeks.reduce((best, from) => (heat(from) > heat(best) ? from : best));
    expect(hottest).toBe(at('hotSpell'));
    expect(heat(hottest)).toBeCloseTo(32.2, 1);
    expect(rain(hottest)).toBe(0);
  });

  it('the wet autumn is the wettest week from September to November, 146 mm', () => {
    const autumns = weeks.filter((from) => ['09', '10', '11'].includes(days[from]!.date.slice(5, 7)));
    const wettest = autumns.reduce((best, from) => (rain(from) > rain(best) ? from : best));
    expect(rain(wettest)).toBeCloseTo(146, 6);
    expect(rain(at('wetAutumn'))).toBeCloseTo(rain(wettest), 6);
  });

  it('the mixed days begin with 2.3 mm, three dry days of 25 to 28 degrees, and rain', () => {
    const [first, ...next] = week(at('mixed'));
    expect(first!.rainMm).toBe(2.3);
    for (const day of next.slice(0, 3)) expect(day).toMatchObject({ rainMm: 0 });
    for (const day of next.slice(0, 3)) expect(Math.round(day.maxC)).toBeGreaterThanOrEqual(25);
    for (const day of next.slice(0, 3)) expect(Math.round(day.maxC)).toBeLessThanOrEqual(28);
    expect(next[3]!.rainMm).toBeGreaterThan(0);
  });
});

test('every metric says what it is, and what the sandbox can cost is among them', () => {
  for (const [id, { label, unit, meaning, group }] of Object.entries(metrics)) {
    expect(label, id).not.toMatch(/undefined|^$/);
    expect(unit, id).not.toBe('');
    expect(meaning, id).toMatch(/\.$/);
    expect(metricGroups).toContain(group);
  }
  expect(new Set(Object.values(metrics).map(({ label }) => label)).size).toBe(Object.keys(metrics).length);
  for (const id of overheadMetrics) expect(metrics).toHaveProperty([id]);
});
