/** A page with nothing on it but the port of isolation, for tests in a browser. */
import honestUrl from '../../../web/guest/modules/irrigation-c-wasi.wasm?url';
import { fetchBytes } from '../../../web/app/fetch-bytes.ts';
import { Isolation } from '../../../web/lab/isolation/isolation.ts';
import { isolationRuntimes } from '../../../web/lab/isolation/isolation-runtimes.ts';
import type { Finding, IsolationOrder, IsolationState } from '../../../web/lab/isolation/isolation-port.ts';
import { WasmerRuns } from '../../../web/lab/isolation/wasmer-run.ts';

const wasmerUrl = new URL('/wasmer/dist/index.js', location.href).href;
const nowMs = (): number => performance.now();

const isolation = new Isolation({
  newCell: () => new Worker(new URL('../../../web/app/lab-cell-worker.ts', import.meta.url), { type: 'module' }),
  wasmer: new WasmerRuns({
    load: () => import(/* @vite-ignore */ wasmerUrl) as Promise<typeof import('@wasmer/sdk')>,
    honestBytes: () => fetchBytes(honestUrl),
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
