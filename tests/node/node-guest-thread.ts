/** A loop guest's thread in Node; `web/app/guest-worker.ts` is its sister in the browser. */
import { parentPort } from 'node:worker_threads';
import { prepareBlockingGuest } from '../../web/guest/blocking-guest.ts';
import type { BlockingStart } from '../../web/guest/blocking-loop.ts';

parentPort?.once('message', (start: BlockingStart) => {
  try {
    const run = prepareBlockingGuest(start);
    parentPort?.postMessage(null);
    run();
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? error.message : String(error));
  }
});
