/** What the page's address says beside the scenario: how fast it is shown, and by which loop engine. */
import { encodeScenario, type Scenario } from '../../sim/scenario.ts';

export const DEFAULT_SPEED = 60;
/** Virtual seconds per second on offer; `Infinity` is as fast as it goes. */
export const speeds = [1, 10, 60, 300, 1000, Infinity] as const;

export interface View {
  speed: number;
  /** `jspi` or `workers`, to choose how loops are suspended; null leaves it to the browser. */
  loop: 'jspi' | 'workers' | null;
}

/** @param address without its `#`; what cannot be used is named in `problems`, a sentence each */
export function readView(address: string): View & { problems: string[] } {
  const query = new URLSearchParams(address);
  const loop = query.get('loop');
  const speed = readSpeed(query.get('speed'));
  const known = loop === 'jspi' || loop === 'workers';
  const problems: string[] = [];
  if (speed === null) problems.push(`The speed has to be a number above 0, or max; the link says "${query.get('speed')}".`);
  if (loop !== null && !known) problems.push(`The loop engine has to be jspi or workers; the link says "${loop}".`);
  return { speed: speed ?? DEFAULT_SPEED, loop: known ? loop : null, problems };
}

export function writeAddress(scenario: Scenario, { speed, loop }: View): string {
  const parts = [encodeScenario(scenario)];
  if (speed !== DEFAULT_SPEED) parts.push(`speed=${speed === Infinity ? 'max' : speed}`);
  if (loop) parts.push(`loop=${loop}`);
  return parts.filter((part) => part !== '').join('&');
}

/** Null for what is no speed. */
function readSpeed(text: string | null): number | null {
  if (text === null) return DEFAULT_SPEED;
  if (text === 'max') return Infinity;
  const speed = Number(text);
  return speed > 0 && speed <= 1e6 ? speed : null;
}
