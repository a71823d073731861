/** `npm run board`: a process that behaves as a board does, for a broker on this machine or another. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFirmware, missingForFirmware } from './firmware-tests.mjs';
import { giveUp, installPackages, requireNode, root } from './setup/project.mjs';

const firstGuest = join(root, 'web', 'guest', 'modules', 'irrigation-c.wasm');

/** See board.d.mts. */
export async function boardProgram({ sanitize = false } = {}) {
  const folder = await buildFirmware({ sanitize, target: 'continuum-board' });
  return join(folder, 'posix', 'continuum-board');
}

function valueOf(parameters, option) {
  const at = parameters.findIndex((parameter) => parameter === option || parameter.startsWith(`${option}=`));
  if (at < 0) return undefined;
  return parameters[at].includes('=') ? parameters[at].slice(option.length + 1) : parameters[at + 1];
}

/** What is not said stands for: a board at the broker of `npm run broker`, with the guest from C. */
export function withDefaults(parameters) {
  const given = (option) => valueOf(parameters, option) !== undefined;
  const node = valueOf(parameters, '--node') ?? 'board-1';
  const state = join(root, '.cache', 'board', node.replaceAll(/[^A-Za-z0-9_-]/g, '_'));
  return [
    ...(given('--node') ? [] : ['--node', node]),
    ...(given('--broker') ? [] : ['--broker', 'mqtt://localhost:1883']),
    ...(given('--state') ? [] : ['--state', state]),
    ...(given('--guest') ? [] : ['--guest', firstGuest]),
    ...parameters,
  ];
}

async function main() {
  requireNode();
  installPackages();
  if (process.platform === 'win32') giveUp('npm run board needs Linux or macOS; on Windows run it in WSL.');
  const missing = missingForFirmware();
  if (missing !== null) giveUp(`The board cannot be built: ${missing}`);
  let program;
  try {
    program = await boardProgram();
  } catch (error) {
    giveUp(error.message);
  }
  const parameters = withDefaults(process.argv.slice(2));
  mkdirSync(valueOf(parameters, '--state'), { recursive: true });
  const board = spawn(program, parameters, { stdio: 'inherit' });
  // ^C reaches both from the terminal; the board then says goodbye to its broker, and this waits for that.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => board.kill(signal));
  board.once('error', (error) => giveUp(`${program} could not be started: ${error.message}`));
  board.once('close', (code) => process.exit(code ?? 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
