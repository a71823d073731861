/** Virtual date and time in words. All in UTC: the scenario's clock has no time zone. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Unix seconds of a scenario's start; a date without a zone is UTC, whatever the browser's zone. */
export function unixStartS(startDate: string): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(startDate) || !startDate.includes('T');
  const ms = Date.parse(zoned ? startDate : `${startDate}Z`);
  return Number.isNaN(ms) ? 0 : ms / 1000;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** For a cursor or a table: `3 Jun 2014, 12:04:31`. */
export function fullTime(unixS: number): string {
  const date = new Date(unixS * 1000);
  return `${dayOf(date)} ${date.getUTCFullYear()}, ${clockOf(date, true)}`;
}

/** Labels of an axis' ticks, `stepS` apart; the day stands under the first and where it changes. */
export function tickLabels(ticksS: readonly number[], stepS: number): string[] {
  let lastDay = '';
  return ticksS.map((tick) => {
    const date = new Date(tick * 1000);
    const day = dayOf(date);
    const changed = day !== lastDay;
    lastDay = day;
    if (stepS >= 86_400) return day;
    return changed ? `${clockOf(date, stepS < 60)}\n${day}` : clockOf(date, stepS < 60);
  });
}

function dayOf(date: Date): string {
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

function clockOf(date: Date, seconds: boolean): string {
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return seconds ? `${clock}:${two(date.getUTCSeconds())}` : clock;
}
