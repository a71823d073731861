/** The page's side of the worker in which hostile WASI programs run. */
import { CellClient, type CellWorker } from './cell-client.ts';
import type { WasmerReply, WasmerRequest } from './cell-messages.ts';
import type { Observation } from './observation.ts';
import { refused } from './transformed-run.ts';

export interface WasmerCellParts {
  /** A worker in which `serveWasmer` was called. */
  newWorker(): CellWorker<WasmerRequest, WasmerReply>;
  /** Of the package's first script, absolute. */
  address: string;
  nowMs(): number;
}

/** Its 20 MB may come over a slow network. */
const OPEN_MS = 120_000;
/** Longer than all that a run waits for by itself. */
const RUN_MS = 120_000;

export class WasmerCell {
  readonly #parts: WasmerCellParts;
  #cell: CellClient<WasmerRequest, WasmerReply> | null = null;

  constructor(parts: WasmerCellParts) {
    this.#parts = parts;
  }

  /** Null when it runs here, else a sentence. */
  async ready(): Promise<string | null> {
    if (typeof SharedArrayBuffer === 'undefined') return 'Wasmer needs memory that threads share. Serve the page with the headers COOP same-origin and COEP require-corp.';
    try {
      await this.#opened();
      return null;
    } catch (error) {
      return `Wasmer does not start here: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** @param errors as `WasmerRuns.run`. Rejects with a sentence when Wasmer does not start. */
  async run(bytes: Uint8Array, errors: boolean): Promise<Observation> {
    const cell = await this.#opened();
    const began = this.#parts.nowMs();
    const answer = await cell.ask({ kind: 'run', bytes, errors }, RUN_MS);
    if (answer.kind === 'observed') {
      if (answer.spent) this.close();
      return answer.observation;
    }
    this.close();
    const said = answer.kind === 'failed' ? answer.reason : `it gave no sign for ${RUN_MS / 1000} s, and the whole runtime had to be thrown away.`;
    return { ...refused('', this.#parts.nowMs() - began), end: { kind: 'host-failed', said } };
  }

  /** Ends it with all that runs in it; the next run begins it anew. */
  close(): void {
    this.#cell?.end();
    this.#cell = null;
  }

  async #opened(): Promise<CellClient<WasmerRequest, WasmerReply>> {
    if (this.#cell && !this.#cell.ended) return this.#cell;
    const { newWorker, address } = this.#parts;
    const cell = new CellClient(newWorker());
    this.#cell = cell;
    const answer = await cell.ask({ kind: 'open', address }, OPEN_MS);
    if (answer.kind === 'ready') return cell;
    cell.end();
    throw new Error(answer.kind === 'failed' ? answer.reason : `It was not loaded within ${OPEN_MS / 60_000} minutes. Check the connection and try again.`);
  }
}
