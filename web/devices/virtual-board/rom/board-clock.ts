/** Time as a virtual board sees it: the page's, or one that a test moves. */
export interface BoardClock {
  /** Milliseconds from an arbitrary start; may have a fraction; never goes back. */
  nowMs(): number;
  /** Calls once, at least `delayMs` from now, and never at once; what it returns cancels. */
  setTimer(delayMs: number, fire: () => void): () => void;
}
