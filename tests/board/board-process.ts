/** A board as a process, under sanitizers: started, killed and started again with the same flash. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boardProgram } from '../../scripts/board.mjs';

const guest = fileURLToPath(new URL('../../web/guest/modules/irrigation-c.wasm', import.meta.url));

export interface BoardSetup {
  broker: string;
  node: string;
  /** Lines `ed25519 BASE64 NAME`. */
  keys?: string;
  /** Of the sampling. */
  periodMs?: number;
}

export class BoardProcess {
  readonly serial: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #parameters: string[];
  #child: ChildProcess | null = null;
  #log = '';

  private constructor(program: string, folder: string, parameters: string[]) {
    this.#program = program;
    this.#folder = folder;
    this.#parameters = parameters;
    this.serial = join(folder, 'serial');
  }

  /** Off at first, its flash empty but for the guest that every board comes with. */
  static async make({ broker, node, keys = '', periodMs = 100 }: BoardSetup): Promise<BoardProcess> {
    const program = await boardProgram({ sanitize: true });
    const folder = mkdtempSync(join(tmpdir(), 'continuum-board-'));
    writeFileSync(join(folder, 'keys'), keys);
    const parameters = ['--state', join(folder, 'state'), '--broker', broker, '--node', node, '--guest', guest];
    parameters.push('--keys', join(folder, 'keys'), '--period', String(periodMs), '--metrics', '1', '--serial', join(folder, 'serial'));
    return new BoardProcess(program, folder, parameters);
  }

  /** What it printed, of all its runs. */
  get log(): string {
    return this.#log;
  }

  /** @param firstReading its probe reads this, then one more with each reading */
  start(firstReading: number, ...more: string[]): void {
    const soil = join(this.#folder, 'soil');
    writeFileSync(soil, Array.from({ length: 4000 }, (_, index) => `${Math.min(4095, firstReading + index)}\n`).join(''));
    const options = { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' };
    this.#child = spawn(this.#program, [...this.#parameters, '--soil', soil, ...more], { stdio: ['ignore', 'pipe', 'pipe'], env: options });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    }
  }

  /** Its exit code, or the signal that ended it; null when it was off. */
  end(signal: 'SIGKILL' | 'SIGINT'): Promise<number | NodeJS.Signals | null> {
    const child = this.#child;
    this.#child = null;
    const ended = child?.exitCode ?? child?.signalCode ?? null;
    if (!child || ended !== null) return Promise.resolve(ended);
    return new Promise((resolve) => {
      child.once('close', (code, signalCode) => resolve(code ?? signalCode));
      child.kill(signal);
    });
  }

  /** Ends it in order; what the sanitizers found fails the test. */
  async dispose(): Promise<void> {
    const running = this.#child !== null;
    const code = await this.end('SIGINT');
    rmSync(this.#folder, { recursive: true, force: true });
    if ((running && code !== 0) || /Sanitizer|runtime error/.test(this.#log)) throw new Error(`The board ended with ${code}:\n${this.#log}`);
  }
}
