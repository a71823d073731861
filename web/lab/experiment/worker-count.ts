/** How many runs go on side by side. */
import { MAX_NODES } from '../../sim/scenario.ts';

/** Chosen: each has an engine and a world of its own, and more than this would only wait for memory. */
const MOST = 16;

/**
 * All cores of a small machine, where the page is still drawn between them; one is left to the page of a larger one.
 * @param cores that the browser tells of
 * @param nodes of the largest fleet: all runs at a time share what one process can hold
 */
export function workerCount(cores: number, nodes: number): number {
  const wanted = cores <= 2 ? cores : cores - 1;
  return Math.max(1, Math.min(wanted, MOST, Math.floor(MAX_NODES / nodes)));
}
