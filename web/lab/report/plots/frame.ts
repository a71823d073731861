/** What all plots share: size, fonts, headings of panels, legend, axis titles and words for screen readers. */
import type * as PlotModule from '@observablehq/plot';
import type { PlotEntry, PlotLook } from '../report-port.ts';
import { coloursOf, fontFamily, fontPx, setVariables, textWidth, wrap, type Colours } from './look.ts';
import type { Layout } from './layout.ts';

export type PlotLibrary = typeof PlotModule;

export interface Draft {
  entry: PlotEntry;
  look: PlotLook;
  plot: PlotLibrary;
  colours: Colours;
}

export interface LegendItem {
  text: string;
  /** Draws its sign into 22 x 12 px. */
  draw(sign: SVGGElement): void;
}

export interface Furnished {
  panels: Pick<Layout, 'columns' | 'panels'>;
  /** Inner height of one panel. */
  panelPx: number;
  marginLeft: number;
  marginRight?: number;
  xTitle: string;
  yTitle?: string;
  legend?: readonly LegendItem[];
  options: PlotModule.PlotOptions;
}

const LINE = 1.3 * fontPx;
const LEGEND_SIGN = 22;
const AXIS = 22;

export function draftOf(plot: PlotLibrary, entry: PlotEntry, look: PlotLook): Draft {
  return { entry, look, plot, colours: coloursOf(look) };
}

export function furnish({ entry, look, plot, colours }: Draft, furnished: Furnished): SVGSVGElement {
  const { panels, panelPx, marginLeft, marginRight = 30, options, legend = [], xTitle, yTitle } = furnished;
  const width = look.widthPx;
  const inner = width - marginLeft - marginRight;
  const rows = legendRows(legend, width);
  const columnWidth = inner / panels.columns.length - (panels.columns.length > 1 ? 12 : 0);
  const columnHeadings = panels.columns[0] === '' ? [] : panels.columns.map((text) => wrap(text, columnWidth));
  const headingLines = Math.max(1, ...panels.panels.map((text) => wrap(text, inner).length));
  const heading = panels.panels[0] === '' ? 0 : headingLines * LINE + 8;
  const columnHeading = columnHeadings.length === 0 ? 0 : Math.max(...columnHeadings.map((lines) => lines.length)) * LINE + 6;
  const yTitles = yTitle === undefined ? [] : wrap(yTitle, inner + marginLeft);
  const title = wrap(xTitle, width - 8);
  const marginTop = 8 + rows.length * (LINE + 4) + yTitles.length * LINE + columnHeading + heading;
  const marginBottom = AXIS + title.length * LINE + 8;
  const count = panels.panels.length;
  const height = marginTop + count * panelPx + (count - 1) * heading + marginBottom;
  const svg = plot.plot({
    ...options,
    width,
    height,
    ...{ marginTop, marginBottom, marginLeft, marginRight },
    style: { fontFamily, fontSize: `${fontPx}px`, background: 'transparent', color: colours.ink, overflow: 'visible' },
    fx: { axis: null, domain: [...panels.columns], paddingInner: panels.columns.length > 1 ? 12 / (columnWidth + 12) : 0, paddingOuter: 0, round: false },
    fy: { axis: null, domain: [...panels.panels], paddingInner: count > 1 ? heading / (panelPx + heading) : 0, paddingOuter: 0, round: false },
  }) as SVGSVGElement;
  if (look.theme === 'page') setVariables(svg);

  const draw = pen(svg);
  rows.forEach((row, line) => row.forEach(({ item, x }) => drawLegendItem(svg, draw, item, x, 8 + line * (LINE + 4))));
  let y = 8 + rows.length * (LINE + 4);
  yTitles.forEach((text, line) => draw.text(text, 4, y + (line + 0.8) * LINE, { anchor: 'start' }));
  y += yTitles.length * LINE;
  columnHeadings.forEach((lines, at) => {
    const x = marginLeft + (at + 0.5) * (inner / panels.columns.length);
    lines.forEach((text, line) => draw.text(text, x, y + (line + 0.9) * LINE, { bold: true }));
  });
  if (heading > 0) {
    panels.panels.forEach((text, at) => {
      const top = marginTop + at * (panelPx + heading) - heading;
      wrap(text, inner).forEach((part, line) => draw.text(part, marginLeft, top + (line + 1.1) * LINE, { anchor: 'start', bold: true }));
    });
  }
  title.forEach((text, line) => draw.text(text, marginLeft + inner / 2, height - marginBottom + AXIS + (line + 0.9) * LINE));
  describe(svg, entry);
  return svg;
}

/** Room for the names of rows, and their lines when they are wrapped into it. */
export function rowMargin(names: readonly string[], widthPx: number): { marginLeft: number; wrapped: string[] } {
  const most = widthPx * 0.36;
  const wrapped = names.map((name) => wrap(name, most));
  const widest = Math.max(0, ...wrapped.flat().map(textWidth));
  return { marginLeft: Math.max(14, Math.ceil(widest) + 14), wrapped: wrapped.map((lines) => lines.join('\n')) };
}

function legendRows(items: readonly LegendItem[], width: number): { item: LegendItem; x: number }[][] {
  const rows: { item: LegendItem; x: number }[][] = [];
  let x = Infinity;
  for (const item of items) {
    const wide = LEGEND_SIGN + 6 + textWidth(item.text) + 14;
    if (x + wide > width) {
      rows.push([]);
      x = 4;
    }
    rows.at(-1)!.push({ item, x });
    x += wide;
  }
  return rows;
}

function drawLegendItem(svg: SVGSVGElement, draw: ReturnType<typeof pen>, item: LegendItem, x: number, y: number): void {
  const sign = svgElement(svg.ownerDocument, 'g', { transform: `translate(${x},${y})` });
  item.draw(sign);
  svg.append(sign);
  draw.text(item.text, x + LEGEND_SIGN + 6, y + 0.85 * fontPx, { anchor: 'start' });
}

function pen(svg: SVGSVGElement) {
  return {
    text(text: string, x: number, y: number, { anchor = 'middle', bold = false }: { anchor?: 'start' | 'middle'; bold?: boolean } = {}) {
      const node = svgElement(svg.ownerDocument, 'text', { x: `${x}`, y: `${y}`, 'text-anchor': anchor, fill: 'currentColor', ...(bold && { 'font-weight': '600' }) });
      node.textContent = text;
      svg.append(node);
    },
  };
}

function describe(svg: SVGSVGElement, { title, description }: PlotEntry): void {
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${title}. ${description}`);
  // Its parts are read as one picture.
  for (const part of svg.querySelectorAll('[aria-label], [aria-description]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-description');
  }
  const words = [svgElement(svg.ownerDocument, 'title', {}), svgElement(svg.ownerDocument, 'desc', {})] as const;
  words[0].textContent = title;
  words[1].textContent = description;
  svg.prepend(...words);
}

export function svgElement<K extends keyof SVGElementTagNameMap>(document: Document, name: K, attributes: Record<string, string>): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
