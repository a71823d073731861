/** Entry point of the page: starts the simulation's worker and shows it. */
import '../ui/theme.css';
import { wrap, type Remote } from 'comlink';
import { mount } from 'svelte';
import type { SimulationPort } from '../ui/simulation-port.ts';
import Root from './Root.svelte';
import type { SimulationWorker } from './simulation-worker.ts';

const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' });
const remote: Remote<SimulationWorker & SimulationPort> = wrap(worker);

mount(Root, { target: document.getElementById('app') as HTMLElement, props: { remote } });
