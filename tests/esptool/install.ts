/** Puts the esptool of `requirements.txt` into a virtual environment, once. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { requirements, venv } from './esptool.ts';

export default function install(): void {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = `${venv}/installed`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(venv, { recursive: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  try {
    execFileSync(python, ['-m', 'venv', '--clear', venv], { stdio: 'inherit' });
  } catch (error) {
    throw new Error('These tests need Python 3 and its venv module. On Debian: apt-get install python3-venv', { cause: error });
  }
  const pip = process.platform === 'win32' ? `${venv}/Scripts/python.exe` : `${venv}/bin/python`;
  execFileSync(pip, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], { stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}
