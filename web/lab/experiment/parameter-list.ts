/** Every parameter of the models as a file tells it: with its value, its unit and its source. */
import { isParameterId, parameter, parameterGroups, type ParameterId, type ParameterOverrides } from '../../sim/parameters.ts';

export interface ListedParameter {
  id: string;
  value: number;
  unit: string;
  source: string;
  /** The experiment sets it, in place of the models' own value. */
  set?: true;
}

/** @param overrides on top of the catalogue; those of link choices are told apart, since they vary by cell */
export function listParameters(pinned: ParameterOverrides, overrides: ParameterOverrides): ListedParameter[] {
  return Object.values(parameterGroups).flatMap((group) =>
    (Object.keys(group) as ParameterId[]).map((id) => {
      const { value, unit, source } = parameter(id);
      const own = overrides[id];
      return { id, value: own ?? pinned[id] ?? value, unit, source, ...(own === undefined ? {} : { set: true as const }) };
    }),
  );
}

export interface ParameterDrift {
  /** What has to be set here so that the models compute as they did there. */
  pinned: ParameterOverrides;
  /** What cannot be set, a sentence each. */
  notes: string[];
}

/** @param set by the experiment or by the link of every cell, so that the models' own value is of no account */
export function driftOf(listed: readonly Pick<ListedParameter, 'id' | 'value'>[], set: ReadonlySet<string>): ParameterDrift {
  const pinned: ParameterOverrides = {};
  const notes: string[] = [];
  for (const { id, value } of listed) {
    if (set.has(id)) continue;
    if (!isParameterId(id)) notes.push(`The file has a parameter ${id} that the models here do not know, so results may differ.`);
    else if (parameter(id).value !== value) pinned[id] = value;
  }
  const ids = new Set(listed.map(({ id }) => id));
  const unknown = Object.values(parameterGroups).flatMap((group) => Object.keys(group)).filter((id) => !ids.has(id));
  if (unknown.length > 0) notes.push(`The models here have parameters that the file does not know (${unknown.join(', ')}), so results may differ.`);
  return { pinned, notes };
}
