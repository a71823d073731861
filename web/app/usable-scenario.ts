/** What of a scenario can run here. */
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import { defaultScenario, type GuestId, type Scenario } from '../sim/scenario.ts';
import type { GuestLibrary } from './guest-library.ts';

/** The scenario with what cannot be had here replaced; `problems` is told what and why, a sentence each. */
export async function usableScenario(
  scenario: Scenario,
  library: GuestLibrary,
  maxLoops: number,
  weather: DailyWeather[],
  problems: string[],
): Promise<Scenario> {
  const missing = async (id: GuestId): Promise<boolean> => (await library.find(id)) === null;
  const usable = { ...scenario };
  if (await missing(usable.guest)) {
    problems.push(
      `The link asks for the module ${usable.guest.slice(0, 12)}…, which is not here: drop its file on the page. The C guest runs instead.`,
    );
    usable.guest = defaultScenario.guest;
  }
  const guests: Record<string, GuestId> = {};
  for (const [node, id] of Object.entries(scenario.guests)) {
    if (await missing(id)) {
      problems.push(
        `The link asks for the module ${id.slice(0, 12)}… on ${node}, which is not here: drop its file on that node.`,
      );
    } else guests[node] = id;
  }
  usable.guests = guests;
  if (!weather.some(({ date }) => date === usable.start)) {
    const [first, last] = [weather[0].date, weather[weather.length - 1].date];
    problems.push(`There is weather from ${first} to ${last}, not for ${usable.start}; it starts on ${defaultScenario.start}.`);
    usable.start = defaultScenario.start;
  }
  if (usable.nodes > maxLoops) {
    problems.push(
      `Without JSPI this browser runs at most ${maxLoops} guest loops; the fleet is cut from ${usable.nodes}. Chrome or Edge 137 and Firefox 153 run more.`,
    );
    usable.nodes = maxLoops;
  }
  return usable;
}
