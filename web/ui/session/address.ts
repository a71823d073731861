/** The scenario in the page's address, with how fast it is shown. */
import { decodeScenario, encodeScenario, type Scenario } from '../../sim/scenario.ts';

export const DEFAULT_SPEED = 60;
/** Virtual seconds per second on offer; `Infinity` is as fast as it goes. */
export const speeds = [1, 10, 60, 300, 1000, Infinity] as const;

export interface Address {
  scenario: Scenario;
  speed: number;
  /** `jspi` or `workers`, to choose how loops are suspended; null leaves it to the browser. */
  loop: 'jspi' | 'workers' | null;
}

/** @param hash with or without its `#` */
export function readAddress(hash: string): Address & { problems: string[] } {
  const { scenario, problems, others } = decodeScenario(hash.replace(/^#/, ''));
  const loop = others.get('loop');
  return {
    scenario,
    speed: readSpeed(others.get('speed'), problems),
    loop: loop === 'jspi' || loop === 'workers' ? loop : null,
    problems,
  };
}

export function writeAddress({ scenario, speed, loop }: Address): string {
  const parts = [encodeScenario(scenario)];
  if (speed !== DEFAULT_SPEED) parts.push(`speed=${speed === Infinity ? 'max' : speed}`);
  if (loop) parts.push(`loop=${loop}`);
  return parts.filter((part) => part !== '').join('&');
}

function readSpeed(text: string | undefined, problems: string[]): number {
  if (text === undefined) return DEFAULT_SPEED;
  if (text === 'max') return Infinity;
  const speed = Number(text);
  if (speed > 0 && speed <= 1e6) return speed;
  problems.push(`The speed has to be a number above 0, or max; the link says "${text}".`);
  return DEFAULT_SPEED;
}
