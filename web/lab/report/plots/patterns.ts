/** Fills of the parts of bars: each has a colour and a hatching, so that print without colour tells them apart. */
import { svgElement, type LegendItem } from './frame.ts';
import { pick, type Colours } from './look.ts';

/** Lines over an 8 x 8 tile; the first is plain. */
const hatchings = ['', 'M0 8L8 0M-2 2L2 -2M6 10L10 6', 'M2 2h1.6v1.6h-1.6zM6 6h1.6v1.6h-1.6z', 'M0 0L8 8M-2 6L2 10M6 -2L10 2', 'M0 4H8', 'M4 0V8', 'M0 4H8M4 0V8', 'M0 0L8 8M0 8L8 0'] as const;

/** Plots of one page must not share the ids of their patterns. */
let drawn = 0;

/** @param alone whether the picture is a file of its own, whose text must not depend on what else was drawn */
export function patternSet(colours: Colours, alone: boolean) {
  if (!alone) drawn += 1;
  const prefix = alone ? 'fill' : `report-${drawn}-fill`;
  return {
    fill: (at: number) => `url(#${prefix}-${at})`,
    define(svg: SVGSVGElement, count: number): void {
      const defs = svgElement(svg.ownerDocument, 'defs', {});
      for (let at = 0; at < count; at += 1) {
        const pattern = svgElement(svg.ownerDocument, 'pattern', { id: `${prefix}-${at}`, width: '8', height: '8', patternUnits: 'userSpaceOnUse' });
        pattern.append(svgElement(svg.ownerDocument, 'rect', { width: '8', height: '8', fill: pick(colours.series, at) }));
        const path = pick(hatchings, at);
        if (path !== '') pattern.append(svgElement(svg.ownerDocument, 'path', { d: path, stroke: colours.ground, 'stroke-width': '1.1', 'stroke-opacity': '0.75', fill: 'none' }));
        defs.append(pattern);
      }
      svg.prepend(defs);
    },
    legend: (names: readonly string[]): LegendItem[] =>
      names.map((text, at) => ({
        text,
        draw: (sign) => {
          sign.append(svgElement(sign.ownerDocument, 'rect', { width: '22', height: '12', fill: `url(#${prefix}-${at})` }));
        },
      })),
  };
}
