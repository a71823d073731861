/** @wasmer/sdk, loaded from where it is served when it is first needed, and begun anew after it got stuck. */
import type { Output, Package, Wasmer } from '@wasmer/sdk';
import { GuestFaultError } from '../../guest/types.ts';
import type { ColdStart } from './cold-start.ts';
import { wasiRefusal } from './wasi-imports.ts';
import { WasiProcess } from './wasi-process.ts';

/** Where it is, and what it is. */
export interface WasmerPlace {
  /** Absolute, of its first script. */
  address: string;
  version: string;
  /** Loaded when it is first used. */
  sizeBytes: number;
}

export interface WasiRun {
  /**
   * `trapped`: the engine ended it, `stderr` says why. `timeout`: it was still running. `stuck`: Wasmer itself did not come back, or failed over it, and is begun anew;
   * what it said, if anything, is in `stderr`.
   */
  reason: 'exited' | 'trapped' | 'terminated' | 'timeout' | 'stuck';
  exitCode: number | null;
  stdout: string;
  stderr: string;
  elapsedMs: number;
}

export interface WasiLimits {
  timeoutMs: number;
  /** Of each of both outputs; what is beyond is cut. */
  outputBytes?: number;
}

/** Wasmer ends what runs too long some 100 ms late; what takes this much longer will not come back. */
const GRACE_MS = 3000;

/** Its exit code for a module that it could not instantiate; its worker fails with an error a moment later. */
const NOT_STARTED = 45;
const FAILURE_MS = 200;

export class WasmerHost {
  readonly #place: WasmerPlace;
  #client: Promise<Wasmer> | null = null;
  /** What Wasmer said when it failed last. */
  #failure = '';
  /** Tells those who wait that it has failed. */
  readonly #waiting = new Set<() => void>();
  /** Of the first start, loading included; null before it. */
  startMs: number | null = null;

  constructor(place: WasmerPlace) {
    this.#place = place;
    const folder = new URL('..', place.address).href;
    // A module whose instantiation fails ends a worker of Wasmer's with an error that nobody catches; it comes up here.
    globalThis.addEventListener('error', (event: ErrorEvent) => {
      if (!event.filename?.startsWith(folder)) return;
      event.preventDefault();
      this.#failure = event.message;
      this.#drop();
      for (const tell of this.#waiting) tell();
    });
  }

  /** Null when it is there, else a sentence why it cannot be had. */
  async ready(): Promise<string | null> {
    if (!globalThis.crossOriginIsolated) {
      return 'Wasmer shares memory between its threads, which this page may not: serve the page with the headers COOP same-origin and COEP require-corp.';
    }
    try {
      await this.#begun();
      return null;
    } catch (error) {
      return `@wasmer/sdk could not be loaded from this page's server: ${error instanceof Error ? error.message : String(error)} Connect once, or reload the page.`;
    }
  }

  /** Runs a WASI program to its end. Rejects with a sentence for a module that is none, and when Wasmer is not there. */
  async run(bytes: Uint8Array, stdin: string, { timeoutMs, outputBytes }: WasiLimits): Promise<WasiRun> {
    const from = performance.now();
    const client = await this.#begun();
    const pkg = await this.#load(client, bytes);
    const sandbox = await client.sandboxes.create({ packages: [pkg] });
    const elapsed = () => performance.now() - from;
    const running = sandbox.command(pkg).run({ stdin, timeoutMs, outputBytes, check: false });
    const none = { exitCode: null, stdout: '', stderr: '' };
    let output: Output | null;
    try {
      output = await this.#orStuck(running, timeoutMs);
    } catch (error) {
      return { ...none, reason: 'trapped', stderr: error instanceof Error ? error.message : String(error), elapsedMs: elapsed() };
    }
    if (output?.exitCode === NOT_STARTED && (await this.#failsSoon())) output = null;
    if (!output) return { ...none, reason: 'stuck', stderr: this.#failure, elapsedMs: elapsed() };
    await this.#orStuck(sandbox.close(), 0);
    const [stdout, stderr] = [output.stdout, output.stderr].map((captured) => new TextDecoder().decode(captured.bytes));
    return { reason: output.reason, exitCode: output.exitCode, stdout: stdout!, stderr: stderr!, elapsedMs: elapsed() };
  }

  /** Starts a program that answers lines. Rejects as `run`. */
  async open(bytes: Uint8Array): Promise<WasiProcess> {
    const client = await this.#begun();
    return this.#start(client, await this.#load(client, bytes));
  }

  /** The parts of a program's start, up to the answer to one line. A sentence when it does not answer. */
  async coldStart(bytes: Uint8Array, line: string): Promise<ColdStart | string> {
    const client = await this.#begun();
    const t0 = performance.now();
    const pkg = await this.#orStuck<Package>(client.packages.load(bytes), 0);
    const t1 = performance.now();
    if (!pkg) return 'Wasmer did not load the module.';
    const process = await this.#start(client, pkg);
    const t2 = performance.now();
    try {
      await process.exchangeBytes(line, 1);
      return { fetchMs: null, compileMs: t1 - t0, transformMs: null, instantiateMs: t2 - t1, firstCallMs: performance.now() - t2 };
    } catch (error) {
      if (error instanceof GuestFaultError) return error.fault.reason;
      throw error;
    } finally {
      process.stop();
    }
  }

  /** Ends it with all its workers. */
  close(): void {
    this.#drop();
  }

  async #load(client: Wasmer, bytes: Uint8Array): Promise<Package> {
    const refusal = wasiRefusal(bytes);
    if (refusal !== null) throw new Error(refusal);
    const pkg = await this.#orStuck<Package>(client.packages.load(bytes), 0);
    if (!pkg) throw new Error('Wasmer did not load the module and was begun anew. Try again.');
    return pkg;
  }

  async #start(client: Wasmer, pkg: Package): Promise<WasiProcess> {
    const starting = client.sandboxes.create({ packages: [pkg] }).then(async (sandbox) => {
      const process = await sandbox.command(pkg).spawn({ stdin: 'pipe', stdout: 'pipe', stderr: 'discard' });
      return new WasiProcess(process, () => void this.#orStuck(sandbox.close(), 0), () => this.#drop());
    });
    const process = await this.#orStuck<WasiProcess>(starting, 0);
    if (!process) throw new Error('Wasmer did not start the program and was begun anew. Try again.');
    return process;
  }

  #begun(): Promise<Wasmer> {
    this.#client ??= this.#begin().catch((error: unknown) => {
      this.#client = null;
      throw error;
    });
    return this.#client;
  }

  /** Whether the failure that such an exit is told with comes up within a moment. */
  #failsSoon(): Promise<boolean> {
    if (this.#failure !== '') return Promise.resolve(true);
    return new Promise((resolve) => {
      const tell = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(tell);
        resolve(this.#failure !== '');
      };
      const timer = setTimeout(tell, FAILURE_MS);
      this.#waiting.add(tell);
    });
  }

  async #begin(): Promise<Wasmer> {
    const from = performance.now();
    const sdk = (await import(/* @vite-ignore */ this.#place.address)) as typeof import('@wasmer/sdk');
    // Whatever it kept would be one more thing that a page leaves behind in this browser.
    const client = await new sdk.Wasmer({ cache: false }).ready();
    this.startMs ??= performance.now() - from;
    return client;
  }

  /** Null when it does not come back in time: its workers are then lost to that program, so it is begun anew. */
  async #orStuck<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
    this.#failure = '';
    let giveUp = (): void => undefined;
    const late = new Promise<null>((resolve) => (giveUp = () => resolve(null)));
    const timer = setTimeout(giveUp, limitMs + GRACE_MS);
    this.#waiting.add(giveUp);
    // Its own error for this says less than the one that comes up from its worker.
    const done = work.then((value) => ({ value }), (error: unknown) => (this.#failure === '' ? Promise.reject(error as Error) : null));
    try {
      const settled = await Promise.race([done, late]);
      if (settled) return settled.value;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(giveUp);
    }
    this.#drop();
    return null;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    // One that is stuck may never say that it closed.
    void client?.then((each) => each.close()).catch(() => undefined);
  }
}
