/** Compares modules in a thread of its own, which can be ended when one never ends. */
import { parentPort } from 'node:worker_threads';
import { compareModule } from './compare.ts';

export interface CompareRequest {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of the arguments and of what the host answers. */
  seed: number;
  /** Whether there may be bulk operations. */
  bulk: boolean;
}

parentPort!.on('message', ({ bytes, seed, bulk }: CompareRequest) => {
  try {
    parentPort!.postMessage(compareModule(bytes, seed, bulk));
  } catch (error) {
    parentPort!.postMessage({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
