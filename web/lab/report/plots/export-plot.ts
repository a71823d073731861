/** Plots as files: dark on white, whatever the page's scheme, and with nothing in them that lies elsewhere. */
import type { Report } from '../report-port.ts';
import { drawPlot } from './draw-plot.ts';
import { svgElement } from './frame.ts';
import { coloursOf } from './look.ts';

/** Chosen: printed over two columns (170 mm) the type of 12 px has 9 points. */
const PAPER_PX = 640;

/** @returns the text of a file that stands alone */
export async function plotSvgText(report: Report, id: string, widthPx = PAPER_PX): Promise<string> {
  return toSvgText(await drawPlot(report, id, { theme: 'print', widthPx }));
}

/** @param scale pixels of the picture for each of the plot; 3 gives about 290 dots per inch over two columns */
export async function plotPng(report: Report, id: string, scale = 3, widthPx = PAPER_PX): Promise<Blob> {
  const svg = await drawPlot(report, id, { theme: 'print', widthPx });
  return toPng(toSvgText(svg), svg.width.baseVal.value * scale, svg.height.baseVal.value * scale);
}

/** Of a plot drawn for print: its style sheet becomes attributes, since not every program for drawings reads one. */
export function toSvgText(svg: SVGSVGElement): string {
  const colours = coloursOf({ theme: 'print', widthPx: 0 });
  const copy = svg.cloneNode(true) as SVGSVGElement;
  for (const sheet of copy.querySelectorAll('style')) sheet.remove();
  for (const attribute of ['class', 'style']) copy.removeAttribute(attribute);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('font-family', 'sans-serif');
  copy.setAttribute('font-size', '12');
  copy.querySelectorAll('text').forEach((text) => text.setAttribute('xml:space', 'preserve'));
  const ground = svgElement(copy.ownerDocument, 'rect', { width: '100%', height: '100%', fill: colours.ground });
  copy.querySelector('desc')?.after(ground);
  const text = new XMLSerializer().serializeToString(copy).replaceAll('currentColor', colours.ink);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

async function toPng(svgText: string, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svgText], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(width), Math.round(height)];
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png === null) throw new Error('The browser cannot make a picture of this size: save the plot as SVG instead.');
    return png;
  } finally {
    URL.revokeObjectURL(address);
  }
}
