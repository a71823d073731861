/** Makes running guests: the one place that knows how loops are suspended on this machine. */
import { Arena } from './arena.ts';
import type { BlockingWorker } from './blocking-loop.ts';
import { hasJspi, JspiLoop } from './jspi-loop.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { WasmStream } from './stream-guest.ts';
import type { HostCalls, LoopGuest, StreamGuest } from './types.ts';

/** `jspi`: stacks that the engine suspends; `workers`: a blocked thread for each loop. */
export type LoopKind = 'jspi' | 'workers';

export interface GuestEngine {
  readonly loopKind: LoopKind;
  /** Most loop guests at once. */
  readonly maxLoops: number;
  /** Throws `GuestFaultError` when the module cannot start. */
  loop(guest: LoadedGuest, budget: number, host: HostCalls): LoopGuest;
  /** Throws `GuestFaultError` when the module cannot start. */
  stream(guest: LoadedGuest, budget: number): StreamGuest;
}

/** Threads that a browser gives one page without complaint. */
const MAX_WORKERS = 32;

/**
 * @param wanted `jspi`, `workers`, or null for the best there is
 * @param spawn makes a worker for a blocking loop; null where there is no shared memory
 * @returns the engine, or the sentence that says why no loop guest can run here
 */
export async function createEngine(
  wanted: LoopKind | null,
  spawn: (() => BlockingWorker) | null,
): Promise<GuestEngine | string> {
  const loopKind = wanted ?? (hasJspi() ? 'jspi' : 'workers');
  if (loopKind === 'jspi' && !hasJspi()) {
    return 'This engine cannot suspend WebAssembly (JSPI). Use Chrome or Edge 137, Firefox 153 or newer, or leave the loop engine to choose itself.';
  }
  if (loopKind === 'workers' && !spawn) {
    return 'This browser can neither suspend WebAssembly (JSPI) nor share memory between threads, so no guest loop can run. Use Chrome or Edge 137, Firefox 153 or newer, or serve the page with the headers COOP same-origin and COEP require-corp.';
  }
  const arena = new Arena();
  // Few browsers still need it, so the others do not load it.
  const blocking = loopKind === 'workers' ? await import('./blocking-loop.ts') : null;
  return {
    loopKind,
    maxLoops: blocking ? MAX_WORKERS : Infinity,
    loop: (guest, budget, host) =>
      blocking && spawn
        ? new blocking.BlockingLoop(guest, budget, host, spawn())
        : new JspiLoop(guest, arena, budget, host),
    stream: (guest, budget) => new WasmStream(guest, arena, budget),
  };
}
