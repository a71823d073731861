/** What a board's sandbox costs, beside what every node answers to `bench`. */
import * as v from 'valibot';
import { decimal, orNull, parseJson } from '../../protocol/json-payload.ts';

/** Microseconds each; null where the board did not measure it. */
export interface SandboxFigures {
  /** One call of the guest's `process`. */
  wasmCallUs: number | null;
  /** The same, compiled into the firmware. */
  nativeCallUs: number | null;
  /** One call of the host from inside the guest. */
  wasmHostCallUs: number | null;
  nativeHostCallUs: number | null;
}

const us = () => orNull(decimal(0, Number.MAX_SAFE_INTEGER));
const figures = v.object({ wasm_call_us: us(), native_call_us: us(), wasm_host_call_us: us(), native_host_call_us: us() });

/** From the JSON of a reply to `bench`. */
export function sandboxFigures(json: string): SandboxFigures {
  const parsed = parseJson(json, figures);
  return {
    wasmCallUs: parsed.ok ? parsed.value.wasm_call_us : null,
    nativeCallUs: parsed.ok ? parsed.value.native_call_us : null,
    wasmHostCallUs: parsed.ok ? parsed.value.wasm_host_call_us : null,
    nativeHostCallUs: parsed.ok ? parsed.value.native_host_call_us : null,
  };
}
