/** All that a run depends on. It lives in the page's address, so that a link reproduces the run. */
import { isParameterId, parameter, type ParameterId, type ParameterOverrides } from './parameters.ts';
import type { Strategy } from './snapshot.ts';
import { isStrategy } from './strategy.ts';

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
}

export const MAX_NODES = 500;

export const defaultScenario: Scenario = {
  nodes: 12,
  guest: 'c',
  guests: {},
  strategy: 'C',
  seed: 1,
  start: '2014-07-21',
  qos: 1,
  parameters: {},
};

const builtIn = ['c', 'rust'];
const sha256Pattern = /^[0-9a-f]{64}$/;

export function isGuestId(text: string): boolean {
  return builtIn.includes(text) || sha256Pattern.test(text);
}

/** Address form: `nodes=12&guest=c&...`; what equals the default is left out. */
export function encodeScenario(scenario: Scenario): string {
  const query = new URLSearchParams();
  for (const key of ['nodes', 'guest', 'strategy', 'seed', 'start', 'qos'] as const) {
    if (scenario[key] !== defaultScenario[key]) query.set(key, String(scenario[key]));
  }
  const guests = Object.entries(scenario.guests).map(([id, guest]) => `${id}:${guest}`);
  if (guests.length > 0) query.set('guests', guests.join(','));
  for (const [id, value] of Object.entries(scenario.parameters).sort()) query.set(`p.${id}`, String(value));
  return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/**
 * Reads an address. What cannot be used is left at its default and named in `problems`, a sentence each;
 * keys that are not a scenario's (`speed`, say) are returned in `others`.
 */
export function decodeScenario(text: string): {
  scenario: Scenario;
  problems: string[];
  others: Map<string, string>;
} {
  const scenario: Scenario = { ...defaultScenario, guests: {}, parameters: {} };
  const problems: string[] = [];
  const others = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) {
    const reader = key.startsWith('p.') ? readParameter(key.slice(2)) : readers[key];
    if (!reader) others.set(key, value);
    else {
      const problem = reader(scenario, value);
      if (problem) problems.push(problem);
    }
  }
  return { scenario, problems, others };
}

/** Puts the value into the scenario, or returns why it does not fit. */
type Reader = (scenario: Scenario, value: string) => string | null;

const readers: Record<string, Reader> = {
  nodes: (scenario, value) => {
    const nodes = wholeNumber(value, 1, MAX_NODES);
    if (nodes === null) return `The number of nodes has to be 1 to ${MAX_NODES}; the link says "${value}".`;
    scenario.nodes = nodes;
    return null;
  },
  guest: (scenario, value) => {
    if (!isGuestId(value)) return `"${value}" is no guest: it has to be c, rust or a module's SHA-256.`;
    scenario.guest = value;
    return null;
  },
  guests: (scenario, value) => {
    for (const part of value.split(',')) {
      const [id, guest = ''] = part.split(':');
      if (id === '' || !isGuestId(guest)) return `"${part}" names no node and guest, such as esp32-3:rust.`;
      scenario.guests[id] = guest;
    }
    return null;
  },
  strategy: (scenario, value) => {
    if (!isStrategy(value)) return `There is no strategy "${value}": it has to be A, B, C, D or E.`;
    scenario.strategy = value;
    return null;
  },
  seed: (scenario, value) => {
    const seed = wholeNumber(value, 0, 0xffff_ffff);
    if (seed === null) return `The seed has to be a whole number from 0 to 4294967295; the link says "${value}".`;
    scenario.seed = seed;
    return null;
  },
  start: (scenario, value) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value))) {
      return `"${value}" is no date; write it like 2014-07-21.`;
    }
    scenario.start = value;
    return null;
  },
  qos: (scenario, value) => {
    if (value !== '0' && value !== '1') return `QoS has to be 0 or 1; the link says "${value}".`;
    scenario.qos = value === '1' ? 1 : 0;
    return null;
  },
};

function readParameter(id: string): Reader {
  return (scenario, value) => {
    if (!isParameterId(id)) return `There is no parameter "${id}".`;
    return setParameter(scenario, id, value);
  };
}

function setParameter(scenario: Scenario, id: ParameterId, value: string): string | null {
  const { min, max, unit, label } = parameter(id);
  const number = Number(value);
  if (value.trim() === '' || !(number >= min && number <= max)) {
    return `${label} has to be ${min} to ${max} ${unit}; the link says "${value}".`;
  }
  scenario.parameters[id] = number;
  return null;
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const number = Number(text);
  return /^\d+$/.test(text) && number >= min && number <= max ? number : null;
}
