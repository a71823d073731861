/** `npm start`: from a fresh clone to a moving continuum. */
import { spawn } from 'node:child_process';
import { buildIfStale, inCi, installPackages, requireNode, root } from './setup/project.mjs';

requireNode();
installPackages();
buildIfStale();

const { preview } = await import('vite');
const server = await preview({ root, preview: { host: 'localhost', port: 4173 } });
const address = server.resolvedUrls.local[0];
console.log(`\n  Continuum Lab runs at ${address}\n  Press Ctrl-C to stop it.\n`);
if (!inCi && !process.argv.includes('--no-open')) openBrowser(address);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close().finally(() => process.exit(0)));
}

/** Opens the user's browser; where there is none the address above has to do. */
function openBrowser(url) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const opener = { darwin: ['open', url], win32: ['cmd', '/c', 'start', '', url] }[process.platform] ?? ['xdg-open', url];
  const child = spawn(opener[0], opener.slice(1), { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
