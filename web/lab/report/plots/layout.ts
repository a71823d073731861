/** Where each cell stands in a plot: its row, and the panel that the row is in. */
import type { Cell, FactorName } from '../../experiment/experiment.ts';
import { cellText, levelText } from '../cell-words.ts';
import type { Report } from '../report-port.ts';

export interface Place {
  /** Of the series' level: colour, symbol and row. */
  series: number;
  /** Panel across and down, by their headings; empty where there is only one. */
  column: string;
  panel: string;
}

export interface Layout {
  /** Names of the rows, one for each level of the series' factor. */
  series: readonly string[];
  columns: readonly string[];
  panels: readonly string[];
  placeOf(cell: Cell): Place;
}

/** Chosen: two panels side by side want this much at least. */
const TWO_COLUMNS_PX = 560;
const MOST_COLUMNS = 3;

/**
 * Strategies make the series where they vary, else the first factor that does. A factor of two or three levels makes the
 * panels side by side if there is room, the others panels one below the other.
 * @param along a factor that is drawn along an axis, so it makes neither
 */
export function layoutOf({ cells, varying }: Pick<Report, 'cells' | 'varying'>, widthPx: number, along: FactorName | null = null): Layout {
  const names = varying.filter((name) => name !== along);
  const series = names[0] ?? null;
  const rest = names.slice(1);
  const levels = (name: FactorName) => [...new Set(cells.map((cell) => levelText(name, cell)))];
  const column = widthPx < TWO_COLUMNS_PX ? null : (rest.find((name) => levels(name).length <= MOST_COLUMNS) ?? null);
  const down = rest.filter((name) => name !== column);
  const panelText = (cell: Cell) => (down.length === 0 ? '' : cellText(cell, down));
  const seriesLevels = series === null ? [''] : levels(series);
  return {
    series: seriesLevels,
    columns: column === null ? [''] : levels(column),
    panels: [...new Set(cells.map(panelText))],
    placeOf: (cell) => ({
      series: series === null ? 0 : seriesLevels.indexOf(levelText(series, cell)),
      column: column === null ? '' : levelText(column, cell),
      panel: panelText(cell),
    }),
  };
}

/** How a series is called in a legend: `strategy A` needs its factor's name, `Rust` does not. */
export function seriesTitle({ varying }: Pick<Report, 'varying'>, along: FactorName | null = null): string {
  return varying.find((name) => name !== along) === 'strategy' ? 'Strategy ' : '';
}
