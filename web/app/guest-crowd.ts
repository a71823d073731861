/**
 * How many guests that cannot share the common memory run side by side. Most pages have none, so this is loaded
 * when there is one.
 */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { describeObstacle, type Obstacle } from '../guest/obstacle.ts';
import { MAX_LOOP_THREADS, MAX_OWN_MEMORIES } from '../guest/thread-limits.ts';
import { defaultScenario, type GuestId, type Scenario } from '../sim/scenario.ts';

type Runs = LoadedGuest | null;
type Alone = LoadedGuest & { obstacle: Obstacle };

/** Streams for each edge node: the fog filters its readings; the cloud those, and what the fog makes of them. */
const STREAMS = { fog: 1, cloud: 2 };

/**
 * Why these guests cannot all run, when some cannot share the common memory; null when they can.
 * @param edges the guest of each edge node; null where none runs
 */
export function crowdProblem(edges: readonly Runs[], fog: Runs, cloud: Runs): string | null {
  const loops = edges.filter((guest) => runsAlone(guest));
  const [first] = loops;
  if (first && loops.length > MAX_LOOP_THREADS) {
    return `${first.name} uses ${describeObstacle(first.obstacle)}, so it cannot share a memory with others: at most ${MAX_LOOP_THREADS} edge nodes can run it; ${loops.length} were asked for.`;
  }
  const fogStreams = filtersAlone(fog) ? STREAMS.fog * edges.length : 0;
  const cloudStreams = filtersAlone(cloud) ? STREAMS.cloud * edges.length : 0;
  const memories = loops.length + fogStreams + cloudStreams;
  if (memories <= MAX_OWN_MEMORIES) return null;
  const { name, obstacle } = [fog, cloud].find(filtersAlone) as Alone;
  return (
    `${name} uses ${describeObstacle(obstacle)}, so it cannot share a memory with others, and a tab has room for ${MAX_OWN_MEMORIES}: ` +
    `${memories} were asked for, ${loops.length} by edge nodes, ${fogStreams} by the streams of the fog, ${cloudStreams} by those of the cloud. Run fewer nodes.`
  );
}

function runsAlone(guest: Runs): guest is Alone {
  return guest !== null && !guest.metered;
}

/** Without these functions the C guest takes its place. */
function filtersAlone(guest: Runs): guest is Alone {
  return runsAlone(guest) && guest.checked.filterValue && guest.checked.detectAnomaly;
}

/** Guests of which only some can run side by side give way: first that of all nodes, then those of single ones. */
export function replaceCrowd(usable: Scenario, guests: ReadonlyMap<GuestId, LoadedGuest>, problems: string[]): void {
  const metered = (id: GuestId): boolean => guests.get(id)?.metered ?? true;
  const problem = (): string | null => {
    const of = (node: string) => guests.get(usable.guests[node] ?? usable.guest) ?? null;
    const edges = Array.from({ length: usable.nodes }, (_, index) => of(`esp32-${index + 1}`));
    return crowdProblem(edges, of('fog'), of('cloud'));
  };
  const ofAll = problem();
  if (ofAll !== null && !metered(usable.guest)) {
    problems.push(`${ofAll} The C guest runs instead.`);
    usable.guest = defaultScenario.guest;
  }
  const ofSome = problem();
  if (ofSome !== null) {
    problems.push(`${ofSome} The nodes that were given it run what all run.`);
    usable.guests = Object.fromEntries(Object.entries(usable.guests).filter(([, id]) => metered(id)));
  }
}
