/** Compares modules in a thread that is ended, and replaced, when one of them never ends. */
import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import type { CompareRequest } from './compare-thread.ts';
import type { Comparison } from './compare.ts';

/** A module takes some milliseconds; a machine may be busy. */
const PATIENCE_MS = 60_000;
const threadSource = fileURLToPath(new URL('./compare-thread.ts', import.meta.url));

export type Verdict = Comparison | { problem: string };

/** Bundles the thread once into `file`; Node cannot start a worker from TypeScript. */
export async function bundleThread(file: string): Promise<void> {
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
  writeFileSync(file, output[0].output[0].code);
}

export class CompareThread {
  readonly #file: string;
  #worker: Worker | null = null;

  /** @param file written by `bundleThread` */
  constructor(file: string) {
    this.#file = file;
  }

  compare(request: CompareRequest): Promise<Verdict> {
    const worker = (this.#worker ??= new Worker(this.#file, {
      // Deep recursion is compared as long as it fits.
      resourceLimits: { stackSizeMb: 16 },
    }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        resolve({ problem: `it did not end within ${PATIENCE_MS / 1000} s` });
      }, PATIENCE_MS);
      worker.removeAllListeners();
      worker.once('error', (error) => {
        clearTimeout(timer);
        this.#worker = null;
        reject(error);
      });
      worker.once('message', (verdict: Verdict) => {
        clearTimeout(timer);
        resolve(verdict);
      });
      worker.postMessage(request);
    });
  }

  close(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }
}
