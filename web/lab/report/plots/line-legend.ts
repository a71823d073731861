/** A legend of lines: each with its dash and symbol. */
import { svgElement, type Draft, type LegendItem } from './frame.ts';
import { dashes, pick, symbols } from './look.ts';

/** @param marked whether the lines carry symbols */
export function lineLegend({ plot, colours }: Draft, names: readonly string[], title: string, marked: boolean): LegendItem[] {
  if (names.length < 2) return [];
  return names.map((name, at) => ({
    text: at === 0 ? `${title}${name}` : name,
    draw: (sign) => {
      const colour = pick(colours.series, at);
      sign.append(svgElement(sign.ownerDocument, 'path', { d: 'M0 6H22', stroke: colour, 'stroke-width': '2', 'stroke-dasharray': pick(dashes, at), fill: 'none' }));
      if (marked) sign.append(symbolPath(plot, sign.ownerDocument, at, colour));
    },
  }));
}

/** Plot draws symbols only in plots, so the legend's is taken out of one. */
function symbolPath(plot: Draft['plot'], document: Document, at: number, colour: string): Element {
  const one = plot.plot({ axis: null, margin: 0, width: 22, height: 12, marks: [plot.dot([0], { frameAnchor: 'middle', symbol: pick(symbols, at), fill: colour, r: 4, x: null, y: null })] });
  const drawn = one.querySelector('g path, g circle') ?? svgElement(document, 'g', {});
  const holder = svgElement(document, 'g', { fill: colour });
  holder.append(drawn);
  return holder;
}
