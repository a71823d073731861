/** What the lab uses of jStat 1.9, which brings no types. */
declare module 'jstat' {
  const jStat: {
    mean(values: readonly number[]): number;
    /** Standard deviation; of the sample (n - 1) when `sample`. */
    stdev(values: readonly number[], sample: boolean): number;
    /** Of the sample, n - 1. */
    covariance(a: readonly number[], b: readonly number[]): number;
    /** With `alphap` and `betap` 1: linear between the order statistics, Hyndman and Fan's type 7. */
    quantiles(values: readonly number[], shares: readonly number[], alphap: number, betap: number): number[];
    /** Regularised incomplete beta function. */
    ibeta(x: number, a: number, b: number): number;
    studentt: { inv(p: number, degrees: number): number };
    normal: { cdf(x: number, mean: number, deviation: number): number };
  };
  export default jStat;
}
