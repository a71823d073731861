/** A hostile guest in the memory that all share, between two honest ones whose every byte is watched. */
import { Arena, type Window } from '../../guest/arena.ts';
import { hasJspi, JspiLoop } from '../../guest/jspi-loop.ts';
import { loadGuest, type GuestLimits, type LoadedGuest } from '../../guest/loaded-guest.ts';
import { GuestFaultError } from '../../guest/types.ts';
import { PAGE_BYTES } from '../../guest/wasm/module-types.ts';
import { STATE_BYTES_PER_PAGE } from '../../guest/wasm/transformed-names.ts';
import { BareHost } from './bare-host.ts';
import { differing, differingBytes, HONEST_STEPS, HonestGuest } from './honest-guest.ts';
import type { End, Observation } from './observation.ts';

/** Slices of running that a hostile guest gets; its act comes in the third. */
const SLICES = 8;
const STEPS_BEFORE = 3;

export interface TransformedParts {
  honest: readonly [LoadedGuest, LoadedGuest];
  limits: GuestLimits;
  /** Instructions of a slice. */
  budget: number;
  nowMs(): number;
}

export function transformedProblem(): string | null {
  return hasJspi() ? null : 'This engine cannot suspend WebAssembly (JSPI), so guests do not share a memory here. Use Chrome or Edge 137, Firefox 153 or newer.';
}

/** Remembers who has what of the memory. */
class WatchedArena extends Arena {
  readonly windows: { window: Window; pages: number }[] = [];

  override allocate(pages: number): Window {
    const window = super.allocate(pages);
    this.windows.push({ window, pages });
    return window;
  }

  /** A copy of what the n-th window holds, and of what the host keeps for its guest. */
  copy(index: number): Uint8Array {
    const { window } = this.windows[index];
    const parts = this.#parts(index).map(([from, to]) => window.bytes().subarray(from, to));
    const copy = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      copy.set(part, at);
      at += part.length;
    }
    return copy;
  }

  /** Byte addresses that belong to the n-th window's guest. */
  #parts(index: number): [from: number, to: number][] {
    const { window, pages } = this.windows[index];
    return [
      [window.base, window.base + pages * PAGE_BYTES],
      [window.state, window.state + pages * STATE_BYTES_PER_PAGE],
    ];
  }

  /** Words of 32 bits that are not zero outside all that belongs to somebody, where nobody may write. */
  strayWords(): number {
    const words = new Int32Array(this.windows[0].window.bytes().buffer);
    const taken = this.windows.flatMap((_, index) => this.#parts(index)).sort(([a], [b]) => a - b);
    let count = 0;
    let at = 0;
    for (const [from, to] of [...taken, [words.length * 4, words.length * 4]]) {
      for (; at < from / 4; at += 1) if (words[at] !== 0) count += 1;
      at = Math.max(at, to / 4);
    }
    return count;
  }
}

interface Undisturbed {
  acts: readonly (readonly string[])[];
  memories: readonly Uint8Array[];
  /** The longest step, milliseconds. */
  longestStepMs: number;
}

export class TransformedRuns {
  readonly #parts: TransformedParts;
  #undisturbed: Promise<Undisturbed> | null = null;

  constructor(parts: TransformedParts) {
    this.#parts = parts;
  }

  /** @param name for sentences */
  async run(name: string, bytes: Uint8Array): Promise<Observation> {
    const { honest, limits, budget, nowMs } = this.#parts;
    const undisturbed = await (this.#undisturbed ??= this.#alone());
    const loadBegan = nowMs();
    const loaded = await loadGuest(name, bytes, limits);
    const loadMs = nowMs() - loadBegan;
    if (!loaded.ok) return refused(loaded.reason, loadMs);
    if (!loaded.guest.metered) return refused(`It uses ${loaded.guest.obstacle?.feature ?? 'what cannot be rewritten'}, so it is not put into a shared memory.`, loadMs);
    if (!loaded.guest.checked.entry) return refused('It exports no `main`, so there is no loop to run.', loadMs);

    const arena = new WatchedArena();
    const first = new HonestGuest((host) => new JspiLoop(honest[0], arena, budget, host));
    // The hostile guest gets the window between those of the others.
    const between = arena.allocate(loaded.guest.maxPages);
    const second = new HonestGuest((host) => new JspiLoop(honest[1], arena, budget, host));
    const neighbours = [first, second];
    for (const neighbour of neighbours) await neighbour.start();
    for (let step = 0; step < STEPS_BEFORE; step += 1) for (const neighbour of neighbours) await neighbour.step();

    let bytesChanged = 0;
    let bytesCompared = 0;
    let longestMs = 0;
    /** Runs a part of the hostile guest while nobody else does anything, and looks at all others' bytes. */
    const watched = async (part: () => void | Promise<void>): Promise<number> => {
      const before = [arena.copy(0), arena.copy(2)];
      const began = nowMs();
      let tookMs: number;
      try {
        await part();
      } finally {
        tookMs = nowMs() - began;
        longestMs = Math.max(longestMs, tookMs);
      }
      bytesChanged += differingBytes(before[0], arena.copy(0)) + differingBytes(before[1], arena.copy(2));
      bytesCompared += before[0].length + before[1].length;
      return tookMs;
    };

    const host = new BareHost();
    let hostile: JspiLoop | null = null;
    let end: End = { kind: 'goes-on' };
    let noticedMs: number;
    arena.free(between, loaded.guest.maxPages);
    try {
      noticedMs = await watched(async () => {
        hostile = new JspiLoop(loaded.guest, arena, budget, host);
        await hostile.start();
      });
      for (let slice = 1; slice < SLICES && !isOver(host); slice += 1) {
        for (const neighbour of neighbours) await neighbour.step();
        noticedMs = await watched(() => hostile?.resume(host.rest()));
      }
      if (host.pause.kind === 'fault') end = { kind: 'fault', fault: host.pause.fault };
      else if (host.pause.kind === 'returned') end = { kind: 'returned' };
    } catch (error) {
      end = error instanceof GuestFaultError ? { kind: 'fault', fault: error.fault } : { kind: 'host-failed', said: error instanceof Error ? error.message : String(error) };
      noticedMs = longestMs;
    }
    (hostile as JspiLoop | null)?.stop();
    while (first.steps < HONEST_STEPS) for (const neighbour of neighbours) await neighbour.step();

    const memories = [arena.copy(0), arena.copy(2)];
    bytesChanged += 4 * arena.strayWords();
    memories.forEach((memory, index) => {
      bytesChanged += differingBytes(memory, undisturbed.memories[index]);
      bytesCompared += memory.length;
    });
    for (const neighbour of neighbours) neighbour.stop();
    return {
      end,
      passed: host.passed,
      refusals: host.refusals,
      breaches: host.breaches,
      answers: host.answers,
      noticedMs,
      neighbours: {
        who: 'two honest guests in the same memory, one on each side',
        bytesChanged,
        bytesCompared,
        resultsChanged: neighbours.reduce((sum, { acts }, index) => sum + differing(acts, undisturbed.acts[index]), 0),
        resultsCompared: undisturbed.acts.reduce((sum, { length }) => sum + length, 0),
        longestExtraWaitMs: Math.max(0, longestMs - undisturbed.longestStepMs),
        clock: 'wall',
        lost: false,
      },
    };
  }

  /** The same two neighbours without anybody between them. */
  async #alone(): Promise<Undisturbed> {
    const { honest, budget, nowMs } = this.#parts;
    const arena = new WatchedArena();
    const neighbours = honest.map((guest) => new HonestGuest((host) => new JspiLoop(guest, arena, budget, host)));
    let longestStepMs = 0;
    for (const neighbour of neighbours) await neighbour.start();
    while (neighbours[0].steps < HONEST_STEPS) {
      const began = nowMs();
      for (const neighbour of neighbours) await neighbour.step();
      longestStepMs = Math.max(longestStepMs, nowMs() - began);
    }
    const memories = [arena.copy(0), arena.copy(1)];
    for (const neighbour of neighbours) neighbour.stop();
    return { acts: neighbours.map(({ acts }) => acts), memories, longestStepMs };
  }
}

function isOver({ pause }: BareHost): boolean {
  return pause.kind === 'fault' || pause.kind === 'returned';
}

/** A guest that never ran: its neighbours had nothing to feel. */
export function refused(said: string, noticedMs: number): Observation {
  return { end: { kind: 'refused', said }, passed: false, refusals: [], breaches: [], answers: [], noticedMs, neighbours: null };
}
