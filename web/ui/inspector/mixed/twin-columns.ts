/** Recent comparisons as columns to draw. */
import type { TwinDetail } from '../../../sim/bridge-snapshot.ts';

/** So many times the interval before, and at least so many seconds, without a comparison is a gap. */
const TIMES = 3;
const LEAST_S = 2;

/** Seconds since the last comparison (0 or less), then ADC counts of board and twin; null is a gap. */
export type TwinDrawable = [number[], (number | null)[], (number | null)[]];

/** With a break in both lines where the board was silent: a straight line there would look measured. */
export function twinColumns({ timeS, board, twin }: TwinDetail['recent']): TwinDrawable {
  const drawable: TwinDrawable = [[], [], []];
  const lastS = timeS.at(-1) ?? 0;
  const put = (at: number, ofBoard: number, ofTwin: number): void => {
    drawable[0].push(at - lastS);
    drawable[1].push(Number.isFinite(ofBoard) ? ofBoard : null);
    drawable[2].push(Number.isFinite(ofTwin) ? ofTwin : null);
  };
  let usual = NaN;
  for (let i = 0; i < timeS.length; i++) {
    const interval = i === 0 ? NaN : timeS[i]! - timeS[i - 1]!;
    if (interval > Math.max(LEAST_S, TIMES * usual)) put((timeS[i]! + timeS[i - 1]!) / 2, NaN, NaN);
    else if (interval > 0) usual = interval;
    put(timeS[i]!, board[i]!, twin[i]!);
  }
  return drawable;
}

/** ADC limits that stand still while values tremble, and let a difference of a few counts be seen. */
export function twinRange(least: number | null, greatest: number | null): [number, number] {
  if (least === null || greatest === null) return [1000, 2800];
  const low = Math.floor((least - 10) / 50) * 50;
  return [low, Math.max(low + 100, Math.ceil((greatest + 10) / 50) * 50)];
}
