/** A worker for runs on the page's side. */
import { proxy, releaseProxy, wrap } from 'comlink';
import { WorkerLost, type LabModule, type RunWorker } from '../lab/experiment/run-worker.ts';
import type { LabWorker } from './lab-worker.ts';

export async function openRunWorker(modules: readonly LabModule[]): Promise<RunWorker> {
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' });
  const remote = wrap<LabWorker>(worker);
  let opened = false;
  const lost = new Promise<never>((_, reject) => {
    worker.onerror = (event) => {
      event.preventDefault();
      const why = opened ? `The worker that carried out the run ended: ${event.message || 'out of memory, perhaps'}.` : 'A part of this page, the lab’s worker, did not load. Reload the page.';
      reject(new WorkerLost(why));
    };
  });
  lost.catch(() => {});
  const close = (): void => {
    remote[releaseProxy]();
    worker.terminate();
  };
  try {
    await Promise.race([remote.open(modules), lost]);
  } catch (error) {
    close();
    throw error;
  }
  opened = true;
  return {
    run: (experiment, runs, progress) => Promise.race([remote.run(experiment, runs, proxy(progress)), lost]),
    pause: () => void remote.pause().catch(() => {}),
    goOn: () => void remote.goOn().catch(() => {}),
    cancel: () => void remote.cancel().catch(() => {}),
    close,
  };
}
