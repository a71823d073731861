/** Every number the models use, with its unit and source, and the user's overrides of them. */
import cost from './params/cost.json' with { type: 'json' };
import energy from './params/energy.json' with { type: 'json' };
import link from './params/link.json' with { type: 'json' };
import node from './params/node.json' with { type: 'json' };
import probe from './params/probe.json' with { type: 'json' };
import reference from './params/reference.json' with { type: 'json' };
import soil from './params/soil.json' with { type: 'json' };

export interface Parameter {
  label: string;
  value: number;
  unit: string;
  /** Counted or chosen, not measured. */
  whole?: boolean;
  min: number;
  max: number;
  /** A paper, datasheet table or specification section; or why the number was chosen. */
  source: string;
}

export const parameterGroups = {
  'Runtime cost': cost,
  'Edge energy': energy,
  Links: link,
  Nodes: node,
  'Instruction counts': reference,
  'Soil probe': probe,
  'Soil and crop': soil,
} as const satisfies Record<string, Record<string, Parameter>>;

const catalogue = { ...cost, ...energy, ...link, ...node, ...probe, ...reference, ...soil };
export type ParameterId = keyof typeof catalogue;
export type ParameterOverrides = Partial<Record<ParameterId, number>>;

export function isParameterId(id: string): id is ParameterId {
  return Object.hasOwn(catalogue, id);
}

export function parameter(id: ParameterId): Parameter {
  return catalogue[id];
}

/** Why a value does not fit a parameter, as the end of a sentence; null when it does. */
export function parameterProblem({ min, max, unit, whole = false }: Parameter, value: number): string | null {
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return null;
  return `has to be a ${whole ? 'whole ' : ''}number from ${min} to ${max}${unit && unit !== 'choice' ? ` ${unit}` : ''}`;
}

/** The catalogue's values with a scenario's overrides on top; overrides outside a parameter's range are clamped to it. */
export class Parameters {
  readonly #values = new Map<ParameterId, number>();

  constructor(overrides: ParameterOverrides = {}) {
    for (const [id, value] of Object.entries(overrides) as [ParameterId, number][]) {
      const { min, max } = parameter(id);
      this.#values.set(id, Math.min(max, Math.max(min, value)));
    }
  }

  get(id: ParameterId): number {
    return this.#values.get(id) ?? catalogue[id].value;
  }

  /** A duration in whole microseconds, as the kernel counts. */
  us(id: ParameterId, usPerUnit: number): number {
    return Math.round(this.get(id) * usPerUnit);
  }
}
