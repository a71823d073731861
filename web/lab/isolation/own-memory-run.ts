/** A hostile guest as it is, in a memory of its own, on the engine of the browser: to be run in a worker that can be ended. */
import { checkGuest } from '../../guest/check.ts';
import { immediateImports } from '../../guest/guest-instance.ts';
import type { GuestLimits } from '../../guest/loaded-guest.ts';
import { OwnMemoryInstance } from '../../guest/own-memory-instance.ts';
import { GuestFaultError } from '../../guest/types.ts';
import { capGrowth } from '../../guest/wasm/cap-growth.ts';
import { BareHost } from './bare-host.ts';
import type { End, Observation } from './observation.ts';
import { refused } from './transformed-run.ts';

/** Pauses after which a guest that does no harm is left alone. */
const PAUSES = 8;
/** The same in time: what takes longer on its way through several slices is slow, not stuck. */
const ENOUGH_MS = 700;

class Enough extends Error {}

/** It blocks for as long as the guest runs; the pauses of the guest take no time. */
export async function runInOwnMemory(name: string, bytes: Uint8Array<ArrayBuffer>, limits: GuestLimits, nowMs: () => number): Promise<Observation> {
  const loadBegan = nowMs();
  const check = checkGuest(bytes, limits);
  if (!check.ok) return refused(check.reason, nowMs() - loadBegan);
  const { guest: checked } = check;
  const { entry } = checked;
  if (!entry) return refused('It exports no `main`, so there is no loop to run.', nowMs() - loadBegan);
  const module = await WebAssembly.compile(capGrowth(bytes, checked.memory.maxPages));
  const host = new BareHost();
  let sliceBegan = nowMs();
  const began = sliceBegan;
  let pauses = 0;
  let instance: OwnMemoryInstance | null = null;
  const pause = (): number => {
    pauses += 1;
    if (pauses > PAUSES || nowMs() - began > ENOUGH_MS) throw new Enough();
    const value = host.rest();
    sliceBegan = nowMs();
    return value;
  };
  const guest = { name, sha256: '', sizeBytes: bytes.length, checked, maxPages: checked.memory.maxPages, metered: false, shareable: false, obstacle: null, bytes, module };
  let end: End = { kind: 'returned' };
  try {
    instance = new OwnMemoryInstance(guest, {
      ...immediateImports(() => host, () => instance ?? undefined),
      delay_ms: (ms: number) => {
        host.paused({ kind: 'delay', ms });
        pause();
      },
      read_sensor: (sensor: number) => {
        host.paused({ kind: 'sensor', sensor });
        return pause();
      },
    });
    instance.function(entry.name)(...new Array<number>(entry.params).fill(0));
  } catch (error) {
    if (error instanceof Enough) end = { kind: 'goes-on' };
    else if (instance) end = { kind: 'fault', fault: instance.fault(error) };
    else if (error instanceof GuestFaultError) end = { kind: 'fault', fault: error.fault };
    else end = { kind: 'host-failed', said: error instanceof Error ? error.message : String(error) };
  }
  const noticedMs = nowMs() - sliceBegan;
  return { end, passed: host.passed, refusals: host.refusals, breaches: host.breaches, answers: host.answers, noticedMs, neighbours: null };
}
