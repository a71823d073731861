/** What one board's benches say that running a guest costs: kept in the browser, and as a file. */
import * as v from 'valibot';
import { decimal, integer, orNull, text } from '../../protocol/json-payload.ts';
import { refused, type Parsed } from '../../protocol/parsed.ts';
import { isParameterId, type ParameterOverrides } from '../../sim/parameters.ts';
import { edgeRuntimes } from './edge-runtime.ts';

export const PROFILE_FORMAT = 'continuum-lab runtime profile 1';

const figure = () => orNull(decimal(0, Number.MAX_SAFE_INTEGER));

const profile = v.object({
  format: v.literal(PROFILE_FORMAT, `must be "${PROFILE_FORMAT}"`),
  id: text(128),
  /** Node id, or what whoever typed the figures called it. */
  board: text(128),
  /** `model`: the figures are the model's own, from a virtual or simulated board. */
  kind: v.picklist(['real', 'model', 'typed'], 'must be "real", "model" or "typed"'),
  firmware: orNull(text(128)),
  /** ISO 8601. */
  measuredAt: v.pipe(v.string('must be a date'), v.isoTimestamp('must be a date such as 2026-01-31T12:00:00.000Z')),
  runtime: v.picklist(edgeRuntimes, `must be one of ${edgeRuntimes.join(', ')}`),
  /** Whether the steps were run by the guest compiled into the firmware. */
  nativeSteps: v.boolean('must be true or false'),
  guest: v.object({ name: text(128), sha256: text(64) }),
  work: v.object({ processInstructions: figure(), stepInstructions: figure(), stepHostCalls: figure() }),
  benches: v.pipe(
    v.array(
      v.object({
        steps: orNull(integer(1, Number.MAX_SAFE_INTEGER)),
        usPerStep: figure(),
        instructionsPerStep: figure(),
        wasmCallUs: figure(),
        nativeCallUs: figure(),
        wasmHostCallUs: figure(),
        nativeHostCallUs: figure(),
      }),
    ),
    v.minLength(1, 'must hold at least one bench'),
    v.maxLength(1000, 'must hold at most 1000 benches'),
  ),
  parameters: v.record(v.string(), v.number('must be a number')),
});

/** The parameters follow from the benches; they are kept beside them, so that a file can be read without this page. */
export interface MeasuredProfile extends Omit<v.InferOutput<typeof profile>, 'parameters'> {
  parameters: ParameterOverrides;
}

export function encodeProfile(value: MeasuredProfile): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Reads a profile's file; says in a sentence why it is none. */
export function decodeProfile(file: string): Parsed<MeasuredProfile> {
  let json: unknown;
  try {
    json = JSON.parse(file);
  } catch {
    return refused('This file is not JSON: choose one that this page saved.');
  }
  const checked = v.safeParse(profile, json);
  if (!checked.success) {
    const [issue] = checked.issues;
    const at = issue.path?.map((step) => String(step.key)).join('.');
    return refused(at ? `This is no runtime profile: its "${at}" ${issue.type === 'object' ? 'is missing' : issue.message}.` : 'This is no runtime profile.');
  }
  const strange = Object.keys(checked.output.parameters).find((id) => !isParameterId(id));
  if (strange !== undefined) return refused(`This profile is of another version: the models have no parameter "${strange}".`);
  return { ok: true, value: { ...checked.output, parameters: checked.output.parameters as ParameterOverrides } };
}

/** Where the numbers come from, as the source of a parameter. */
export function sourceOf({ board, kind, firmware, measuredAt, benches, guest }: MeasuredProfile): string {
  const what = { real: 'Measured', model: "The model's own figures", typed: 'Figures typed in' }[kind];
  const by = firmware === null ? '' : `, firmware ${firmware}`;
  return `${what}: board ${board}${by}, ${benches.length === 1 ? 'one bench' : `${benches.length} benches`} of ${guest.name} (SHA-256 ${guest.sha256.slice(0, 12)}…) on ${measuredAt.slice(0, 10)}`;
}

