/**
 * Hourly weather from daily records: temperature by half cosines between the daily extremes, the
 * day's rain in one block of drawn length and shape, evapotranspiration by Hargreaves spread over the
 * hours with sun. All hours are local solar time; hour 0 starts at midnight of the start date.
 */
import type { Parameters } from '../parameters.ts';
import { stream } from '../random.ts';
import type { DailyWeather } from './daily-weather.ts';
import { cos, PI } from './elementary.ts';
import { hargreavesEt0Mm, sinElevation, solarDay } from './solar.ts';

export interface HourWeather {
  rainMmPerHour: number;
  temperatureC: number;
  et0MmPerHour: number;
}

interface Day {
  hours: HourWeather[];
  et0Mm: number;
}

export class HourlyWeather {
  /** Days from the start for which there are records; later days repeat the file from its first record. */
  readonly recordedDays: number;
  readonly #records: DailyWeather[];
  readonly #startIndex: number;
  readonly #latitudeDeg: number;
  readonly #warmestHour: number;
  readonly #wetHourMm: number;
  readonly #seed: number;
  readonly #days = new Map<number, Day>();

  /** Throws when `startDate` (`YYYY-MM-DD`) is not among the records. */
  constructor(records: DailyWeather[], startDate: string, parameters: Parameters, seed: number) {
    this.#startIndex = records.findIndex((record) => record.date === startDate);
    if (this.#startIndex < 0) {
      const range = `${records[0]?.date ?? 'no day'} to ${records[records.length - 1]?.date ?? 'no day'}`;
      throw new Error(`The weather covers ${range}, not ${startDate}; choose a start within it.`);
    }
    this.recordedDays = records.length - this.#startIndex;
    this.#records = records;
    this.#latitudeDeg = parameters.get('soil.latitudeDeg');
    this.#warmestHour = parameters.get('soil.warmestHour');
    this.#wetHourMm = parameters.get('soil.wetHourMm');
    this.#seed = seed;
  }

  /** Weather of an hour counted from the start; constant within the hour. */
  at(hourIndex: number): HourWeather {
    return this.#day(Math.floor(hourIndex / 24)).hours[hourIndex % 24]!;
  }

  /** Reference evapotranspiration of a day counted from the start. */
  dayEt0Mm(dayIndex: number): number {
    return this.#day(dayIndex).et0Mm;
  }

  #record(dayIndex: number): DailyWeather {
    const count = this.#records.length;
    return this.#records[(((this.#startIndex + dayIndex) % count) + count) % count]!;
  }

  #day(dayIndex: number): Day {
    let day = this.#days.get(dayIndex);
    if (day === undefined) {
      day = this.#disaggregate(dayIndex);
      this.#days.set(dayIndex, day);
    }
    return day;
  }

  #disaggregate(dayIndex: number): Day {
    const record = this.#record(dayIndex);
    const sun = solarDay(this.#latitudeDeg, record.dayOfYear);
    const et0Mm = hargreavesEt0Mm(record.minC, record.maxC, sun.extraterrestrialMj);
    const light = Array.from({ length: 24 }, (_, hour) => Math.max(0, sinElevation(sun, hour + 0.5)));
    const lightSum = light.reduce((sum, value) => sum + value, 0);
    const rain = this.#rain(dayIndex, record.rainMm);
    const hours = light.map((value, hour) => ({
      rainMmPerHour: rain[hour]!,
      temperatureC: this.#temperature(dayIndex, hour + 0.5),
      et0MmPerHour: lightSum === 0 ? 0 : (et0Mm * value) / lightSum,
    }));
    return { hours, et0Mm };
  }

  /** Minimum at sunrise, maximum at the warmest hour, half a cosine between each and the next. */
  #temperature(dayIndex: number, hour: number): number {
    const today = this.#record(dayIndex);
    const sunrise = (day: DailyWeather) => solarDay(this.#latitudeDeg, day.dayOfYear).sunriseHour;
    const between = (from: number, to: number, share: number) =>
      from + (to - from) * (0.5 - 0.5 * cos(PI * share));
    const rise = sunrise(today);
    if (hour < rise) {
      const share = (hour + 24 - this.#warmestHour) / (rise + 24 - this.#warmestHour);
      return between(this.#record(dayIndex - 1).maxC, today.minC, share);
    }
    if (hour < this.#warmestHour) {
      return between(today.minC, today.maxC, (hour - rise) / (this.#warmestHour - rise));
    }
    const tomorrow = this.#record(dayIndex + 1);
    const night = sunrise(tomorrow) + 24 - this.#warmestHour;
    return between(today.maxC, tomorrow.minC, (hour - this.#warmestHour) / night);
  }

  /** One block of as many hours as the amount needs at the mean wet-hour rate, with exponential weights. */
  #rain(dayIndex: number, amountMm: number): Float64Array {
    const hours = new Float64Array(24);
    if (amountMm === 0) return hours;
    // A stream of its own for each day: the draw must not depend on which day is asked for first.
    const random = stream(this.#seed, `weather/rain/${dayIndex}`);
    const wetHours = Math.min(24, Math.ceil(amountMm / this.#wetHourMm));
    const first = random.int(0, 24 - wetHours);
    let weights = 0;
    for (let i = 0; i < wetHours; i++) weights += hours[first + i] = random.exponential(1);
    for (let i = 0; i < wetHours; i++) hours[first + i]! *= amountMm / weights;
    return hours;
  }
}
