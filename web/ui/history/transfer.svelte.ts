/** One export or import at a time, with its progress, its end in words, and a way to stop it. */
import type { HistoryPort, Progress, Selection } from '../../history/history-port.ts';
import { formatCount, formatPlural } from '../parts/format.ts';

export type TransferState =
  | { kind: 'idle' }
  | { kind: 'running'; what: 'export' | 'import'; fileName: string; progress: Progress | null; cancelling: boolean }
  | { kind: 'done'; ok: boolean; sentence: string };

type Port = Pick<HistoryPort, 'export' | 'import' | 'cancel'>;

export class Transfer {
  readonly #port: Port;
  #state = $state.raw<TransferState>({ kind: 'idle' });
  #token = '';

  constructor(port: Port) {
    this.#port = port;
  }

  get state(): TransferState {
    return this.#state;
  }

  get running(): boolean {
    return this.#state.kind === 'running';
  }

  /** @param save is given the whole file */
  async export(format: 'csv' | 'json', selection: Selection, fileName: string, save: (fileName: string, file: Blob) => void): Promise<void> {
    await this.#run('export', fileName, async (token, tell) => {
      const file = await this.#port.export(format, selection, token, tell);
      return () => {
        save(fileName, file);
        return { ok: true, sentence: `Exported ${fileName}.` };
      };
    });
  }

  /** @returns whether anything may have come in */
  async import(file: File): Promise<boolean> {
    await this.#run('import', file.name, async (token, tell) => {
      const answer = await this.#port.import(file, token, tell);
      if (!answer.ok) return () => ({ ok: false, sentence: `Not imported: ${answer.reason}` });
      const skipped = answer.skipped > 0 ? ` ${formatPlural(answer.skipped, 'row was', 'rows were')} skipped.` : '';
      const note = answer.note === null ? '' : ` ${answer.note}`;
      const sentence = `Imported ${formatPlural(answer.samples, 'sample')} and ${formatPlural(answer.events, 'event')} from ${file.name}.`;
      return () => ({ ok: true, sentence: `${sentence}${skipped}${note}` });
    });
    return this.#state.kind === 'done' && this.#state.ok;
  }

  cancel(): void {
    const { kind } = this.#state;
    if (kind !== 'running' || this.#state.cancelling) return;
    this.#state = { ...this.#state, cancelling: true };
    void this.#port.cancel(this.#token);
  }

  dismiss(): void {
    if (!this.running) this.#state = { kind: 'idle' };
  }

  async #run(
    what: 'export' | 'import',
    fileName: string,
    work: (token: string, tell: (progress: Progress) => void) => Promise<() => { ok: boolean; sentence: string }>,
  ): Promise<void> {
    if (this.running) return;
    const token = crypto.randomUUID();
    this.#token = token;
    this.#state = { kind: 'running', what, fileName, progress: null, cancelling: false };
    const tell = (progress: Progress): void => {
      if (this.#token === token && this.#state.kind === 'running') this.#state = { ...this.#state, progress };
    };
    let end: () => { ok: boolean; sentence: string };
    try {
      end = await work(token, tell);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      end = () => ({ ok: false, sentence: `${fileName} could not be ${what}ed: ${reason}` });
    }
    this.#state = { kind: 'done', ...(this.#cancelled() ? { ok: true, sentence: stopped(what, this.#state) } : end()) };
  }

  #cancelled(): boolean {
    return this.#state.kind === 'running' && this.#state.cancelling;
  }
}

function stopped(what: 'export' | 'import', state: TransferState): string {
  if (what === 'export') return 'Export cancelled; no file was saved.';
  const done = state.kind === 'running' ? (state.progress?.done ?? 0) : 0;
  return done === 0 ? 'Import cancelled.' : `Import cancelled after ${formatCount(done)} samples, which may have been kept.`;
}
