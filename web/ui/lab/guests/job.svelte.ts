/** Long work on the chosen modules: one run at a time, which can be cancelled and whose result is kept until the modules change. */
import type { Progress, Work } from '../../../lab/compare/compare-port.ts';

export type JobState<T> =
  | { kind: 'idle' }
  | { kind: 'running'; progress: Progress | null }
  | { kind: 'done'; result: T }
  | { kind: 'cancelled' }
  | { kind: 'failed'; reason: string };

export class Job<T> {
  #state = $state.raw<JobState<T>>({ kind: 'idle' });
  #stop: AbortController | null = null;

  get state(): JobState<T> {
    return this.#state;
  }

  get running(): boolean {
    return this.#state.kind === 'running';
  }

  get result(): T | null {
    return this.#state.kind === 'done' ? this.#state.result : null;
  }

  async run(work: (control: Required<Work>) => Promise<T>): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#state = { kind: 'running', progress: null };
    const told = (progress: Progress): void => {
      if (this.#stop === stop) this.#state = { kind: 'running', progress };
    };
    const end = (state: JobState<T>): void => {
      if (this.#stop !== stop) return;
      // Progress may still be on its way, on a channel of its own; it must not bring an ended job back.
      this.#stop = null;
      this.#state = state;
    };
    try {
      end({ kind: 'done', result: await work({ signal: stop.signal, told }) });
    } catch (error) {
      end(stop.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  /** Forgets what was found: it was of other modules. */
  reset(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#state = { kind: 'idle' };
  }
}
