/** The worker's side of a `WasmerCell`. */
import type { WasmerReply, WasmerRequest } from './cell-messages.ts';
import { serveRequests } from './serve-requests.ts';
import { WasmerRuns } from './wasmer-run.ts';

/** To be called once in a worker. @param honestBytes the WASI build of the irrigation guest */
export function serveWasmer(honestBytes: () => Promise<Uint8Array>): void {
  let runs: WasmerRuns | null = null;
  serveRequests<WasmerRequest, WasmerReply>(async (request) => {
    if (request.kind === 'run') {
      if (!runs) throw new Error('Wasmer has not been opened.');
      return runs.run(request.bytes, request.errors);
    }
    const { address } = request;
    const folder = new URL('..', address).href;
    // A program that does not start ends a thread of Wasmer's with an error that nobody catches; the runs find out by themselves.
    self.addEventListener('error', (event) => {
      if (event.filename?.startsWith(folder)) event.preventDefault();
    });
    const load = () => import(/* @vite-ignore */ address) as Promise<typeof import('@wasmer/sdk')>;
    runs = await WasmerRuns.begin({ load, honestBytes, nowMs: () => performance.now() });
    return { kind: 'ready' };
  });
}
