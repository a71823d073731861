/** Runs the esptool that `install.ts` put under `.cache/`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/esptool/', import.meta.url));
export const venv = `${cache}venv`;
export const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

export function esptoolProgram(): string {
  const candidates = [`${venv}/bin/esptool`, `${venv}/Scripts/esptool.exe`];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`There is no esptool in ${venv}; delete that folder and start anew.`);
  return found;
}

export interface EsptoolRun {
  exitCode: number | null;
  /** Both streams, as a terminal would show them. */
  output: string;
}

export async function runEsptool(args: readonly string[]): Promise<EsptoolRun> {
  // A user's own settings would change time limits and reset sequences.
  const child = spawn(esptoolProgram(), args, { env: { ...process.env, ESPTOOL_CFGFILE: '/dev/null', NO_COLOR: '1', COLUMNS: '200' } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, output };
}

/** Rejects with all that esptool said unless it succeeds. */
export async function esptool(...args: string[]): Promise<string> {
  const { exitCode, output } = await runEsptool(args);
  if (exitCode !== 0) throw new Error(`esptool ${args.join(' ')} ended with ${exitCode}:\n${output}`);
  return output;
}
