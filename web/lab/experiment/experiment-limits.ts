/** How much one experiment may ask for. */
export const limits = {
  /** Half of what one page can hold (see `MAX_NODES` of `sim/scenario.ts`), so that two runs fit side by side. */
  nodes: 10_000,
  replications: 1000,
  cells: 2000,
  runs: 20_000,
  /** Of one run: the latency of each is kept until the run is measured. */
  readingsOfRun: 2e7,
  /** Chosen: about a working day on two cores at the speed that the benchmark `experiment` measures. */
  readings: 5e9,
  /** Chosen: a season and its aftermath; the weather record has four years. */
  durationS: 366 * 86_400,
  /** The probe alone keeps a guest for 160 ms, and the guests count their period in whole seconds or more. */
  shortestPeriodS: 1,
  longestPeriodS: 86_400,
  nameLength: 200,
  questionLength: 2000,
} as const;
