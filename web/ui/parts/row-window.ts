/** Which rows of a long table are drawn: those in sight and a few on either side. */

const spareRows = 4;

export interface RowWindow {
  first: number;
  count: number;
}

/**
 * @param scrolledPx from the top of the first row to the top of the room for rows
 * @param roomPx height of the room for rows
 */
export function rowWindow(rows: number, rowPx: number, scrolledPx: number, roomPx: number): RowWindow {
  const wanted = Math.ceil(roomPx / rowPx) + 2 * spareRows;
  // Rows may have become fewer since the last scrolling.
  const first = Math.max(0, Math.min(rows - wanted, Math.floor(scrolledPx / rowPx) - spareRows));
  return { first, count: Math.min(wanted, rows - first) };
}

/** Where to scroll to so that a row is in sight, with as little motion as that takes. */
export function scrollFor(row: number, rowPx: number, scrolledPx: number, roomPx: number): number {
  const top = row * rowPx;
  if (top < scrolledPx) return top;
  return top + rowPx > scrolledPx + roomPx ? top + rowPx - roomPx : scrolledPx;
}
