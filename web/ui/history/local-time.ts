/** Dates and times in the viewer's zone. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_S = 86_400;

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (date: Date): string => `${date.getDate()} ${months[date.getMonth()]}`;

function clockOf(date: Date, stepS: number): string {
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (stepS >= 60) return minutes;
  const seconds = `${minutes}:${two(date.getSeconds())}`;
  return stepS >= 1 ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0').slice(0, stepS >= 0.1 ? 1 : 3)}`;
}

/** `3 Jun 2026, 12:04:31`; with tenths of seconds where `fine`. */
export function localTime(timeMs: number, fine = false): string {
  const date = new Date(timeMs);
  return `${dayOf(date)} ${date.getFullYear()}, ${clockOf(date, fine ? 0.1 : 1)}`;
}

/** `3 Jun 12:04:31`, for lists that are narrow. */
export function shortTime(timeMs: number): string {
  const date = new Date(timeMs);
  return `${dayOf(date)} ${clockOf(date, 1)}`;
}

/** `3 Jun 2026, 12:04 – 14:04`, no finer than its width deserves. */
export function rangeTime(fromMs: number, toMs: number): string {
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  const stepS = toMs - fromMs > 600_000 ? 60 : toMs - fromMs > 10_000 ? 1 : 0.1;
  const sameYear = from.getFullYear() === to.getFullYear();
  const sameDay = sameYear && dayOf(from) === dayOf(to);
  const left = `${dayOf(from)}${sameDay || !sameYear ? ` ${from.getFullYear()}` : ''}, ${clockOf(from, stepS)}`;
  const right = sameDay ? clockOf(to, stepS) : `${dayOf(to)} ${to.getFullYear()}, ${clockOf(to, stepS)}`;
  return `${left} – ${right}`;
}

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

/** `Europe/Lisbon (UTC+01:00)` at that time. */
export function zoneName(timeMs: number): string {
  const minutes = -new Date(timeMs).getTimezoneOffset();
  const size = Math.abs(minutes);
  const offset = minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return timeZone === 'UTC' || timeZone === undefined ? offset : `${timeZone} (${offset})`;
}

/** Labels of an axis' ticks, `stepS` apart; the larger unit stands under the first and where it changes. */
export function tickLabels(ticksS: readonly number[], stepS: number): string[] {
  let before = '';
  return ticksS.map((tick) => {
    const date = new Date(tick * 1000);
    const month = stepS >= 28 * DAY_S;
    const small = month ? months[date.getMonth()]! : stepS >= DAY_S ? dayOf(date) : clockOf(date, stepS);
    const large = stepS >= DAY_S ? String(date.getFullYear()) : dayOf(date);
    const changed = large !== before;
    before = large;
    return changed ? `${small}\n${large}` : small;
  });
}
