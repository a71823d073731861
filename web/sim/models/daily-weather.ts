/** Daily weather from a CSV file with at least the columns date, precipitation, temp_max, temp_min. */

export interface DailyWeather {
  /** `YYYY-MM-DD`. */
  date: string;
  /** 1 on 1 January. */
  dayOfYear: number;
  rainMm: number;
  maxC: number;
  minC: number;
}

const MS_PER_DAY = 86_400_000;

/**
 * Days in order, without gaps. Throws an `Error` that names the line for a missing column, a value
 * that is no number or cannot be, or a day that does not follow the one before.
 */
export function parseDailyWeather(csv: string): DailyWeather[] {
  const lines = csv.split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((name) => name.trim());
  const column = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0) {
      throw new Error(`Line 1 of the weather file has no column "${name}"; add it to the header.`);
    }
    return index;
  };
  const columns = {
    date: column('date'),
    rain: column('precipitation'),
    max: column('temp_max'),
    min: column('temp_min'),
  };

  const days: DailyWeather[] = [];
  let expectedMs = NaN;
  for (let i = 1; i < lines.length; i++) {
    if (lines[i]!.trim() === '') continue;
    const fail = (what: string): never => {
      throw new Error(`Line ${i + 1} of the weather file ${what}; correct it or end the file before it.`);
    };
    const cells = lines[i]!.split(',');
    const cell = (index: number): string => (cells[index] ?? '').trim();
    const number = (index: number): number => {
      const value = cell(index) === '' ? NaN : Number(cell(index));
      if (!Number.isFinite(value)) {
        fail(`has "${cell(index)}" in column "${header[index]}", which is not a number`);
      }
      return value;
    };

    const date = cell(columns.date);
    const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
    if (Number.isNaN(timeMs)) fail(`has the date "${date}", which is not a date of the form YYYY-MM-DD`);
    if (days.length > 0 && timeMs !== expectedMs) {
      fail(`has the date ${date}, which is not the day after ${days[days.length - 1]!.date}`);
    }
    expectedMs = timeMs + MS_PER_DAY;

    const day = {
      date,
      dayOfYear: 1 + (timeMs - Date.parse(`${date.slice(0, 4)}-01-01`)) / MS_PER_DAY,
      rainMm: number(columns.rain),
      maxC: number(columns.max),
      minC: number(columns.min),
    };
    if (day.rainMm < 0) fail('has negative precipitation');
    if (day.minC > day.maxC) fail('has a minimum temperature above the maximum');
    days.push(day);
  }
  if (days.length === 0) {
    throw new Error('The weather file has no days in it; add at least one row below the header.');
  }
  return days;
}
