/** The lab on the page's side: made when it is first asked for. */
import type { Remote } from 'comlink';
import { Experiments } from '../lab/experiment/experiments.ts';
import { openLabDatabase } from '../lab/experiment/lab-database.ts';
import type { LabPort } from '../lab/experiment/lab-port.ts';
import { OutcomeStore } from '../lab/experiment/outcome-store.ts';
import type { LiveFleet } from './lab-live-fleet.ts';
import { liveRunWorker } from './lab-live-worker.ts';
import { pageFacts } from './lab-page-facts.ts';
import { openRunWorker } from './lab-run-worker.ts';

type OpenFleet = () => Promise<Remote<LiveFleet>>;

let opened: LabPort | null = null;
let openFleet: OpenFleet | null = null;

/** The same for every caller. */
export function openLab(): Promise<LabPort> {
  opened ??= guarded(new Experiments({
    store: new OutcomeStore(openLabDatabase()),
    openWorker: openRunWorker,
    openLive: async () => {
      if (!openFleet) throw new Error('The fleet of this page cannot be measured here: open the lab from the page.');
      const fleet = await openFleet();
      return { nodes: await fleet.nodes(), worker: liveRunWorker(fleet) };
    },
    page: pageFacts,
    nowMs: () => performance.now(),
  }));
  return Promise.resolve(opened);
}

/** The browser asks before it closes a page that has results which it does not keep. */
function guarded(experiments: Experiments): Experiments {
  addEventListener('beforeunload', (event) => {
    if (experiments.onlyHere) event.preventDefault();
  });
  return experiments;
}

/** Lets experiments that are `live` run on the fleet of this page's simulation. */
export function connectLiveFleet(open: OpenFleet): void {
  openFleet = open;
}
