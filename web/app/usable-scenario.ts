/** What of a scenario can run here. */
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import { Parameters } from '../sim/parameters.ts';
import { defaultScenario, type GuestId, type Scenario } from '../sim/scenario.ts';
import type { Tier } from '../sim/snapshot.ts';
import { guestProblem } from './guest-fit.ts';
import type { GuestLibrary } from './guest-library.ts';

/** The scenario with what cannot be had here replaced; `problems` is told what and why, a sentence each. */
export async function usableScenario(
  scenario: Scenario,
  library: GuestLibrary,
  maxLoops: number,
  weather: DailyWeather[],
  problems: string[],
): Promise<Scenario> {
  const usable = { ...scenario };
  const edgePages = new Parameters(scenario.parameters).get('node.edge.memoryCeilingPages');
  const runs = async (id: GuestId, tier: Tier, where: string): Promise<boolean> => {
    const guest = await library.find(id);
    const problem = guest
      ? guestProblem(guest, tier, edgePages)
      : `The module ${id.slice(0, 12)}… is not here: drop its file on the page.`;
    if (problem) problems.push(`${problem} ${where}`);
    return problem === null;
  };
  if (!(await runs(usable.guest, 'edge', 'The C guest runs instead.'))) usable.guest = defaultScenario.guest;
  usable.guests = {};
  for (const [node, id] of Object.entries(scenario.guests)) {
    const tier = tierOf(node, scenario.nodes);
    if (!tier) problems.push(`There is no node ${node} among ${scenario.nodes} edge nodes, so its guest is left out.`);
    else if (await runs(id, tier, `${node} runs what all run.`)) usable.guests[node] = id;
  }
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
  if ([...library.guests.values()].some(({ metered }) => !metered)) {
    const { replaceCrowd } = await import('./guest-crowd.ts');
    replaceCrowd(usable, library.guests, problems);
  }
  return usable;
}

function tierOf(node: string, edgeNodes: number): Tier | null {
  if (node === 'fog' || node === 'cloud') return node;
  const number = /^esp32-([1-9]\d*)$/.exec(node)?.[1];
  return number && Number(number) <= edgeNodes ? 'edge' : null;
}
