/** The fleet that runs in the page as what carries out runs. */
import { proxy, type Remote } from 'comlink';
import type { RunWorker } from '../lab/experiment/run-worker.ts';
import type { LiveFleet } from './lab-live-fleet.ts';

/** A measurement goes on while its experiment is paused: the fleet's time does not stand still. The next run waits. */
export function liveRunWorker(fleet: Remote<LiveFleet>): RunWorker {
  return {
    run: (experiment, runs, progress) => Promise.all(runs.map((run) => fleet.run(experiment, run, proxy(progress)))),
    pause: () => {},
    goOn: () => {},
    cancel: () => void fleet.cancel().catch(() => {}),
    close: () => {},
  };
}
