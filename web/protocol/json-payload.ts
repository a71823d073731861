/**
 * Reading of JSON payloads that anyone may have written. Nothing here throws: not on wrong UTF-8,
 * bottomless nesting or numbers beyond a double; such a payload is refused with a sentence.
 */
import * as v from 'valibot';
import { type Parsed, refused } from './parsed.ts';
import { utf8Bytes } from './utf8.ts';

/** Over this a payload is refused unread. The longest that a node of ours writes is under 400 bytes. */
export const MAX_JSON_BYTES = 8192;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** An object from a payload, checked against `schema`; fields that the schema does not name are ignored. */
export function parseJson<Schema extends v.GenericSchema>(
  input: string | Uint8Array,
  schema: Schema,
): Parsed<v.InferOutput<Schema>> {
  const sizeBytes = typeof input === 'string' ? utf8Bytes(input) : input.byteLength;
  if (sizeBytes > MAX_JSON_BYTES) {
    return refused(`The payload has ${sizeBytes} bytes; at most ${MAX_JSON_BYTES} are read.`);
  }
  let text: string;
  try {
    text = typeof input === 'string' ? input : decoder.decode(input);
  } catch {
    return refused('The payload is not valid UTF-8 text.');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(`The payload is not JSON: ${excerpt(text)}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refused(`The payload must be a JSON object, such as {"raw":1830}, but is ${excerpt(text)}`);
  }
  const result = v.safeParse(schema, json, { abortEarly: true, abortPipeEarly: true });
  return result.success ? { ok: true, value: result.output } : refused(sentence(result.issues[0]));
}

function sentence(issue: v.BaseIssue<unknown>): string {
  const field = issue.path?.map((step) => String(step.key)).join('.');
  if (field === undefined) return issue.message;
  if (issue.type === 'object' || issue.type === 'strict_object') return `The field "${field}" is missing.`;
  return `The field "${field}" ${issue.message}, not ${excerpt(JSON.stringify(issue.input))}`;
}

function excerpt(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : `${text}.`;
  return text === '' ? 'it is empty.' : short;
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** A number from `min` to `max`; JSON's overflow to infinity is thereby refused. */
export function decimal(min: number, max: number) {
  const message = `must be a number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
}

/** Text of at most `maxLength` UTF-16 units. */
export function text(maxLength: number) {
  const message = `must be text of at most ${maxLength} characters`;
  return v.pipe(v.string(message), v.maxLength(maxLength, message));
}

/** 0 or 1, as the C guests print it, or a JSON boolean. */
export function flag() {
  return v.pipe(
    v.union([v.picklist([0, 1]), v.boolean()], 'must be 0 or 1'),
    v.transform((value) => value === 1 || value === true),
  );
}

/** Absent and null are the same: not known. */
export function orNull<Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullish(schema, null);
}
