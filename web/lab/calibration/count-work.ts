/** Counts the work of a guest by running its transformed module. */
import { configDefaults } from '../../guest/abi.gen.ts';
import type { GuestEngine } from '../../guest/engine.ts';
import type { LoadedGuest } from '../../guest/loaded-guest.ts';
import type { HostCalls, LoopGuest, Pause } from '../../guest/types.ts';
import type { WorkCounts } from './work-counts.ts';

const BUDGET = 10_000_000;
/** The first steps set up what later ones only use. */
const SKIPPED_STEPS = 2;
const COUNTED_STEPS = 32;
const MOST_PAUSES = 1000;

/** Rejects with a sentence when the guest faults or cannot be counted. */
export async function countWork(engine: GuestEngine, guest: LoadedGuest): Promise<WorkCounts> {
  if (!guest.metered) throw new Error(`${guest.name} cannot be rewritten to be counted, so nothing can be solved for with it.`);
  const step = guest.checked.entry ? await countSteps(engine, guest) : null;
  return {
    processInstructions: guest.checked.process ? countCalls(engine, guest) : null,
    stepInstructions: step?.instructions ?? null,
    stepHostCalls: step?.hostCalls ?? null,
  };
}

/** The readings that the firmware's bench goes through. */
function benchReading(index: number): number {
  return 1000 + ((index * 7) % 2000);
}

function countCalls(engine: GuestEngine, guest: LoadedGuest): number {
  const stream = engine.stream(guest, BUDGET);
  const { dry, wet, threshold } = configDefaults;
  const calls = 2000;
  let instructions = 0;
  for (let index = 0; index < calls; index++) {
    stream.process(benchReading(index), dry, wet, threshold);
    instructions += stream.retired();
  }
  stream.stop();
  return instructions / calls;
}

async function countSteps(engine: GuestEngine, guest: LoadedGuest): Promise<{ instructions: number; hostCalls: number }> {
  const host = new CountingHost();
  const loop = engine.loop(guest, BUDGET, host);
  host.guest = loop;
  try {
    await loop.start();
    for (let pauses = 0; host.steps < SKIPPED_STEPS + COUNTED_STEPS; pauses++) {
      if (pauses > MOST_PAUSES) throw new Error(`${guest.name} reads no sensor in ${MOST_PAUSES} pauses, so it has no steps to count.`);
      if (host.problem !== null) throw new Error(`${guest.name} could not be counted: ${host.problem}`);
      await loop.resume(host.sensing ? benchReading(host.steps) : 0);
    }
  } finally {
    loop.stop();
  }
  return { instructions: host.instructions / COUNTED_STEPS, hostCalls: host.hostCalls / COUNTED_STEPS };
}

/** A step is what runs from one read of a sensor to the next, as on a node. */
class CountingHost implements HostCalls {
  guest: LoopGuest | null = null;
  steps = 0;
  instructions = 0;
  hostCalls = 0;
  sensing = false;
  problem: string | null = null;
  #calls = 0;
  #retired = 0;
  #begun = false;

  setOutput(): void {
    this.#calls++;
  }

  log(): void {
    this.#calls++;
  }

  logInt(): void {
    this.#calls++;
  }

  publish(): number {
    this.#calls++;
    return 0;
  }

  config(key: number): number {
    this.#calls++;
    const { dry, wet, threshold, periodMs, hysteresis } = configDefaults;
    return [dry, wet, threshold, periodMs, hysteresis][key] ?? 0;
  }

  paused(pause: Pause): void {
    this.#retired += this.guest?.retired() ?? 0;
    this.sensing = pause.kind === 'sensor';
    if (pause.kind === 'fault') this.problem = pause.fault.reason;
    if (pause.kind === 'returned') this.problem = 'Its main returned.';
    if (pause.kind !== 'sensor') return;
    if (this.#begun) {
      this.steps++;
      if (this.steps > SKIPPED_STEPS) {
        this.instructions += this.#retired;
        this.hostCalls += this.#calls;
      }
    }
    this.#begun = true;
    this.#retired = 0;
    this.#calls = 0;
  }
}
