/** A page with nothing on it but the port of isolation, for tests in a browser. */
import { Isolation } from '../../../web/lab/isolation/isolation.ts';
import { isolationRuntimes } from '../../../web/lab/isolation/isolation-runtimes.ts';
import type { Finding, IsolationOrder, IsolationState } from '../../../web/lab/isolation/isolation-port.ts';
import { WasmerCell } from '../../../web/lab/isolation/wasmer-cell.ts';

const nowMs = (): number => performance.now();

const isolation = new Isolation({
  newCell: () => new Worker(new URL('../../../web/app/lab-cell-worker.ts', import.meta.url), { type: 'module' }),
  wasmer: new WasmerCell({
    newWorker: () => new Worker(new URL('../../../web/app/lab-wasmer-worker.ts', import.meta.url), { type: 'module' }),
    address: new URL('/wasmer/dist/index.js', location.href).href,
    nowMs,
  }),
  runtimes: isolationRuntimes({ browser: 'the browser', wasmer: '', wamr: { version: '', measuredOn: '' } }),
  known: () => Promise.resolve([]),
  nowMs,
});

declare global {
  interface Window {
    isolation: Isolation;
    runAll(order: IsolationOrder): Promise<{ state: IsolationState; findings: Finding[] }>;
  }
}

window.isolation = isolation;
window.runAll = (order) =>
  new Promise((resolve) => {
    const findings: Finding[] = [];
    const told = (state: IsolationState): void => {
      if (state.kind === 'running') document.title = `${state.runtime} ${state.guest} ${state.done}/${state.total}`;
      else resolve({ state, findings });
    };
    isolation.run(order, told, (finding) => findings.push(finding));
  });
