/** What a board measured of itself when it was asked for a bench, from its JSON. */
import * as v from 'valibot';
import { decimal, flag, integer, orNull, parseJson, text } from '../../protocol/json-payload.ts';
import { refused, type Parsed } from '../../protocol/parsed.ts';

/** Microseconds each, means or medians of many calls; null for what the board did not measure. */
export interface BenchFigures {
  /** Steps that the two figures below are the mean of; null where no step was told of. */
  steps: number | null;
  /** CPU time of one step, a sample cycle. */
  usPerStep: number | null;
  /** As the board's runtime counts them; null where it does not count. */
  instructionsPerStep: number | null;
  /** One call of the guest's `process` from the host. */
  wasmCallUs: number | null;
  /** The same, compiled into the firmware. */
  nativeCallUs: number | null;
  /** One call of the host from inside the guest. */
  wasmHostCallUs: number | null;
  nativeHostCallUs: number | null;
}

/** No node takes that long for any of these; a bench that says so used another unit. */
const MOST_US = 10_000_000;

const us = () => orNull(decimal(0, MOST_US));
const reply = v.object({
  cmd: orNull(text(64)),
  ok: orNull(flag()),
  reason: orNull(text(200)),
  steps: orNull(integer(1, Number.MAX_SAFE_INTEGER)),
  us_per_step: us(),
  instructions_per_step: orNull(decimal(0, Number.MAX_SAFE_INTEGER)),
  wasm_call_us: us(),
  native_call_us: us(),
  wasm_host_call_us: us(),
  native_host_call_us: us(),
});

/** Reads the payload of a reply to `bench`; says in a sentence why it is none. */
export function readBench(payload: string): Parsed<BenchFigures> {
  const parsed = parseJson(payload, reply);
  if (!parsed.ok) return parsed;
  const { cmd, ok, reason, ...wire } = parsed.value;
  if (ok === false) return refused(`The board refused the bench: ${reason ?? 'it gave no reason.'}`);
  if (cmd !== null && cmd !== 'bench') return refused(`This is the answer to "${cmd}", not to "bench".`);
  const figures: BenchFigures = {
    steps: wire.steps,
    usPerStep: wire.us_per_step,
    instructionsPerStep: wire.instructions_per_step,
    wasmCallUs: wire.wasm_call_us,
    nativeCallUs: wire.native_call_us,
    wasmHostCallUs: wire.wasm_host_call_us,
    nativeHostCallUs: wire.native_host_call_us,
  };
  const measured = [figures.usPerStep, figures.wasmCallUs, figures.nativeCallUs].some((value) => value !== null);
  return measured
    ? { ok: true, value: figures }
    : refused('There is no figure of a bench in it: "us_per_step", "wasm_call_us" or "native_call_us" is needed.');
}

/** Whether the board's steps were native code's: it says so, or counts no instructions and has no module to call. */
export function steppedNatively(runtime: string | null, { usPerStep, instructionsPerStep, wasmCallUs }: BenchFigures): boolean {
  if (runtime?.toLowerCase().includes('native')) return true;
  return usPerStep !== null && instructionsPerStep === null && wasmCallUs === null;
}
