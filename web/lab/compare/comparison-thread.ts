/** The page's side of a thread that compares: orders one after the other, and a new thread after one that hung or was aborted. */
import { proxy, wrap, type Remote } from 'comlink';
import type { ComparisonSetup } from './comparison.ts';
import type { Progress, Work } from './compare-port.ts';
import { BEAT_MS, type ComparisonMethod, type ServedComparison } from './serve-comparison.ts';

/** Twenty seconds: a large module compiles in less, on a phone and on a machine that is busy with other things too. */
const SILENT_BEATS = 40;

export class HungError extends Error {
  constructor() {
    super(`It ran for ${(SILENT_BEATS * BEAT_MS) / 1000} s without a pause and was stopped: its thread was ended.`);
  }
}

interface Thread {
  worker: Worker;
  served: Remote<ServedComparison>;
  /** Rejects when the worker does not load or ends. */
  lost: Promise<never>;
}

export class ComparisonThread {
  readonly #makeWorker: () => Worker;
  readonly #setup: ComparisonSetup;
  #thread: Thread | null = null;
  /** Resolves when the orders before are done. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(makeWorker: () => Worker, setup: ComparisonSetup) {
    this.#makeWorker = makeWorker;
    this.#setup = setup;
  }

  /** Throws `HungError`, the signal's reason, or what the method throws. */
  run<T>(method: ComparisonMethod, values: unknown[], { signal, told }: Work = {}): Promise<T> {
    const order = this.#before.then(() => this.#run<T>(method, values, { signal, told }));
    this.#before = order.catch(() => undefined);
    return order;
  }

  close(): void {
    this.#thread?.worker.terminate();
    this.#thread = null;
  }

  async #run<T>(method: ComparisonMethod, values: unknown[], { signal, told }: Work): Promise<T> {
    signal?.throwIfAborted();
    const { served, lost } = await this.#begun();
    const ends: (() => void)[] = [];
    let silentBeats = 0;
    const heard = (progress: Progress | null): void => {
      silentBeats = 0;
      if (progress && !signal?.aborted) told?.(progress);
    };
    const ended = new Promise<never>((_, reject) => {
      // Counted by a timer of this page, and not by a clock, which would go on while the computer sleeps.
      const watch = setInterval(() => {
        silentBeats += 1;
        if (silentBeats > SILENT_BEATS) reject(new HungError());
      }, BEAT_MS);
      const aborted = (): void => reject(signal?.reason as Error);
      signal?.addEventListener('abort', aborted);
      ends.push(() => clearInterval(watch), () => signal?.removeEventListener('abort', aborted));
    });
    try {
      return (await Promise.race([served.run(method, values, proxy(heard)), ended, lost])) as T;
    } catch (error) {
      // An order that is left alone would go on: it cannot be told from one that hangs, so its thread goes with it.
      if (error instanceof HungError || signal?.aborted) this.close();
      throw error;
    } finally {
      for (const end of ends) end();
    }
  }

  async #begun(): Promise<Thread> {
    if (this.#thread) return this.#thread;
    const worker = this.#makeWorker();
    const served = wrap<ServedComparison>(worker);
    const lost = new Promise<never>((_, reject) => {
      worker.onerror = () => {
        this.close();
        reject(new Error('The thread that compares ended without a word: a part of this page did not load, or the browser is out of memory. Reload the page.'));
      };
    });
    lost.catch(() => undefined);
    this.#thread = { worker, served, lost };
    await Promise.race([served.begin(this.#setup), lost]);
    return this.#thread;
  }
}
