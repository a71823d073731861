/** Entry point of the worker in which a guest's work is counted: a guest that runs long holds up nobody there. */
import { expose } from 'comlink';
import { createEngine } from '../guest/engine.ts';
import { loadGuest } from '../guest/loaded-guest.ts';
import { countWork } from '../lab/calibration/count-work.ts';
import type { WorkCounts } from '../lab/calibration/work-counts.ts';
import { guestLimits } from './guest-limits.ts';
import { openGuestThreads } from './open-guest-threads.ts';

const counter = {
  /** Rejects with a sentence. */
  async count(name: string, bytes: Uint8Array): Promise<WorkCounts> {
    const engine = await createEngine(null, 'SharedArrayBuffer' in globalThis ? openGuestThreads : null);
    if (typeof engine === 'string') throw new Error(engine);
    const loaded = await loadGuest(name, bytes, guestLimits);
    if (!loaded.ok) throw new Error(`${name}: ${loaded.reason}`);
    const problem = await engine.admit(loaded.guest);
    if (problem !== null) throw new Error(problem);
    return countWork(engine, loaded.guest);
  },
};
export type CountWorker = typeof counter;

expose(counter);
