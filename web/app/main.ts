/**
 * Entry point: starts the simulation's worker, then loads the page. In this order, because the worker
 * takes as long to get ready as the page does, and they get ready side by side.
 */
import '../ui/theme.css';

const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' });
const { showPage } = await import('./page.ts');
showPage(worker);
