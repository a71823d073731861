/**
 * One history for all tabs of a browser: the worker that holds a lock keeps it, the others pass on to it what they
 * take in and are asked. When the keeper's tab is closed the next worker in line takes over.
 */
import type { HistoryPort, Progress, ToHistory } from '../history-port.ts';
import { History } from '../history.ts';
import { Recorder } from '../recorder.ts';
import { HistoryStore } from '../store/history-store.ts';
import { ForwardedIntake, type Delivery } from './forwarded-intake.ts';
import { historyMethods, type Answer, type HistoryMethod, type Letter } from './letters.ts';

const NAME = 'continuum-history';
/** Longer than the keeper takes to write all that it holds. */
const PATIENCE_MS = 30_000;
/** Until then the keeper has written what it was sent, as a rule. */
const ACKNOWLEDGE_MS = 300;

interface Ask {
  method: HistoryMethod;
  args: unknown[];
  settle(answer: Answer): void;
  onProgress(progress: Progress): void;
}

interface Kept {
  store: HistoryStore;
  history: History;
  /** By tab and port. */
  recorders: Map<string, Recorder>;
}

/** What the page sees, and what else its worker offers. */
export type SharedHistoryPort = HistoryPort & Pick<History, 'compact'>;

export class SharedHistory {
  readonly port = Object.fromEntries(
    historyMethods.map((method) => [method, (...args: unknown[]) => this.#ask(method, args)]),
  ) as unknown as SharedHistoryPort;
  readonly #id = `${Date.now()} ${Math.random()}`;
  readonly #channel = new BroadcastChannel(NAME);
  readonly #asks = new Map<number, Ask>();
  readonly #intakes: ForwardedIntake[] = [];
  readonly #unacknowledged = new Map<string, Letter>();
  #kept: Kept | null = null;
  #calls = 0;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Letter>) => this.#read(data);
    const { locks } = navigator as Partial<Navigator>;
    // Without locks (the page is not secure) the newest tab keeps history, and the store of the one before notices.
    if (!locks) void this.#keep();
    else void locks.request(NAME, () => this.#keep().then(() => new Promise<never>(() => {})));
  }

  /** @returns takes what a sender says, from its beginning */
  intake(): (message: ToHistory) => void {
    const port = this.#intakes.push(new ForwardedIntake()) - 1;
    return (message) => {
      const own = this.#kept?.recorders.get(`${this.#id} ${port}`);
      if (own) own.take(message);
      else if (this.#kept) this.#recorder(this.#kept, `${this.#id} ${port}`, true).take(message);
      else this.#send(port, this.#intakes[port]!.take(message));
    };
  }

  async #keep(): Promise<void> {
    const store = await HistoryStore.open();
    const kept: Kept = { store, history: new History(store), recorders: new Map() };
    this.#intakes.forEach((intake, port) => {
      const recorder = this.#recorder(kept, `${this.#id} ${port}`, true);
      for (const { message } of intake.anew()) recorder.take(message);
      intake.written(Infinity);
    });
    this.#kept = kept;
    for (const { method, args, settle, onProgress } of this.#asks.values()) void answerTo(kept.history, method, args, onProgress).then(settle);
    this.#asks.clear();
    this.#post({ kind: 'keeper' });
  }

  #ask(method: HistoryMethod, args: unknown[]): Promise<unknown> {
    const last = args[args.length - 1];
    const onProgress = typeof last === 'function' ? (last as Ask['onProgress']) : () => {};
    const data = typeof last === 'function' ? args.slice(0, -1) : args;
    if (this.#kept) return answerTo(this.#kept.history, method, data, onProgress).then(valueOf);
    return this.#askKeeper(method, data, onProgress).then(valueOf);
  }

  #askKeeper(method: HistoryMethod, args: unknown[], onProgress: Ask['onProgress']): Promise<Answer> {
    const call = (this.#calls += 1);
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        this.#asks.delete(call);
        resolve(answer);
      };
      const giveUp = (): void =>
        settle({ ok: false, name: 'TimeoutError', message: 'The tab of this page that keeps the history does not answer; close it, or reload it.' });
      let timer = setTimeout(giveUp, PATIENCE_MS);
      const waitOn = (progress: Progress): void => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, PATIENCE_MS);
        onProgress(progress);
      };
      this.#asks.set(call, { method, args, settle, onProgress: waitOn });
      this.#post({ kind: 'ask', from: this.#id, call, method, args });
    });
  }

  #read(letter: Letter): void {
    if ('to' in letter && letter.to !== this.#id) return;
    switch (letter.kind) {
      case 'keeper':
        this.#resend();
        return;
      case 'intake':
        if (this.#kept) this.#takeFrom(this.#kept, letter);
        return;
      case 'written':
        this.#intakes[letter.port]?.written(letter.batch);
        return;
      case 'ask':
        if (this.#kept) void this.#answer(this.#kept, letter);
        return;
      case 'progress':
        this.#asks.get(letter.call)?.onProgress(letter.progress);
        return;
      case 'answer':
        this.#asks.get(letter.call)?.settle(letter.answer);
    }
  }

  /** To a keeper that has just begun. */
  #resend(): void {
    this.#intakes.forEach((intake, port) => {
      for (const delivery of intake.anew()) this.#send(port, delivery);
    });
    for (const [call, { method, args }] of this.#asks) this.#post({ kind: 'ask', from: this.#id, call, method, args });
  }

  #takeFrom(kept: Kept, { from, port, batch, anew, message }: Letter & { kind: 'intake' }): void {
    const sender = `${from} ${port}`;
    if (!anew && !kept.recorders.has(sender)) return;
    this.#recorder(kept, sender, anew).take(message);
    if (this.#unacknowledged.size === 0) setTimeout(() => void this.#acknowledge(kept), ACKNOWLEDGE_MS);
    this.#unacknowledged.set(sender, { kind: 'written', to: from, port, batch });
  }

  async #acknowledge({ store }: Kept): Promise<void> {
    const letters = [...this.#unacknowledged.values()];
    this.#unacknowledged.clear();
    await store.flush();
    for (const letter of letters) this.#post(letter);
  }

  async #answer({ history }: Kept, { from, call, method, args }: Letter & { kind: 'ask' }): Promise<void> {
    const answer = await answerTo(history, method, args, (progress) => this.#post({ kind: 'progress', to: from, call, progress }));
    this.#post({ kind: 'answer', to: from, call, answer });
  }

  #recorder({ store, recorders }: Kept, sender: string, anew: boolean): Recorder {
    const found = recorders.get(sender);
    if (found && !anew) return found;
    const made = new Recorder(store);
    recorders.set(sender, made);
    return made;
  }

  #send(port: number, delivery: Delivery): void {
    this.#post({ kind: 'intake', from: this.#id, port, ...delivery });
  }

  #post(letter: Letter): void {
    this.#channel.postMessage(letter);
  }
}

async function answerTo(history: History, method: HistoryMethod, args: unknown[], onProgress: (progress: Progress) => void): Promise<Answer> {
  try {
    const call = history[method].bind(history) as (...given: unknown[]) => Promise<unknown>;
    return { ok: true, value: await call(...args, onProgress) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, name, message };
  }
}

function valueOf(answer: Answer): unknown {
  if (answer.ok) return answer.value;
  throw Object.assign(new Error(answer.message), { name: answer.name });
}
