/** The thread of one loop guest where the engine cannot suspend wasm. */
import { prepareBlockingGuest } from '../guest/blocking-guest.ts';
import type { BlockingStart } from '../guest/blocking-loop.ts';

self.onmessage = ({ data }: MessageEvent<BlockingStart>) => {
  try {
    const run = prepareBlockingGuest(data);
    self.postMessage(null);
    run();
  } catch (error) {
    self.postMessage(error instanceof Error ? error.message : String(error));
  }
};
