/** Packs plots into a field: as large as they go, every second row shifted by half a plot. */

export interface Grid {
  columns: number;
  rows: number;
  /** Side of a plot, pixels. */
  plot: number;
  pitchX: number;
  pitchY: number;
  left: number;
  top: number;
  /** Shift of odd rows. */
  staggerX: number;
  /** Height under each plot kept for its name; 0 where plots are too small for names. */
  labelPx: number;
}

const largestPlotPx = 124;
const smallestLabelledPx = 42;
const labelPx = 16;

/** The grid of `count` plots in the given rectangle that makes the most of it. */
export function packGrid(count: number, left: number, top: number, width: number, height: number): Grid {
  const plots = Math.max(1, count);
  let best = fit(plots, 1, width, height);
  for (let columns = 2; columns <= plots; columns++) {
    const grid = fit(plots, columns, width, height);
    if (score(grid, plots, width, height) > score(best, plots, width, height)) best = grid;
  }
  const usedWidth = best.columns * best.pitchX + best.staggerX;
  return {
    ...best,
    left: left + (width - usedWidth) / 2,
    top: top + (height - best.rows * best.pitchY) / 2,
  };
}

/** Large plots first; between near equals, the grid that fills its rows and uses width and height alike. */
function score(grid: Grid, count: number, width: number, height: number): number {
  const filled = count / (grid.columns * grid.rows);
  const across = width / grid.columns;
  const down = height / grid.rows;
  return grid.plot * (1 + (0.15 * Math.min(across, down)) / Math.max(across, down) + 0.3 * filled);
}

function fit(count: number, columns: number, width: number, height: number): Grid {
  const rows = Math.ceil(count / columns);
  const staggers = rows > 1 && columns > 1;
  const widest = width / (columns + (staggers ? 0.5 : 0));
  const side = (label: number) =>
    Math.min(largestPlotPx, widest - gapPx(widest), (height / rows - label) * gapShare);
  const labelled = side(labelPx);
  const label = labelled >= smallestLabelledPx ? labelPx : 0;
  const plot = Math.max(1, label > 0 ? labelled : side(0));
  // Free room spreads the plots a little, so that a small fleet fills its field.
  const pitchX = Math.min(widest, plot * 1.35 + gapPx(plot));
  return {
    columns,
    rows,
    plot,
    pitchX,
    pitchY: Math.min(height / rows, plot * 1.3 + label + gapPx(plot)),
    left: 0,
    top: 0,
    staggerX: staggers ? pitchX / 2 : 0,
    labelPx: label,
  };
}

const gapShare = 0.86;

/** Free space between plots of a side, pixels. */
function gapPx(side: number): number {
  return Math.max(1, Math.min(18, side * (1 - gapShare)));
}
