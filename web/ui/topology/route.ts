/**
 * The way a message takes between two places. From a plot it follows the channel above its row to the
 * field's edge, so that traffic runs between the plots and not over them; then a curve to the broker.
 */
import { BROKER } from '../../sim/snapshot.ts';
import type { Layout } from './layout.ts';

const lanePx = 7;

/** Four points of a straight run, then a cubic curve from the last of them; reusable without garbage. */
export class Route {
  /** x and y of the four points, the two control points and the end. */
  readonly points = new Float64Array(14);
  readonly #lengths = new Float64Array(4);
  #total = 0;
  #reversed = false;
  #lastX = 0;
  #lastY = 0;

  /** Leads from one node (or `BROKER`) to another. */
  lead(layout: Layout, from: number, to: number): void {
    const inField = (node: number) => node !== BROKER && layout.channelY[node]! > 0;
    const toField = inField(to) && !inField(from);
    this.#reversed = toField;
    if (toField) this.#forward(layout, to, from);
    else this.#forward(layout, from, to);
    const { points } = this;
    this.#total = 0;
    for (let leg = 0; leg < 3; leg++) {
      const dx = points[leg * 2 + 2]! - points[leg * 2]!;
      const dy = points[leg * 2 + 3]! - points[leg * 2 + 1]!;
      this.#lengths[leg] = Math.hypot(dx, dy);
      this.#total += this.#lengths[leg]!;
    }
    this.#lengths[3] = Math.hypot(points[12]! - points[6]!, points[13]! - points[7]!);
    this.#total += this.#lengths[3]!;
  }

  #forward(layout: Layout, from: number, to: number): void {
    const { points } = this;
    const x = from === BROKER ? layout.broker.x : layout.x[from]!;
    const y = from === BROKER ? layout.broker.y : layout.y[from]!;
    const endX = to === BROKER ? layout.broker.x : layout.x[to]!;
    const endY = to === BROKER ? layout.broker.y : layout.y[to]!;
    let gateX = x;
    let gateY = y;
    points[0] = x;
    points[1] = y;
    points.copyWithin(2, 0, 2);
    points.copyWithin(4, 0, 2);
    const channelY = from === BROKER ? 0 : layout.channelY[from]!;
    const inField = channelY > 0;
    if (inField) {
      const { field } = layout;
      const gateRight = !layout.portrait || x > field.left + field.width / 2;
      gateX = gateRight ? field.left + field.width - 7 : field.left + 7;
      gateY = layout.portrait ? field.top + field.height - 8 : channelY;
      points[1] = y - layout.half[from]! * 0.6;
      points[3] = channelY;
      points[4] = gateX;
      points[5] = channelY;
    }
    points[6] = gateX;
    points[7] = gateY;
    const dx = endX - gateX;
    const dy = endY - gateY;
    const length = Math.hypot(dx, dy) || 1;
    // The normal turns with the direction, so there and back bend to opposite sides.
    const lane = inField ? 0 : lanePx;
    const bendX = (-dy / length) * lane;
    const bendY = (dx / length) * lane;
    const vertical = layout.portrait && inField;
    // Under a portrait field the curve keeps close to it, clear of the headings below.
    points[8] = gateX + (vertical ? 0 : dx * 0.5) + bendX;
    points[9] = gateY + (vertical ? dy * 0.36 : 0) + bendY;
    points[10] = endX - (vertical ? 0 : dx * 0.5) + bendX;
    points[11] = endY - (vertical ? dy * 0.9 : 0) + bendY;
    points[12] = endX;
    points[13] = endY;
  }

  /** Moves `x`, `y` to the place after a share `t` in 0..1 of the way, at an even pace. */
  at(t: number): this {
    const { points } = this;
    let left = (this.#reversed ? 1 - t : t) * this.#total;
    let leg = 0;
    while (leg < 3 && left > this.#lengths[leg]!) left -= this.#lengths[leg++]!;
    const share = this.#lengths[leg]! > 0 ? Math.min(1, left / this.#lengths[leg]!) : 0;
    this.#lastX = leg < 3 ? mix(points, leg * 2, share) : cubic(points, 6, share);
    this.#lastY = leg < 3 ? mix(points, leg * 2 + 1, share) : cubic(points, 7, share);
    return this;
  }

  get x(): number {
    return this.#lastX;
  }

  get y(): number {
    return this.#lastY;
  }

  /** Adds the whole way to a drawing's path. */
  trace(path: CanvasPath): void {
    const p = this.points;
    path.moveTo(p[0]!, p[1]!);
    path.lineTo(p[2]!, p[3]!);
    path.lineTo(p[4]!, p[5]!);
    path.lineTo(p[6]!, p[7]!);
    path.bezierCurveTo(p[8]!, p[9]!, p[10]!, p[11]!, p[12]!, p[13]!);
  }
}

function mix(p: Float64Array, at: number, share: number): number {
  return p[at]! + (p[at + 2]! - p[at]!) * share;
}

function cubic(p: Float64Array, at: number, t: number): number {
  const s = 1 - t;
  const inner = 3 * s * t * (s * p[at + 2]! + t * p[at + 4]!);
  return s * s * s * p[at]! + inner + t * t * t * p[at + 6]!;
}
