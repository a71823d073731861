/** What every script needs first: a fitting Node, the packages, a browser. Runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const inCi = !['', '0', 'false'].includes(process.env.CI ?? '');

/** Prints a sentence and ends. */
export function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Runs a command with its output shown; returns its exit code. */
export function run(command, args, options = {}) {
  // npm and npx are .cmd files on Windows, which only a shell can start.
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell, ...options });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  giveUp(`Continuum Lab needs Node 20.19 or newer; this is ${process.versions.node}. Install it from nodejs.org and try again.`);
}

/** Installs the packages when they are missing or package-lock.json has changed since. */
export function installPackages() {
  const stamp = join(root, 'node_modules', '.continuum-lock');
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing the packages (npm ci)...');
  if (run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) !== 0) giveUp('npm ci failed; its message is above.');
  writeFileSync(stamp, lock);
}

const sources = ['web', 'public', 'index.html', 'vite.config.ts', 'svelte.config.js', 'package-lock.json'];

/** Newest change below a path; a folder's own time counts too, because a deleted file leaves no other trace. */
function newestMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Builds the page when dist/ is missing or older than its sources. */
export function buildIfStale() {
  const built = join(root, 'dist', 'index.html');
  const newest = Math.max(...sources.map((source) => newestMs(join(root, source))));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  console.log('Building the page (vite build)...');
  if (run('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) giveUp('The build failed; its message is above.');
}
