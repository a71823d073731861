/** A running WASI program that answers each line with a line. */
import type { Process } from '@wasmer/sdk';
import { GuestFaultError } from '../../guest/types.ts';

/** A line takes some 0.1 ms; a program that says nothing for this long hangs, or does not answer lines at all. */
const SILENCE_MS = 2000;
const NEWLINE = 10;

export class WasiProcess {
  readonly #process: Process;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #closed: () => void;
  readonly #stuck: () => void;
  #ended = false;

  /**
   * @param closed called once, at the end of it
   * @param stuck called when it cannot be ended
   */
  constructor(process: Process, closed: () => void, stuck: () => void) {
    this.#process = process;
    this.#chunks = process.stdout![Symbol.asyncIterator]();
    this.#closed = closed;
    this.#stuck = stuck;
  }

  /**
   * Writes the text and reads so many lines, which come without their ends. Rejects with `GuestFaultError` when the program
   * ends or falls silent; it is ended then.
   */
  async exchange(text: string, lines: number): Promise<string[]> {
    const chunks = await this.exchangeBytes(text, lines);
    const decoder = new TextDecoder();
    const answer = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    return answer.split('\n').slice(0, lines);
  }

  /** The same without decoding. */
  async exchangeBytes(text: string, lines: number): Promise<Uint8Array[]> {
    if (this.#ended) throw new GuestFaultError({ kind: 'trap', reason: 'The program has ended.' });
    const writing = this.#process.stdin!.write(text);
    const chunks: Uint8Array[] = [];
    // Read while it is written: a pipe that is full stops the program.
    writing.catch(() => undefined);
    for (let left = lines; left > 0; ) {
      const chunk = await this.#next();
      for (const byte of chunk) if (byte === NEWLINE) left -= 1;
      chunks.push(chunk);
    }
    await writing;
    return chunks;
  }

  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#process.kill().then(this.#closed, this.#stuck);
  }

  async #next(): Promise<Uint8Array> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), SILENCE_MS)));
    const next = await Promise.race([this.#chunks.next(), late]).finally(() => clearTimeout(timer));
    if (next !== 'late' && !next.done) return next.value;
    this.stop();
    if (next === 'late') {
      throw new GuestFaultError({ kind: 'budget', reason: `The program said nothing for ${SILENCE_MS / 1000} s and was ended: it hangs, or does not answer lines.` });
    }
    throw new GuestFaultError({ kind: 'trap', reason: 'The program ended instead of answering.' });
  }
}
