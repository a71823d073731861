/** Heads of the motes, drawn once for a palette: hundreds are stamped a frame, and stamping costs far less than filling paths. */
import { hopKinds } from '../../sim/snapshot.ts';
import type { Palette } from './palette.ts';

const radius = 3.5;
/** Side of a sprite in CSS pixels: the largest head with its outline. */
export const spriteSize = 14;

let drawn: { palette: Palette; pixelRatio: number; sprites: HTMLCanvasElement[] } | null = null;

/** One sprite for each of `hopKinds`, its centre the mote's place. */
export function moteSprites(palette: Palette, pixelRatio: number): readonly HTMLCanvasElement[] {
  if (drawn?.palette !== palette || drawn.pixelRatio !== pixelRatio) {
    drawn = { palette, pixelRatio, sprites: hopKinds.map((_, kind) => sprite(kind, palette, pixelRatio)) };
  }
  return drawn.sprites;
}

export function moteColours({ edge, fog, cloud, broker, bad, 'message-config': config }: Palette): string[] {
  return [edge, fog, cloud, config, broker, bad];
}

function sprite(kind: number, palette: Palette, pixelRatio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(spriteSize * pixelRatio);
  const c = canvas.getContext('2d');
  if (c === null) return canvas;
  c.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const head = moteShape(kind, spriteSize / 2, spriteSize / 2);
  c.lineWidth = 1.5;
  c.strokeStyle = palette.surface;
  c.stroke(head);
  c.fillStyle = moteColours(palette)[kind]!;
  c.fill(head);
  return canvas;
}

/** Data round, processed a diamond, analytics square, config a triangle, the rest small and round. */
function moteShape(kind: number, x: number, y: number): Path2D {
  const path = new Path2D();
  const r = radius;
  switch (hopKinds[kind]) {
    case 'processed':
      path.moveTo(x, y - r * 1.4);
      path.lineTo(x + r * 1.4, y);
      path.lineTo(x, y + r * 1.4);
      path.lineTo(x - r * 1.4, y);
      path.closePath();
      return path;
    case 'analytics':
      path.rect(x - r, y - r, r * 2, r * 2);
      return path;
    case 'config':
      path.moveTo(x, y - r * 1.4);
      path.lineTo(x + r * 1.4, y + r);
      path.lineTo(x - r * 1.4, y + r);
      path.closePath();
      return path;
    default:
      path.arc(x, y, hopKinds[kind] === 'other' ? r * 0.7 : r, 0, Math.PI * 2);
      return path;
  }
}
