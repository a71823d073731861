/** A guest's thread in Node; `web/app/guest-worker.ts` is its sister in the browser. */
import { parentPort } from 'node:worker_threads';
import { serveGuest } from '../../web/guest/blocking-guest.ts';
import type { ThreadStart } from '../../web/guest/guest-threads.ts';

parentPort?.once('message', (start: ThreadStart) => serveGuest(start));
