/** ADC limits around the values in sight: whole hundreds, so that the axis rests while values tremble. */
export function adcRange(least: number | null, greatest: number | null): [number, number] {
  if (least === null || greatest === null) return [1000, 2800];
  const low = Math.floor((least - 40) / 100) * 100;
  return [low, Math.max(low + 300, Math.ceil((greatest + 40) / 100) * 100)];
}
