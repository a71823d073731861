import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Parameters } from '../parameters.ts';
import { parseDailyWeather } from './daily-weather.ts';
import { HourlyWeather } from './weather.ts';

const csv = readFileSync('node_modules/vega-datasets/data/seattle-weather.csv', 'utf8');
const records = parseDailyWeather(csv);
const parameters = new Parameters();

describe('daily records: a wrong file would give a plausible but wrong season', () => {
  it('reads four years of Seattle', () => {
    expect(records).toHaveLength(1461);
    expect(records[0]).toEqual({ date: '2012-01-01', dayOfYear: 1, rainMm: 0, maxC: 12.8, minC: 5 });
    expect(records[1460]!.dayOfYear).toBe(365);
    expect(records.find((day) => day.date === '2012-12-31')!.dayOfYear).toBe(366);
  });

  const header = 'date,precipitation,temp_max,temp_min';
  it.each([
    ['date,precipitation,temp_max\n', /Line 1 .*"temp_min"/],
    [`${header}\n`, /no days/],
    [`${header}\n2012-01-01,0,12,5\n2012-01-02,wet,12,5`, /Line 3 .*"wet" in column "precipitation"/],
    [`${header}\n2012-01-01,0,,5`, /Line 2 .*"temp_max"/],
    [`${header}\n2012-13-01,0,12,5`, /Line 2 .*not a date/],
    [`${header}\n2012-01-01,0,12,5\n2012-01-03,0,12,5`, /Line 3 .*not the day after 2012-01-01/],
    [`${header}\n2012-01-01,-1,12,5`, /Line 2 .*negative/],
    [`${header}\n2012-01-01,0,5,12`, /Line 2 .*above the maximum/],
  ])('names line and reason: %j', (text, reason) => {
    expect(() => parseDailyWeather(text)).toThrow(reason);
  });
});

describe('hourly weather: hours that do not add up to their day would water the field from nowhere', () => {
  const weather = new HourlyWeather(records, '2012-06-01', parameters, 42);
  const first = records.findIndex((day) => day.date === '2012-06-01');

  it('keeps every day its rain, its evapotranspiration and its temperature range', () => {
    for (let day = 0; day < 365; day++) {
      const hours = Array.from({ length: 24 }, (_, hour) => weather.at(day * 24 + hour));
      const record = records[first + day]!;
      expect(hours.reduce((sum, hour) => sum + hour.rainMmPerHour, 0)).toBeCloseTo(record.rainMm, 10);
      expect(hours.reduce((sum, hour) => sum + hour.et0MmPerHour, 0)).toBeCloseTo(weather.dayEt0Mm(day), 10);
      expect(Math.max(...hours.map((hour) => hour.temperatureC))).toBeLessThanOrEqual(
        Math.max(record.maxC, records[first + day - 1]!.maxC),
      );
      expect(Math.max(hours[14]!.temperatureC, hours[15]!.temperatureC)).toBeGreaterThan(record.maxC - 0.5);
      const night = [...hours.slice(0, 4), ...hours.slice(20)];
      for (const hour of night) expect(hour.et0MmPerHour).toBeLessThan(0.05);
    }
  });

  it('has no jump of temperature at midnight or sunrise', () => {
    for (let hour = 1; hour < 365 * 24; hour++) {
      expect(Math.abs(weather.at(hour).temperatureC - weather.at(hour - 1).temperatureC)).toBeLessThan(4.5);
    }
  });

  it('evaporates in Seattle what a temperate summer and winter do', () => {
    const mean = (from: number, days: number) =>
      Array.from({ length: days }, (_, i) => weather.dayEt0Mm(from + i)).reduce((a, b) => a + b) / days;
    expect(mean(30, 31)).toBeGreaterThan(3.5);
    expect(mean(30, 31)).toBeLessThan(5.5);
    expect(mean(183, 62)).toBeLessThan(1);
  });

  it('does not depend on which hour is asked for first', () => {
    const backwards = new HourlyWeather(records, '2012-06-01', parameters, 42);
    for (let hour = 24 * 20; hour >= 0; hour -= 7) expect(backwards.at(hour)).toEqual(weather.at(hour));
  });

  it('rains at other hours for another seed, but as much', () => {
    const other = new HourlyWeather(records, '2012-06-01', parameters, 43);
    const hours = Array.from({ length: 24 * 60 }, (_, hour) => hour);
    expect(hours.some((hour) => other.at(hour).rainMmPerHour !== weather.at(hour).rainMmPerHour)).toBe(true);
  });

  it('goes on with the first record after the last, and says how long the records last', () => {
    const last = new HourlyWeather(records, '2015-12-31', parameters, 42);
    expect(last.recordedDays).toBe(1);
    const start = new HourlyWeather(records, '2012-01-01', parameters, 42);
    expect(last.dayEt0Mm(1)).toBe(start.dayEt0Mm(0));
  });

  it('refuses a start without records, naming the range', () => {
    expect(() => new HourlyWeather(records, '2016-01-01', parameters, 1)).toThrow(/2012-01-01 to 2015-12-31/);
  });
});
