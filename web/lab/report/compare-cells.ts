/** One metric of all cells against that of their baselines. */
import { factorNames, type Cell, type Experiment } from '../experiment/experiment.ts';
import { comparePairs, type PairComparison } from './compare-pairs.ts';
import { holm } from './holm.ts';
import type { CellStatistics, Comparison, Verdict } from './report-port.ts';
import { smallestWilcoxonP } from './wilcoxon.ts';

export const significance = 0.05;

/** By cell, the index of the cell it is compared with; null for those that are baselines themselves, or have none. */
export function baselinesOf(cells: readonly Cell[], baseline: Experiment['baseline']): (number | null)[] {
  const indexes = new Map(cells.map((cell) => [keyOf(cell), cell.index]));
  return cells.map((cell) => {
    const index = indexes.get(keyOf({ ...cell, ...baseline }));
    return index === undefined || index === cell.index ? null : index;
  });
}

/** @param statistics in the order of the cells */
export function compareCells(statistics: readonly CellStatistics[], baselines: readonly (number | null)[]): Comparison[] {
  const compared = statistics.flatMap((cell, at) => {
    const baseline = baselines[at] ?? null;
    return baseline === null ? [] : [{ cell: cell.cell, baseline, ...pairUp(cell, statistics[baseline]!) }];
  });
  const family = compared.filter(({ spread }) => spread === 'varied' || spread === 'constant' || spread === 'equal');
  const byT = new Map(zip(family, holm(family.map((each) => pIn(each, each.p)))));
  const byRank = new Map(zip(family, holm(family.map((each) => pIn(each, each.wilcoxonP)))));
  return compared.map((each) => {
    const { spread, ...comparison } = each;
    const pHolm = spread === 'varied' ? byT.get(each)! : null;
    const wilcoxonPHolm = spread === 'varied' ? byRank.get(each)! : null;
    const verdict = verdictOf(each, pHolm);
    const note = [each.note, dissent(each, verdict, wilcoxonPHolm, family.length)].filter((part) => part !== '').join(' ');
    return { ...comparison, pHolm, wilcoxonPHolm, verdict, note };
  });
}

function pairUp(cell: CellStatistics, baseline: CellStatistics): PairComparison {
  const below = new Map(baseline.values.map(({ replication, value }) => [replication, value]));
  const pairs = cell.values.filter(({ replication }) => below.has(replication));
  return comparePairs(
    pairs.map(({ value }) => value),
    pairs.map(({ replication }) => below.get(replication)!),
  );
}

/** Those without spread stay in the family as the limits they are, so that leaving them out makes nothing significant. */
function pIn({ spread }: PairComparison, p: number | null): number {
  return p ?? (spread === 'equal' ? 1 : 0);
}

function verdictOf({ spread, difference }: PairComparison, pHolm: number | null): Verdict {
  if (spread === 'nothing' || spread === 'one pair') return 'unknown';
  if (spread === 'equal') return 'same';
  if (spread === 'varied' && pHolm! >= significance) return 'none';
  return difference! < 0 ? 'less' : 'more';
}

/** What the rank test says against the t-test, which takes the differences for normal. */
function dissent({ pairs }: PairComparison, verdict: Verdict, wilcoxonPHolm: number | null, family: number): string {
  if (wilcoxonPHolm === null) return '';
  const found = verdict === 'less' || verdict === 'more';
  if (found === wilcoxonPHolm < significance) return '';
  if (!found) return "Wilcoxon's signed-rank test finds a difference where the t-test does not.";
  return smallestWilcoxonP(pairs) * family >= significance
    ? `${pairs} pairs are too few for Wilcoxon's signed-rank test to confirm it.`
    : "Wilcoxon's signed-rank test does not confirm it.";
}

function keyOf(cell: Cell): string {
  return JSON.stringify(factorNames.map((name) => cell[name]));
}

function zip<A, B>(as: readonly A[], bs: readonly B[]): [A, B][] {
  return as.map((a, at) => [a, bs[at]!]);
}
