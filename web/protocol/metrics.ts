/** What a node measures of itself, under `metrics`. */
import * as v from 'valibot';
import { decimal, orNull, parseJson } from './json-payload.ts';
import type { Parsed } from './parsed.ts';

/** Null where a node cannot measure: a native node retires no guest instructions. */
export interface NodeMetrics {
  heapFreeBytes: number | null;
  /** Least that was ever left of the stack of the guest's thread. */
  stackFreeBytes: number | null;
  /** CPU time of the last step (one sample cycle), microseconds. */
  stepUs: number | null;
  /** Guest instructions that the last step retired. */
  stepInstructions: number | null;
  /** Wi-Fi signal, dBm. */
  rssiDbm: number | null;
  /** Since boot. */
  bytesSent: number | null;
  /** Estimate since boot, millijoules. */
  energyMj: number | null;
}

const count = orNull(decimal(0, Number.MAX_SAFE_INTEGER));

const metrics = v.pipe(
  v.object({
    heap_free: count,
    stack_free: count,
    step_us: count,
    step_instructions: count,
    rssi_dbm: orNull(decimal(-200, 50)),
    bytes_sent: count,
    energy_mj: count,
  }),
  v.transform((wire): NodeMetrics => ({
    heapFreeBytes: wire.heap_free,
    stackFreeBytes: wire.stack_free,
    stepUs: wire.step_us,
    stepInstructions: wire.step_instructions,
    rssiDbm: wire.rssi_dbm,
    bytesSent: wire.bytes_sent,
    energyMj: wire.energy_mj,
  })),
);

export function parseMetrics(payload: string | Uint8Array): Parsed<NodeMetrics> {
  return parseJson(payload, metrics);
}

/** Leaves out what is null. */
export function encodeMetrics(value: NodeMetrics): string {
  return JSON.stringify({
    heap_free: value.heapFreeBytes ?? undefined,
    stack_free: value.stackFreeBytes ?? undefined,
    step_us: value.stepUs ?? undefined,
    step_instructions: value.stepInstructions ?? undefined,
    rssi_dbm: value.rssiDbm ?? undefined,
    bytes_sent: value.bytesSent ?? undefined,
    energy_mj: value.energyMj ?? undefined,
  });
}
