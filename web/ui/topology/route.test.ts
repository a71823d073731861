import { expect, test } from 'vitest';
import { BROKER } from '../../sim/snapshot.ts';
import type { Tier } from '../../sim/snapshot.ts';
import { layOut } from './layout.ts';
import { Route } from './route.ts';

const tiers: Tier[] = [...Array<Tier>(12).fill('edge'), 'fog', 'cloud'];

for (const [name, layout] of [
  ['wide', layOut(1000, 400, tiers)],
  ['portrait', layOut(390, 560, tiers)],
] as const) {
  // Else messages seem to start or end somewhere else than at the nodes they concern.
  test(`${name}: a message goes from its sender to its receiver, at an even pace`, () => {
    const route = new Route();
    for (const [from, to] of [[3, BROKER], [BROKER, 7], [BROKER, 12], [12, BROKER], [BROKER, 13]] as const) {
      route.lead(layout, from, to);
      const place = (node: number) =>
        node === BROKER ? layout.broker : { x: layout.x[node]!, y: layout.y[node]! };
      const reach = 25;
      const start = route.at(0);
      expect(Math.hypot(start.x - place(from).x, start.y - place(from).y)).toBeLessThan(reach);
      const end = route.at(1);
      expect(Math.hypot(end.x - place(to).x, end.y - place(to).y)).toBeLessThan(reach);
      let { x, y } = route.at(0);
      for (let t = 0.02; t <= 1; t += 0.02) {
        const next = route.at(t);
        expect(Math.hypot(next.x - x, next.y - y)).toBeLessThan(50);
        ({ x, y } = next);
      }
    }
  });

  // Else traffic hides the moisture that the plots are there to show.
  test(`${name}: a message from a plot crosses no other plot`, () => {
    const route = new Route();
    for (let from = 0; from < 12; from++) {
      route.lead(layout, from, BROKER);
      for (let t = 0; t <= 1; t += 0.005) {
        const { x, y } = route.at(t);
        for (let other = 0; other < 12; other++) {
          if (other === from) continue;
          const half = layout.half[other]! - 1;
          const inside = Math.abs(x - layout.x[other]!) < half && Math.abs(y - layout.y[other]!) < half;
          expect(inside, `from ${from} over ${other} at ${t}`).toBe(false);
        }
      }
    }
  });
}

test('there and back between broker and fog keep apart, so that both can be seen', () => {
  const layout = layOut(1000, 400, tiers);
  const there = new Route();
  const back = new Route();
  there.lead(layout, BROKER, 12);
  back.lead(layout, 12, BROKER);
  const [a, b] = [there.at(0.5), back.at(0.5)];
  expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(6);
});
