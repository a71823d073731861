/** Paints cells into a bitmap of packed RGBA pixels. Signs are drawn pixel by pixel, so that none is lost to scaling. */

export type Pattern = 'plain' | 'cross' | 'hollow' | 'half' | 'dotted' | 'wedge';

export interface CellInk {
  /** As `pack` gives it. */
  fill: number;
  sign: number;
  pattern: Pattern;
}

/** The pixel of an opaque colour, in the byte order of a little-endian machine. */
export function pack(red: number, green: number, blue: number): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The cell from `left`, `top` to before `right`, `bottom`; what is outside the bitmap is cut off. */
export function paintCell(
  pixels: Uint32Array,
  width: number,
  height: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  ink: CellInk,
): void {
  const fromX = Math.max(0, left);
  const toX = Math.min(width, right);
  const fromY = Math.max(0, top);
  const toY = Math.min(height, bottom);
  if (fromX >= toX) return;
  for (let y = fromY; y < toY; y++) {
    const line = y * width;
    pixels.fill(ink.fill, line + fromX, line + toX);
    if (ink.pattern === 'plain') continue;
    for (let x = fromX; x < toX; x++) {
      if (isSign(ink.pattern, x - left, y - top, right - left, bottom - top)) pixels[line + x] = ink.sign;
    }
  }
}

/** Whether a pixel of a cell belongs to its sign. Every sign but `plain` has a pixel from a cell of one pixel on. */
export function isSign(pattern: Pattern, x: number, y: number, width: number, height: number): boolean {
  const thick = Math.max(1, Math.round(Math.min(width, height) / 7));
  switch (pattern) {
    case 'plain':
      return false;
    case 'cross':
      return (
        Math.min(width, height) < 3 ||
        Math.abs((x + 0.5) / width - (y + 0.5) / height) * width < thick * 0.8 ||
        Math.abs((x + 0.5) / width + (y + 0.5) / height - 1) * width < thick * 0.8
      );
    case 'hollow':
      return x < thick || y < thick || x >= width - thick || y >= height - thick;
    case 'half':
      return x + 0.5 < ((y + 0.5) * width) / height || (width === 1 && height === 1);
    case 'dotted':
      return x % (thick * 2) < thick && y % (thick * 2) < thick;
    case 'wedge':
      return Math.min(width, height) < 5 || Math.abs(x + 0.5 - width / 2) <= ((y + 0.5) / height) * width * 0.5;
  }
}
