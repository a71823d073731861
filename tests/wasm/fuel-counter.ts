/** Asks Wasmtime what calls cost: its fuel is the rule that the meter follows. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { wasmTools } from '../../scripts/setup/wasm-tools.mjs';
import type { WasmValue } from './values.ts';

export interface HostAnswer {
  results: WasmValue[];
  /** Address and bytes of what the host put into the guest's memory. */
  writes: [at: number, hex: string][];
  /** The host throws, so that the guest goes no further. */
  ends: boolean;
}

export interface FuelJob {
  /** Path of the module. */
  module: string;
  host: HostAnswer[];
  calls: { name: string; values: WasmValue[] }[];
  /** Whether the memory is filled with the pattern before the first call. */
  pattern?: boolean;
}

export type CountedCall = { values: string[]; retired: number } | { trap: string };
export type FuelCount =
  | { started: false; why: string }
  | {
      started: true;
      startRetired: number;
      calls: CountedCall[];
      /** Retired in its call when the host was called, for each such call. */
      hostRetired: number[];
      /** SHA-256 of the memory at the end. */
      memory: string;
    };

const program = fileURLToPath(new URL('./count-fuel.py', import.meta.url));

export class FuelCounter {
  readonly #process = spawn(wasmTools().python, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  /** One at a time. */
  async count(job: FuelJob): Promise<FuelCount> {
    const text = (value: WasmValue) => (value === null ? null : Object.is(value, -0) ? '-0' : String(value));
    const calls = job.calls.map(({ name, values }) => ({ name, values: values.map(text) }));
    const host = job.host.map((answer) => ({ ...answer, results: answer.results.map(text) }));
    this.#process.stdin.write(`${JSON.stringify({ ...job, host, calls })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`Wasmtime's counter stopped at ${job.module}; its message is above.`);
    return JSON.parse(value) as FuelCount;
  }

  close(): void {
    this.#process.stdin.end();
  }
}
