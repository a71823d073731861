/** Paints what is not a plot: the broker's hub, the fog's board, the cloud's server. */
import { shorten } from './draw-plot.ts';
import type { Look } from './look.ts';
import { cross, hatch, warning } from './marks.ts';
import type { Palette } from './palette.ts';

type Context = CanvasRenderingContext2D;

/** A fog node as a single-board computer, a cloud node as a stack of servers; drawn in a 64-unit square. */
export function drawBoard(
  c: Context,
  tier: 'fog' | 'cloud',
  x: number,
  y: number,
  half: number,
  look: Look,
  id: string,
  palette: Palette,
): void {
  const resting = look.state === 'off' || look.state === 'restarting' || look.state === 'booting';
  const stroke = look.state === 'faulted' ? palette.bad : palette[tier];
  c.save();
  c.translate(x, y);
  c.scale(half / 32, half / 32);
  c.lineWidth = 2;
  c.lineJoin = 'round';
  c.strokeStyle = stroke;
  c.fillStyle = palette.surface;
  c.setLineDash(resting ? [5, 4] : []);
  if (look.state === 'off') c.globalAlpha = 0.6;
  if (tier === 'fog') paintPi(c, stroke, look, palette);
  else paintServer(c, stroke, look, palette);
  c.setLineDash([]);
  if (look.state === 'faulted') {
    hatch(c, -31, -24, 62, 48, 5, palette.bad);
    cross(c, 0, 0, 15, palette.surface, 8);
    cross(c, 0, 0, 14, palette.bad, 4);
  }
  if (look.anomaly !== 0) warning(c, 28, -24, 9, palette);
  if (look.selected || look.hovered) {
    c.beginPath();
    c.roundRect(-37, -33, 74, 66, 10);
    c.lineWidth = (look.selected ? 2.5 : 1.5) * (32 / half);
    c.strokeStyle = look.selected ? palette.focus : palette.ink;
    c.stroke();
  }
  c.restore();
  if (half < 12) return;
  c.font = `${look.selected ? 650 : 500} 11px ${palette.font}`;
  c.textAlign = 'center';
  c.textBaseline = 'top';
  c.fillStyle = look.state === 'faulted' ? palette.bad : palette['ink-2'];
  const name = look.state === 'running' || look.state === 'idle' ? id : `${id}, ${look.state}`;
  c.fillText(shorten(c, name, Math.max(96, half * 3)), x, y + half + 6);
}

function paintPi(c: Context, stroke: string, look: Look, palette: Palette): void {
  for (const top of [-17, -4, 9]) rectangle(c, 22, top, 11, 9, 1.5);
  rectangle(c, -31, -23, 58, 46, 5);
  c.setLineDash([]);
  c.fillStyle = stroke;
  for (let pin = 0; pin < 10; pin++) {
    c.fillRect(-23 + pin * 4, -19.5, 2.2, 2.2);
    c.fillRect(-23 + pin * 4, -16, 2.2, 2.2);
  }
  c.globalAlpha *= 0.22;
  c.fillRect(-12, -7, 17, 17);
  c.fillRect(11, -7, 8, 10);
  c.globalAlpha /= 0.22;
  c.lineWidth = 1.5;
  c.strokeRect(-12, -7, 17, 17);
  c.fillRect(-18, 20, 9, 5);
  c.fillRect(-4, 20, 7, 5);
  lamp(c, -24, 14, look, palette);
}

function paintServer(c: Context, stroke: string, look: Look, palette: Palette): void {
  for (const [k, top] of [-26, -8, 10].entries()) {
    rectangle(c, -29, top, 58, 15, 4);
    const dash = c.getLineDash();
    c.setLineDash([]);
    c.beginPath();
    for (let vent = 0; vent < 4; vent++) {
      c.moveTo(6 + vent * 5, top + 4.5);
      c.lineTo(6 + vent * 5, top + 10.5);
    }
    c.stroke();
    c.fillStyle = stroke;
    c.globalAlpha *= 0.3;
    c.fillRect(-15, top + 5.5, 14, 4);
    c.globalAlpha /= 0.3;
    c.setLineDash(dash);
    if (k < 3) lamp(c, -22, top + 7.5, look, palette);
  }
}

/** Lit green while running, hollow otherwise. */
function lamp(c: Context, x: number, y: number, look: Look, palette: Palette): void {
  const dash = c.getLineDash();
  c.setLineDash([]);
  c.beginPath();
  c.arc(x, y, 2.8, 0, Math.PI * 2);
  c.fillStyle = look.state === 'running' ? palette['led-green'] : palette.surface;
  c.fill();
  c.lineWidth = 1;
  c.stroke();
  c.lineWidth = 2;
  c.fillStyle = palette.surface;
  c.setLineDash(dash);
}

function rectangle(c: Context, x: number, y: number, width: number, height: number, radius: number): void {
  c.beginPath();
  c.roundRect(x, y, width, height, radius);
  c.fill();
  c.stroke();
}

/** The broker: a hub with spokes, since every message passes through it. */
export function drawBroker(c: Context, x: number, y: number, half: number, palette: Palette): void {
  c.save();
  c.translate(x, y);
  c.scale(half / 32, half / 32);
  c.lineWidth = 2;
  c.strokeStyle = palette.broker;
  c.fillStyle = palette.surface;
  c.beginPath();
  c.arc(0, 0, 29, 0, Math.PI * 2);
  c.fill();
  c.stroke();
  c.fillStyle = palette.broker;
  c.beginPath();
  for (let spoke = 0; spoke < 6; spoke++) {
    const angle = (spoke * Math.PI) / 3 + Math.PI / 6;
    c.moveTo(Math.cos(angle) * 9, Math.sin(angle) * 9);
    c.lineTo(Math.cos(angle) * 18, Math.sin(angle) * 18);
  }
  c.stroke();
  for (let spoke = 0; spoke < 6; spoke++) {
    const angle = (spoke * Math.PI) / 3 + Math.PI / 6;
    c.beginPath();
    c.arc(Math.cos(angle) * 19, Math.sin(angle) * 19, 3.4, 0, Math.PI * 2);
    c.fill();
  }
  c.beginPath();
  c.arc(0, 0, 8.5, 0, Math.PI * 2);
  c.fill();
  c.restore();
}
