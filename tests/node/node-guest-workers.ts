/** Threads for blocking loops in Node, so that the fall-back of browsers without JSPI runs here too. */
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import type { BlockingWorker } from '../../web/guest/blocking-loop.ts';

const threadSource = fileURLToPath(new URL('./node-guest-thread.ts', import.meta.url));

/** Bundles the thread once; Node cannot start a worker from TypeScript. */
export async function nodeGuestWorkers(): Promise<() => BlockingWorker> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'node20',
      lib: { entry: threadSource, formats: ['es'] },
      rolldownOptions: { external: [/^node:/] },
    },
  })) as Rollup.RollupOutput[];
  const { code } = output[0].output[0];
  return () => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    return {
      ready: (start) =>
        new Promise((resolve, reject) => {
          worker.once('message', (problem: string | null) =>
            problem === null ? resolve() : reject(new Error(problem)),
          );
          worker.once('error', reject);
          worker.postMessage(start);
        }),
      terminate: () => void worker.terminate(),
    };
  };
}
