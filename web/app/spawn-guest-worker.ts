/** Threads for blocking loops in a browser. */
import type { BlockingStart, BlockingWorker } from '../guest/blocking-loop.ts';

/** Null where the page is not cross-origin isolated and memory cannot be shared. */
export function guestWorkers(): (() => BlockingWorker) | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return () => {
    const worker = new Worker(new URL('./guest-worker.ts', import.meta.url), { type: 'module' });
    return {
      ready: (start: BlockingStart) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<string | null>) =>
            data === null ? resolve() : reject(new Error(data));
          worker.onerror = ({ message }) => reject(new Error(`The guest's thread did not start: ${message}`));
          worker.postMessage(start);
        }),
      terminate: () => worker.terminate(),
    };
  };
}
