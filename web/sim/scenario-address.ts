/** Reads a scenario out of a page's address. */
import { isParameterId, parameter, parameterProblem, type ParameterId } from './parameters.ts';
import { defaultScenario, isGuestId, MAX_NODES, MAX_OWN_MEMORY, type Scenario } from './scenario.ts';
import { isStrategy } from './strategy.ts';

/**
 * Reads what `encodeScenario` writes. What cannot be used is left at its default and named in `problems`,
 * a sentence each; keys that are not a scenario's (`speed`, say) are passed over.
 */
export function decodeScenario(text: string): { scenario: Scenario; problems: string[] } {
  const scenario: Scenario = { ...defaultScenario, guests: {}, parameters: {} };
  const problems: string[] = [];
  for (const [key, value] of new URLSearchParams(text)) {
    const problem = readerOf(key)?.(scenario, value);
    if (problem) problems.push(problem);
  }
  return { scenario, problems };
}

function readerOf(key: string): Reader | undefined {
  if (key.startsWith('p.')) return readParameter(key.slice(2));
  return Object.hasOwn(readers, key) ? readers[key] : undefined;
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
      return `"${value}" is no date; write it like 2013-08-10.`;
    }
    scenario.start = value;
    return null;
  },
  qos: (scenario, value) => {
    if (value !== '0' && value !== '1') return `QoS has to be 0 or 1; the link says "${value}".`;
    scenario.qos = value === '1' ? 1 : 0;
    return null;
  },
  ownMemory: (scenario, value) => {
    const nodes = wholeNumber(value, 0, MAX_OWN_MEMORY);
    if (nodes === null) return `At most ${MAX_OWN_MEMORY} nodes can have a memory of their own; the link says "${value}".`;
    scenario.ownMemory = nodes;
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
  const number = value.trim() === '' ? NaN : Number(value);
  const problem = parameterProblem(parameter(id), number);
  if (problem) return `The parameter ${id} ${problem}; the link says "${value}".`;
  scenario.parameters[id] = number;
  return null;
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const number = Number(text);
  return /^\d+$/.test(text) && number >= min && number <= max ? number : null;
}
