/** Numbers as people read them: three significant digits, a unit, and words where nothing was measured. */

export const notMeasured = 'not measured yet';
export const notCounted = 'not counted';

const prefixes = ['p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T'];
const baseIndex = prefixes.indexOf('');
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `format(value)`, or `notMeasured` when there is no finite value. */
export function measured(value: number | null | undefined, format: (value: number) => string): string {
  return typeof value === 'number' && Number.isFinite(value) ? format(value) : notMeasured;
}

/** Three significant digits with an SI prefix: `formatSi(0.00124, 's')` is `1.24 ms`. */
export function formatSi(value: number, unit: string): string {
  if (!Number.isFinite(value)) return notMeasured;
  const magnitude = Math.abs(value);
  if (magnitude < 1e-12) return `0 ${unit}`.trim();
  let step = clampStep(Math.floor(Math.log10(magnitude) / 3));
  // Rounding may carry into the next prefix: 999.6 is 1.00 k, not 1000.
  if (Math.abs(Number((value / 1000 ** step).toPrecision(3))) >= 1000) step = clampStep(step + 1);
  const digits = Number((value / 1000 ** step).toPrecision(3));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(digits))));
  return `${digits.toFixed(decimals)} ${prefixes[step + baseIndex]}${unit}`.trim();
}

function clampStep(step: number): number {
  return Math.min(prefixes.length - 1 - baseIndex, Math.max(-baseIndex, step));
}

/** A whole number, grouped by thousands; from a million on with a prefix. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return notMeasured;
  return Math.abs(value) < 999_999.5 ? grouped.format(value) : formatSi(value, '');
}

/** `1 restart`, `2 restarts`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Bytes in powers of 1024. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return notMeasured;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** A span of seconds in its two largest units; below a minute with an SI prefix. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return notMeasured;
  if (seconds < 60) return seconds < 1 ? formatSi(seconds, 's') : `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} min`;
  return `${grouped.format(Math.floor(hours / 24))} d ${twoDigits(hours % 24)} h`;
}

/** How long a battery lasts, from days. */
export function formatDays(days: number): string {
  if (!Number.isFinite(days)) return notMeasured;
  if (days < 1) return `${(days * 24).toFixed(1)} hours`;
  return days < 730 ? `${days.toPrecision(3)} days` : `${(days / 365.25).toPrecision(3)} years`;
}

/** Virtual time as a clock with milliseconds, days in front once there are any. */
export function formatClock(timeUs: number): string {
  if (!Number.isFinite(timeUs)) return notMeasured;
  const totalMs = Math.floor(timeUs / 1000);
  const days = Math.floor(totalMs / 86_400_000);
  const clock = [3_600_000 * 24, 3_600_000, 60_000].map((span, i, spans) =>
    twoDigits(Math.floor((totalMs % span) / (spans[i + 1] ?? 1000))),
  );
  const ms = String(totalMs % 1000).padStart(3, '0');
  return `${days > 0 ? `${days}d ` : ''}${clock.join(':')}.${ms}`;
}

/** A percentage, from percent. */
export function formatPercent(percent: number): string {
  return Number.isFinite(percent) ? `${percent.toFixed(0)} %` : notMeasured;
}

/** A probe reading; fractions (of averages) keep one digit. */
export function formatAdc(counts: number): string {
  return Number.isFinite(counts) ? (Number.isInteger(counts) ? String(counts) : counts.toFixed(1)) : notMeasured;
}

/** A water depth. */
export function formatMm(mm: number): string {
  return Number.isFinite(mm) ? `${mm.toFixed(1)} mm` : notMeasured;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
