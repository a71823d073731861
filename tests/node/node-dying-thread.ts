/** A guest's thread that comes up, and ends without a word when its guest is to run. */
import { parentPort } from 'node:worker_threads';
import { BlockingChannel, Call, noRecord } from '../../web/guest/blocking-channel.ts';
import type { ThreadStart } from '../../web/guest/guest-threads.ts';

parentPort?.once('message', ({ buffer }: ThreadStart) => {
  new BlockingChannel(buffer).call({ ...noRecord, call: Call.ready });
  process.exit(0);
});
