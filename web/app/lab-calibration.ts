/** Wires the calibration tab: boards, the worker that counts, and the profiles that this browser keeps. */
import { wrap } from 'comlink';
import type { BoardBench } from '../lab/calibration/board-bench.ts';
import { KeptProfiles } from '../lab/calibration/profile-store.ts';
import type { WorkCounts } from '../lab/calibration/work-counts.ts';
import type { CalibrationPort } from '../ui/lab/calibration/calibration-port.ts';
import type { ModuleChoice } from '../ui/updates/updates-port.ts';
import type { CountWorker } from './lab-count-worker.ts';

/** @param modules those that the page knows, as a board would be sent them */
export function labCalibration(bench: BoardBench, modules: () => Promise<ModuleChoice[]>): CalibrationPort {
  // By SHA-256: the same module is counted the same every time.
  const counted = new Map<string, Promise<WorkCounts>>();
  return {
    bench,
    profiles: new KeptProfiles(),
    now: () => new Date().toISOString(),
    guests: async () => (await modules()).map(({ id, name, sha256 }) => ({ id, name, sha256 })),
    async count(id) {
      const module = (await modules()).find((each) => each.id === id);
      if (!module) throw new Error('This guest is not here any more: choose another.');
      const counting = counted.get(module.sha256) ?? countInWorker(module.name, module.bytes);
      counted.set(module.sha256, counting);
      counting.catch(() => counted.delete(module.sha256));
      return counting;
    },
  };
}

async function countInWorker(name: string, bytes: Uint8Array): Promise<WorkCounts> {
  const worker = new Worker(new URL('./lab-count-worker.ts', import.meta.url), { type: 'module' });
  const broken = new Promise<never>((_, reject) => {
    worker.onerror = () => reject(new Error('The part of this page that counts instructions did not load. Reload the page.'));
  });
  try {
    return await Promise.race([wrap<CountWorker>(worker).count(name, bytes), broken]);
  } finally {
    worker.terminate();
  }
}
