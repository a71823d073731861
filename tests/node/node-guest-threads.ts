/** Threads of guests in Node, so that what blocks in one runs here too. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import type { WardenOrder } from '../../web/app/open-guest-threads.ts';
import type { GuestThreads } from '../../web/guest/guest-threads.ts';

/** @param thread the script of a guest's thread */
export async function nodeGuestThreads(thread = './node-guest-thread.ts'): Promise<GuestThreads> {
  const warden = new Worker(new URL(await bundled('./node-guest-warden.ts')), { workerData: await bundled(thread) });
  await once(warden, 'message');
  // It waits for orders for ever; that must not keep the process alive.
  warden.unref();
  const order = (message: WardenOrder): void => warden.postMessage(message);
  let ids = 0;
  return {
    nowMs: () => performance.now(),
    open: (start) => {
      const id = (ids += 1);
      order({ id, start });
      return { terminate: () => order({ id }) };
    },
  };
}

/** Node cannot start a worker from TypeScript: this is the same as one script, in an address. */
async function bundled(source: string): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'node20',
      lib: { entry: fileURLToPath(new URL(source, import.meta.url)), formats: ['es'] },
      rolldownOptions: { external: [/^node:/] },
    },
  })) as Rollup.RollupOutput[];
  return `data:text/javascript,${encodeURIComponent(output[0].output[0].code)}`;
}
