/** The small signs on plots and boards. Each has a shape of its own, so colour is never the only carrier. */
import type { Palette } from './palette.ts';

type Context = CanvasRenderingContext2D;

export function cross(c: Context, x: number, y: number, reach: number, colour: string, width: number): void {
  c.beginPath();
  c.moveTo(x - reach, y - reach);
  c.lineTo(x + reach, y + reach);
  c.moveTo(x + reach, y - reach);
  c.lineTo(x - reach, y + reach);
  c.lineWidth = width;
  c.lineCap = 'round';
  c.strokeStyle = colour;
  c.stroke();
  c.lineCap = 'butt';
}

export function hatch(
  c: Context,
  left: number,
  top: number,
  width: number,
  height: number,
  radius: number,
  colour: string,
): void {
  c.save();
  c.beginPath();
  c.roundRect(left, top, width, height, radius);
  c.clip();
  c.beginPath();
  const step = Math.max(4, width * 0.12);
  for (let offset = -height; offset < width; offset += step) {
    c.moveTo(left + offset, top + height);
    c.lineTo(left + offset + height, top);
  }
  c.lineWidth = Math.max(1, width * 0.02);
  c.globalAlpha = 0.55;
  c.strokeStyle = colour;
  c.stroke();
  c.restore();
}

/** The pump is running. */
export function drop(c: Context, x: number, y: number, size: number, palette: Palette): void {
  c.beginPath();
  c.moveTo(x, y - size);
  c.bezierCurveTo(x + size * 0.3, y - size * 0.4, x + size * 0.75, y, x + size * 0.75, y + size * 0.35);
  c.arc(x, y + size * 0.35, size * 0.75, 0, Math.PI);
  c.bezierCurveTo(x - size * 0.75, y, x - size * 0.3, y - size * 0.4, x, y - size);
  c.closePath();
  c.lineWidth = 2;
  c.lineJoin = 'round';
  c.strokeStyle = palette.surface;
  c.stroke();
  c.fillStyle = palette.pump;
  c.fill();
}

/** An anomaly was seen in the node's telemetry. */
export function warning(c: Context, x: number, y: number, size: number, palette: Palette): void {
  c.beginPath();
  c.moveTo(x, y - size * 0.85);
  c.lineTo(x + size * 0.95, y + size * 0.75);
  c.lineTo(x - size * 0.95, y + size * 0.75);
  c.closePath();
  c.lineJoin = 'round';
  c.lineWidth = 3;
  c.strokeStyle = palette.surface;
  c.stroke();
  c.fillStyle = palette.warn;
  c.fill();
  c.fillStyle = palette.surface;
  c.fillRect(x - size * 0.11, y - size * 0.32, size * 0.22, size * 0.58);
  c.fillRect(x - size * 0.11, y + size * 0.38, size * 0.22, size * 0.2);
}

/** A sensor fault has been injected. */
export function bolt(c: Context, x: number, y: number, size: number, palette: Palette): void {
  c.beginPath();
  c.arc(x, y, size * 0.9, 0, Math.PI * 2);
  c.fillStyle = palette.bad;
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = palette.surface;
  c.stroke();
  c.beginPath();
  c.moveTo(x + size * 0.2, y - size * 0.6);
  c.lineTo(x - size * 0.4, y + size * 0.1);
  c.lineTo(x - size * 0.02, y + size * 0.1);
  c.lineTo(x - size * 0.2, y + size * 0.6);
  c.lineTo(x + size * 0.4, y - size * 0.1);
  c.lineTo(x + size * 0.02, y - size * 0.1);
  c.closePath();
  c.fillStyle = palette.surface;
  c.fill();
}

/** A seedling on the soil line `bottom`, `tall` pixels high, that droops as the soil dries. */
export function sprout(
  c: Context,
  x: number,
  bottom: number,
  tall: number,
  percent: number,
  palette: Palette,
): void {
  const vigour = Math.min(1, Math.max(0, (percent - 12) / 40));
  const tipY = bottom - tall * (0.55 + 0.15 * vigour);
  c.strokeStyle = palette.edge;
  c.fillStyle = palette.moisture[Math.round(20 + 30 * vigour)]!;
  c.lineWidth = Math.max(1.4, tall * 0.07);
  c.beginPath();
  c.moveTo(x, bottom);
  c.quadraticCurveTo(x - tall * 0.05, bottom - tall * 0.3, x, tipY);
  c.stroke();
  for (const side of [-1, 1]) {
    const reach = tall * 0.52 * side;
    const lift = tall * (vigour * 0.62 - 0.3);
    c.beginPath();
    c.moveTo(x, tipY);
    c.quadraticCurveTo(x + reach * 0.45, tipY - lift - tall * 0.22, x + reach, tipY - lift);
    c.quadraticCurveTo(x + reach * 0.6, tipY - lift + tall * 0.26, x, tipY);
    c.fill();
    c.lineWidth = 1.2;
    c.stroke();
  }
}
