/**
 * Hostile WASI programs on @wasmer/sdk, beside an honest program that answers line by line. In a worker: on the page's own thread the
 * package may not wait for its locks, and breaks over one that is taken.
 */
import type { Output, Process, Wasmer } from '@wasmer/sdk';
import { wasiRefusal } from '../runtimes/wasi-imports.ts';
import { differing } from './honest-guest.ts';
import { PASSED } from './hostile-guest.ts';
import type { NeighbourReport } from './isolation-port.ts';
import type { WasmerReply } from './cell-messages.ts';
import type { Observation } from './observation.ts';
import { refused } from './transformed-run.ts';

export interface WasmerParts {
  /** The package, as the page serves it. */
  load(): Promise<typeof import('@wasmer/sdk')>;
  /** The WASI build of the irrigation guest. */
  honestBytes(): Promise<Uint8Array>;
  nowMs(): number;
}

/** Longer than any honest program of one line takes. */
const LIMIT_MS = 2000;
/** Beyond its own limit a program gets so long, then the whole runtime is thrown away. */
const GRACE_MS = 20_000;
/** An honest program that does not end within this on a busy machine never will. */
const PROBE_MS = 15_000;
const OUTPUT_BYTES = 65_536;
const RESTING_MS = 300;

/** How a program ended; `silent`: it had not, long after its limit. */
type Ended = Output | Error | 'silent';

/** An honest program under work: a line in, a line out. */
class HonestProgram {
  readonly #process: Process;
  readonly #lines: AsyncIterator<string>;
  readonly #nowMs: () => number;
  readonly answers: string[] = [];
  #longestMs = 0;
  #working: Promise<void> | null = null;
  #stop = false;
  failure: string | null = null;

  constructor(process: Process, nowMs: () => number) {
    this.#process = process;
    this.#nowMs = nowMs;
    this.#lines = process.stdout!.lines()[Symbol.asyncIterator]();
  }

  begin(): void {
    this.#stop = false;
    this.#longestMs = 0;
    this.#working = this.#work().catch((error: unknown) => void (this.failure = error instanceof Error ? error.message : String(error)));
  }

  /** The longest time for a line since `begin`. */
  async pause(): Promise<number> {
    this.#stop = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hung = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.failure = `The honest program gave no answer for ${GRACE_MS / 1000} s.`;
        resolve();
      }, GRACE_MS);
    });
    await Promise.race([this.#working, hung]);
    clearTimeout(timer);
    return this.#longestMs;
  }

  async #work(): Promise<void> {
    while (!this.#stop) {
      const began = this.#nowMs();
      await this.#process.stdin!.write(`${lineOf(this.answers.length)}\n`);
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('The honest program ended.');
      this.answers.push(value);
      this.#longestMs = Math.max(this.#longestMs, this.#nowMs() - began);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** The reading of each step. */
function lineOf(step: number): string {
  return String(1600 + ((step * 37) % 400));
}

export class WasmerRuns {
  readonly #parts: WasmerParts;
  readonly #wasmer: Wasmer;
  readonly #neighbour: HonestProgram;
  readonly #restingMs: number;
  #expected: string[] = [];

  private constructor(parts: WasmerParts, wasmer: Wasmer, neighbour: HonestProgram, restingMs: number) {
    this.#parts = parts;
    this.#wasmer = wasmer;
    this.#neighbour = neighbour;
    this.#restingMs = restingMs;
  }

  /** Begins the runtime, and the honest program in it. Rejects with what the package says. */
  static async begin(parts: WasmerParts): Promise<WasmerRuns> {
    const { Wasmer } = await parts.load();
    const wasmer = new Wasmer({ cache: false });
    await wasmer.ready();
    const honest = await wasmer.packages.load(await parts.honestBytes());
    const sandbox = await wasmer.sandboxes.create({ packages: [honest], network: { mode: 'disabled' } });
    const process = await sandbox.command(honest).spawn({ stdin: 'pipe', stdout: 'pipe', stderr: 'discard' });
    const neighbour = new HonestProgram(process, parts.nowMs);
    neighbour.begin();
    await new Promise((resolve) => setTimeout(resolve, RESTING_MS));
    return new WasmerRuns(parts, wasmer, neighbour, await neighbour.pause());
  }

  /** @param errors whether the numbers that it prints are the answers of WASI's functions, of which 0 alone is success */
  async run(bytes: Uint8Array, errors: boolean): Promise<Extract<WasmerReply, { kind: 'observed' }>> {
    const { nowMs } = this.#parts;
    const began = nowMs();
    // As the lab does with every program that it gives to Wasmer.
    const refusal = wasiRefusal(bytes);
    if (refusal !== null) return { kind: 'observed', observation: refused(refusal, nowMs() - began), spent: false };
    const neighbour = this.#neighbour;
    const before = neighbour.answers.length;
    neighbour.begin();
    const ended = await this.#execute(bytes);
    const tookMs = nowMs() - began;
    const longestMs = await neighbour.pause();
    const answers = neighbour.answers.slice(before);
    const lost = neighbour.failure !== null;
    const observation = observed(ended, tookMs, errors);
    const probe = ended === 'silent' ? null : await this.#probe();
    const broken = probe === null ? null : brokenBy(probe);
    const expected = broken === null && !lost ? await this.#expectedAnswers(before, neighbour.answers.length) : answers;
    const neighbours: NeighbourReport = {
      who: 'an honest program that answers line by line beside it',
      bytesChanged: null,
      bytesCompared: null,
      resultsChanged: differing(answers, expected),
      resultsCompared: expected.length,
      longestExtraWaitMs: Math.max(0, longestMs - this.#restingMs),
      clock: 'wall',
      lost,
    };
    const breaches = broken === null ? observation.breaches : [broken];
    return { kind: 'observed', observation: { ...observation, breaches, neighbours }, spent: lost || ended === 'silent' || broken !== null };
  }

  async #execute(bytes: Uint8Array, stdin = '', limitMs = LIMIT_MS): Promise<Ended> {
    const run = async (): Promise<Output | Error> => {
      try {
        const wasmer = this.#wasmer;
        const packed = await wasmer.packages.load(bytes);
        const sandbox = await wasmer.sandboxes.create({ packages: [packed], network: { mode: 'disabled' } });
        try {
          return await sandbox.command(packed).run({ stdin, timeoutMs: limitMs, outputBytes: OUTPUT_BYTES, check: false });
        } finally {
          await sandbox.close();
        }
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    return Promise.race([run(), new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), limitMs + GRACE_MS))]);
  }

  /** Whether an honest program can still be started. */
  async #probe(): Promise<Ended> {
    return this.#execute(await this.#parts.honestBytes(), `${lineOf(0)}\n`, PROBE_MS);
  }

  /** What an undisturbed program answers to the lines from one number to another; its state comes from all before. */
  async #expectedAnswers(from: number, to: number): Promise<string[]> {
    if (this.#expected.length < to) {
      const wasmer = this.#wasmer;
      const honest = await wasmer.packages.load(await this.#parts.honestBytes());
      const sandbox = await wasmer.sandboxes.create({ packages: [honest], network: { mode: 'disabled' } });
      const enough = Math.max(to, 2 * this.#expected.length, 1000);
      const stdin = Array.from({ length: enough }, (_, step) => `${lineOf(step)}\n`).join('');
      const output = await sandbox.command(honest).run({ stdin, check: false });
      this.#expected = output.stdout.text().trimEnd().split('\n');
      await sandbox.close();
    }
    return this.#expected.slice(from, to);
  }
}

/** What keeps an honest program from running, in words, or null. */
function brokenBy(probe: Ended): string | null {
  if (probe === 'silent') return 'Since then no program ends any more.';
  if (probe instanceof Error) return `Since then no program can be started: ${probe.message.split('\n')[0]}`;
  return probe.exitCode === 0 ? null : `Since then an honest program ends with ${probe.exitCode}.`;
}

function observed(ended: Ended, tookMs: number, errors: boolean): Observation {
  if (ended === 'silent') {
    return { ...refused('', tookMs), end: { kind: 'host-failed', said: `it took no notice of its limit of ${LIMIT_MS / 1000} s, and the whole runtime had to be thrown away.` } };
  }
  if (ended instanceof Error) {
    const [said] = ended.message.split('\n');
    const trap = /RuntimeError: (?:js: )?(.*)/.exec(said);
    // What cannot be loaded, or lacks an import, comes back as another error.
    if (!trap) return refused(`${ended.name}: ${said}`, tookMs);
    return { ...refused('', tookMs), end: { kind: 'fault', fault: { kind: 'trap', reason: `The program trapped: ${trap[1]}.` } } };
  }
  const { exitCode, reason, stdout, stderr } = ended;
  const numbers = stdout.text().split('\n').filter((line) => /^\d+$/.test(line)).map(Number);
  const passed = numbers.includes(PASSED);
  const answers = numbers.filter((number, index) => index > 0 && number !== PASSED);
  const base = { passed, breaches: errors && answers.includes(0) ? ['A call that must fail has succeeded.'] : [], answers: answers.map(String), refusals: answers.filter((answer) => errors && answer !== 0).map((answer) => `The call answered with the error ${answer}.`), noticedMs: tookMs, neighbours: null };
  if (reason === 'timeout') return { ...base, end: { kind: 'silent', afterMs: LIMIT_MS } };
  if (exitCode !== 0 || reason === 'terminated') return { ...base, end: { kind: 'fault', fault: { kind: 'trap', reason: `The program ended with ${exitCode}: ${stderr.text().trim().split('\n').at(-1) || reason}` } } };
  return { ...base, end: { kind: passed ? 'goes-on' : 'returned' } };
}
