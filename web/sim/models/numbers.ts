/**
 * Places for the numbers of many small objects, side by side. As fields, each number that is no small integer lies
 * somewhere of its own in memory, and with ten thousand nodes most of the time would go into fetching them.
 */
const CHUNK = 8192;

let chunk = new Float64Array(CHUNK);
let used = 0;

export interface Place {
  /** Shared with others. */
  readonly numbers: Float64Array;
  /** Of the first of the numbers. */
  readonly at: number;
}

/** Room for `count` numbers, all zero; it is given back when nothing refers to `numbers` any more. */
export function placeFor(count: number): Place {
  if (used + count > CHUNK) {
    chunk = new Float64Array(CHUNK);
    used = 0;
  }
  const at = used;
  used += count;
  return { numbers: chunk, at };
}

/** Adds to a running sum (see `RunningSum`) whose two numbers begin at `at`. */
export function addTo(numbers: Float64Array, at: number, term: number): void {
  const before = numbers[at];
  const sum = before + term;
  numbers[at + 1] += Math.abs(before) >= Math.abs(term) ? before - sum + term : term - sum + before;
  numbers[at] = sum;
}
