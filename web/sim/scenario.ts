/** All that a run depends on. It lives in the page's address, so that a link reproduces the run. */
import type { ParameterOverrides } from './parameters.ts';
import type { Strategy } from './snapshot.ts';

/** A built-in guest by its language, or any module by its SHA-256. */
export type GuestId = string;

export interface Scenario {
  /** Edge nodes. */
  nodes: number;
  guest: GuestId;
  /** Nodes that run another guest, by node id. */
  guests: Record<string, GuestId>;
  strategy: Strategy;
  seed: number;
  /** First day of the weather, ISO. */
  start: string;
  /** Of telemetry. */
  qos: 0 | 1;
  parameters: ParameterOverrides;
  /** The first so many edge nodes run their guests each in a memory of its own: to show that the shared one changes nothing. It holds for the guests of the scenario, not for those brought in later. */
  ownMemory: number;
}

export const MAX_NODES = 20_000;

/** Day and seed are chosen for their first hour: some sites start dry and are watered, and then it rains. */
export const defaultScenario: Scenario = {
  nodes: 12,
  guest: 'c',
  guests: {},
  strategy: 'C',
  seed: 192,
  start: '2013-08-10',
  qos: 1,
  parameters: {},
  ownMemory: 0,
};

/** A process gets about 125 memories, and the page needs some for itself. */
export const MAX_OWN_MEMORY = 100;

const builtIn = ['c', 'rust'];
const sha256Pattern = /^[0-9a-f]{64}$/;

export function isGuestId(text: string): boolean {
  return builtIn.includes(text) || sha256Pattern.test(text);
}

/** Address form: `nodes=12&guest=c&...`; what equals the default is left out. */
export function encodeScenario(scenario: Scenario): string {
  const query = new URLSearchParams();
  for (const key of ['nodes', 'guest', 'strategy', 'seed', 'start', 'qos', 'ownMemory'] as const) {
    if (scenario[key] !== defaultScenario[key]) query.set(key, String(scenario[key]));
  }
  const guests = Object.entries(scenario.guests).map(([id, guest]) => `${id}:${guest}`);
  if (guests.length > 0) query.set('guests', guests.join(','));
  for (const [id, value] of Object.entries(scenario.parameters).sort()) query.set(`p.${id}`, String(value));
  return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
}
