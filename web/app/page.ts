/** The page on top of a simulation worker. */
import { wrap, type Remote } from 'comlink';
import { mount } from 'svelte';
import type { SimulationPort } from '../ui/simulation-port.ts';
import Root from './Root.svelte';
import type { SimulationWorker } from './simulation-worker.ts';

export type RemoteSimulation = Remote<SimulationWorker & SimulationPort>;

export function showPage(worker: Worker): void {
  const remote = wrap<SimulationWorker & SimulationPort>(worker);
  mount(Root, { target: document.getElementById('app') as HTMLElement, props: { remote, worker } });
}
