/** Entry point of history's worker. */
import { expose, transfer } from 'comlink';
import type { ToHistory } from '../history/history-port.ts';
import { SharedHistory, type SharedHistoryPort } from '../history/tabs/shared-history.ts';

const shared = new SharedHistory();

export interface HistoryWorker extends SharedHistoryPort {
  /** Takes in what is sent through `port`: `ToHistory`, from its first declaration on. */
  connect(port: MessagePort): void;
}

const worker: HistoryWorker = {
  ...shared.port,
  async envelope(series, fromMs, toMs, columns) {
    const lines = await shared.port.envelope(series, fromMs, toMs, columns);
    const buffers = lines.flatMap(({ timeMs, min, max }) => [timeMs.buffer, min.buffer, max.buffer]);
    return transfer(lines, buffers as ArrayBuffer[]);
  },
  connect(port) {
    const take = shared.intake();
    port.onmessage = ({ data }: MessageEvent<ToHistory>) => take(data);
  },
};

expose(worker);
