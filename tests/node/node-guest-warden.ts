/** Begins and ends guests' threads in Node; `web/app/guest-warden.ts` is its sister in the browser. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { WardenOrder } from '../../web/app/open-guest-threads.ts';
import { BlockingChannel } from '../../web/guest/blocking-channel.ts';

const threads = new Map<number, Worker>();
const threadUrl = new URL(workerData as string);

parentPort?.on('message', ({ id, start }: WardenOrder) => {
  if (!start) {
    void threads.get(id)?.terminate();
    threads.delete(id);
    return;
  }
  const thread = new Worker(threadUrl);
  threads.set(id, thread);
  // An error is followed by the exit.
  thread.on('error', () => undefined);
  thread.on('exit', () => {
    if (threads.delete(id)) new BlockingChannel(start.buffer).sayDied();
  });
  thread.postMessage(start);
});
parentPort?.postMessage(null);
