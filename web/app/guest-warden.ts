/**
 * Begins and ends guests' threads. The simulation stands blocked while a guest runs, and a blocked thread can
 * neither begin another nor hear that one has ended; this one is never blocked.
 */
import { BlockingChannel } from '../guest/blocking-channel.ts';
import type { WardenOrder } from './open-guest-threads.ts';

const threads = new Map<number, Worker>();

self.onmessage = ({ data }: MessageEvent<WardenOrder>) => {
  const { id, start } = data;
  if (!start) {
    threads.get(id)?.terminate();
    threads.delete(id);
    return;
  }
  const thread = new Worker(new URL('./guest-worker.ts', import.meta.url), { type: 'module' });
  threads.set(id, thread);
  thread.onerror = () => {
    thread.terminate();
    if (threads.delete(id)) new BlockingChannel(start.buffer).sayDied();
  };
  thread.postMessage(start);
};
self.postMessage(null);
