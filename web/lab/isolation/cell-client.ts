/** The page's side of a cell: asks, waits for so long, and ends a cell that gives no sign. */
import type { CellReply, CellRequest } from './cell-messages.ts';

/** What is needed of a worker. */
export interface CellWorker<Request = CellRequest, Reply = CellReply> {
  postMessage(request: Request): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export type CellAnswer<Reply = CellReply> = Reply | { kind: 'silent' } | { kind: 'failed'; reason: string };

export class CellClient<Request = CellRequest, Reply = CellReply> {
  readonly #worker: CellWorker<Request, Reply>;
  #settle: ((answer: CellAnswer<Reply>) => void) | null = null;
  #ended = false;

  constructor(worker: CellWorker<Request, Reply>) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#answer(data);
    worker.onerror = ({ message }) => this.#answer({ kind: 'failed', reason: message || 'The worker ended without a word.' });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** One question at a time. After `silent` the cell is ended. */
  ask(request: Request, limitMs: number): Promise<CellAnswer<Reply>> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const settle = this.#settle;
        this.#settle = null;
        this.end();
        settle?.({ kind: 'silent' });
      }, limitMs);
      this.#settle = (answer) => {
        clearTimeout(timer);
        this.#settle = null;
        resolve(answer);
      };
      this.#worker.postMessage(request);
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    this.#answer({ kind: 'failed', reason: 'The run was cancelled.' });
  }

  #answer(answer: CellAnswer<Reply>): void {
    this.#settle?.(answer);
  }
}
