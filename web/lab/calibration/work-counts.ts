/** The work behind a board's figures, as the transformed module counts it: what the model multiplies with its costs. */
export interface WorkCounts {
  /** Instructions of one call of `process`, mean over the readings that a bench uses; null for a guest without it. */
  processInstructions: number | null;
  /** Of one step of the loop, mean; null for a guest without one. */
  stepInstructions: number | null;
  /** Host calls of one step that take CPU time: all but those that pause. */
  stepHostCalls: number | null;
}
