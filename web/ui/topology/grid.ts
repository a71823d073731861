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

const largestPlotPx = 104;
const smallestLabelledPx = 42;
const labelPx = 16;

/** The grid of `count` plots in the given rectangle whose plots are largest. */
export function packGrid(count: number, left: number, top: number, width: number, height: number): Grid {
  const plots = Math.max(1, count);
  let best = fit(plots, 1, width, height);
  for (let columns = 2; columns <= plots; columns++) {
    const grid = fit(plots, columns, width, height);
    if (grid.plot > best.plot) best = grid;
  }
  const usedWidth = best.columns * best.pitchX + best.staggerX;
  return {
    ...best,
    left: left + (width - usedWidth) / 2,
    top: top + (height - best.rows * best.pitchY) / 2,
  };
}

function fit(count: number, columns: number, width: number, height: number): Grid {
  const rows = Math.ceil(count / columns);
  const staggers = rows > 1 && columns > 1;
  const widest = width / (columns + (staggers ? 0.5 : 0));
  const side = (label: number) => Math.min(largestPlotPx, widest - gapPx(widest), (height / rows - label) * gapShare);
  const labelled = side(labelPx);
  const label = labelled >= smallestLabelledPx ? labelPx : 0;
  const plot = Math.max(1, label > 0 ? labelled : side(0));
  const pitchX = Math.min(widest, plot + Math.max(gapPx(plot), plot >= smallestLabelledPx ? 26 : 0));
  return {
    columns,
    rows,
    plot,
    pitchX,
    pitchY: Math.min(height / rows, plot + label + gapPx(plot) + (label > 0 ? 8 : 0)),
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
