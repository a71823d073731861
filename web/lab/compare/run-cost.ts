/** What running a module shows of it: stack depth reached, memory, instructions of each call and of each step of `main`. */
import { loadGuest, type GuestLimits } from '../../guest/loaded-guest.ts';
import { describeObstacle } from '../../guest/obstacle.ts';
import { openStream } from '../../guest/stream-guest.ts';
import { runScripted } from '../runtimes/scripted-host.ts';
import { guestCalls } from '../runtimes/runtime.ts';
import type { HostCall, LoopTrace } from '../runtimes/loop-script.ts';
import type { BehaviourOrder, ComparedModule, InstructionCounts, RunCost, Work } from './compare-port.ts';
import { callInputs, loopScript } from './guest-inputs.ts';
import { inspect } from './inspect.ts';
import { paintedModule, type PaintedInstance, type PaintedModule } from './painted-stack.ts';
import { summarise } from './summary.ts';
import { Pace } from './work-pace.ts';

/** A byte that a guest writes by chance can be one of them, not both. */
const colours = [0xa5, 0x5a] as const;

interface Activity {
  of: InstructionCounts['of'];
  counts: number[];
  reachedBytes: number;
  memoryBytes: number;
}

export async function runCost(limits: GuestLimits, budget: number, module: ComparedModule, order: BehaviourOrder, work: Work): Promise<RunCost> {
  const loaded = await loadGuest(module.name, module.bytes, limits);
  if (!loaded.ok) return nothing(loaded.reason);
  const { guest } = loaded;
  if (guest.obstacle) return nothing(`It uses ${describeObstacle(guest.obstacle)}, which cannot be rewritten so as to be counted.`);
  const { stack, stackNote } = inspect(module.bytes);
  const painted = await paintedModule(guest, stack, budget);
  const has = { process: guest.checked.process, filter_value: guest.checked.filterValue, detect_anomaly: guest.checked.detectAnomaly };
  const calls = guestCalls.filter((call) => has[call]);
  const pace = new Pace(work, colours.length * (calls.length + 1));
  const activities: Activity[] = [];
  for (const colour of colours) {
    for (const call of calls) {
      await pace.begin(`${call} of ${module.name}`);
      activities.push(await runCalls(painted, call, order, colour, pace));
    }
    await pace.begin(`main of ${module.name}`);
    if (guest.checked.entry) activities.push(runMain(painted, order, colour));
  }
  const deepest = activities.reduce<Activity | null>((most, each) => (!most || each.reachedBytes > most.reachedBytes ? each : most), null);
  return {
    stackReachedBytes: stack && deepest ? deepest.reachedBytes : null,
    stackReachedIn: stack && deepest ? (deepest.of === 'step' ? 'main' : deepest.of) : null,
    stackNote,
    memoryBytes: activities.reduce<number | null>((most, { memoryBytes }) => Math.max(most ?? 0, memoryBytes), null),
    instructions: activities.slice(0, activities.length / colours.length).flatMap(({ of, counts }) => (counts.length > 0 ? [{ of, counts, summary: summarise(counts) }] : [])),
    instructionsNote: '',
  };
}

function nothing(reason: string): RunCost {
  return { stackReachedBytes: null, stackReachedIn: null, stackNote: reason, memoryBytes: null, instructions: [], instructionsNote: reason };
}

async function runCalls(painted: PaintedModule, of: (typeof guestCalls)[number], order: BehaviourOrder, colour: number, pace: Pace): Promise<Activity> {
  const instance = openStream((imports) => painted.open(imports));
  instance.paint(colour);
  const exported = instance.function(of);
  const counts: number[] = [];
  for (const input of callInputs(of, order.inputs, order.seed)) {
    instance.refuel();
    try {
      exported(...input);
      counts.push(instance.retired());
    } catch {
      // A call that traps is behaviour's to tell; what it would have cost is not known.
    }
    await pace.breathe();
  }
  return { of, counts, reachedBytes: instance.reached(), memoryBytes: instance.memoryBytes };
}

function runMain(painted: PaintedModule, order: BehaviourOrder, colour: number): Activity {
  const { entry } = painted.guest.checked;
  let opened: PaintedInstance | null = null;
  const trace = runScripted(loopScript(order.steps, order.seed), entry!, (imports) => {
    opened = painted.open(imports);
    opened.paint(colour);
    return opened;
  });
  const instance = opened as PaintedInstance | null;
  return { of: 'step', counts: stepCounts(trace), reachedBytes: instance?.reached() ?? 0, memoryBytes: instance?.memoryBytes ?? 0 };
}

/** Instructions from one reading of the sensor to the next: of every slice between pauses in it. The last step has no next. */
export function stepCounts({ calls }: LoopTrace): number[] {
  const counts: number[] = [];
  let sum: number | null = null;
  for (const call of calls) {
    if (!pauses(call)) continue;
    if (sum !== null) sum += call.retired ?? NaN;
    if (call.name !== 'read_sensor') continue;
    if (sum !== null) counts.push(sum);
    sum = 0;
  }
  return counts;
}

function pauses({ name }: HostCall): boolean {
  return name === 'read_sensor' || name === 'delay_ms';
}
