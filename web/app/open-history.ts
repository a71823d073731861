/** History on the page's side: makes its worker when it is first asked for. */
import { proxy, transfer, wrap } from 'comlink';
import type { HistoryPort, ImportAnswer } from '../history/history-port.ts';
import type { HistoryWorker } from './history-worker.ts';

export interface OpenHistory {
  /** Takes plain functions for progress. */
  history: HistoryPort;
  /** For the simulation's worker, to be transferred to it: what it sends there (`ToHistory`) is kept. */
  intake: MessagePort;
  /** Another such port, for another sender: each numbers its series itself. */
  connect(): Promise<MessagePort>;
  /** Moves all that came in to where it stays; it happens by itself from time to time. */
  compact(): Promise<void>;
  /** Asks the browser not to clear what this page stores when the disk fills up; whether it granted that. */
  askToPersist(): Promise<boolean>;
}

let opened: OpenHistory | null = null;

/**
 * The same for every caller, at once: what is asked waits for the worker. When its script does not load, every
 * question rejects with a sentence, and the next call here tries again.
 */
export function openHistory(): Promise<OpenHistory> {
  opened ??= open();
  return Promise.resolve(opened);
}

function open(): OpenHistory {
  const worker = new Worker(new URL('./history-worker.ts', import.meta.url), { type: 'module' });
  const remote = wrap<HistoryWorker>(worker);
  let answered = false;
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = () => {
      if (answered) return;
      opened = null;
      reject(new Error('A part of this page, its history, did not load. Reload the page.'));
    };
  });
  failed.catch(() => {});
  /** A worker that did not load would leave the question open for ever. */
  const ask = <T>(question: Promise<T>): Promise<T> => (answered ? question : Promise.race([question, failed]));
  const connect = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    void ask(remote.connect(transfer(port1, [port1]))).then(
      () => (answered = true),
      () => {},
    );
    return port2;
  };

  // A page that is hidden may be closed without another word.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void remote.flush();
  });
  const history: HistoryPort = {
    extent: () => ask(remote.extent()),
    series: () => ask(remote.series()),
    envelope: (series, fromMs, toMs, columns) => ask(remote.envelope(series, fromMs, toMs, columns)),
    events: (nodes, fromMs, toMs, most) => ask(remote.events(nodes, fromMs, toMs, most)),
    export: (format, selection, token, onProgress) => ask(remote.export(format, selection, token, proxy(onProgress))),
    import: (file, token, onProgress) => ask<ImportAnswer>(remote.import(file, token, proxy(onProgress))),
    cancel: (token) => ask(remote.cancel(token)),
    storage: () => ask(remote.storage()),
    setLimit: (bytes) => ask(remote.setLimit(bytes)),
    flush: () => ask(remote.flush()),
    clear: () => ask(remote.clear()),
  };
  return {
    history,
    intake: connect(),
    connect: () => Promise.resolve(connect()),
    compact: () => ask(remote.compact()),
    askToPersist: async () => {
      const { storage } = navigator as Partial<Navigator>;
      return (await storage?.persist().catch(() => false)) ?? false;
    },
  };
}
