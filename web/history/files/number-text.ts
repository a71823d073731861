/** Numbers of history as text, and back to the very same bits. */

/** A decimal of no more digits than it takes, six or more, to be read back as the same Float32. */
export function float32Text(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return Object.is(value, -0) ? '-0' : String(value);
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  // Nine digits tell any two apart; infinities end up here, too.
  return String(Number(value.toPrecision(9)));
}

/** Null for what is no Float32; NaN counts as none. */
export function parseFloat32(text: string): number | null {
  const value = Math.fround(Number(text));
  return text.trim() === '' || Number.isNaN(value) ? null : value;
}
