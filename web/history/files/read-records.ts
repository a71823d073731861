/** Events and provenance as files have them, checked. */
import * as v from 'valibot';
import { checkNodeId } from '../../protocol/topics.ts';
import { eventKinds } from '../history-port.ts';
import { MOST_TIME_MS } from '../shape/samples.ts';
import { shown } from './file-words.ts';
import type { ImportSink } from './import-sink.ts';

const time = v.pipe(v.number(), v.minValue(-MOST_TIME_MS), v.maxValue(MOST_TIME_MS));
const node = v.pipe(v.string(), v.check((id) => checkNodeId(id) === null));
const text = v.nullable(v.string());
const event = v.object({ timeMs: time, node, kind: v.picklist(eventKinds), text: v.string() });
const provenance = v.object({
  sinceMs: time,
  node,
  tier: v.picklist(['edge', 'fog', 'cloud']),
  kind: v.picklist(['simulated', 'real']),
  owner: text,
  runtime: text,
  guestSha256: text,
});

export function readEvent(record: unknown, line: number, sink: ImportSink): void {
  const { success, output } = v.safeParse(event, record);
  if (success) sink.event(output);
  else sink.skip(line, `${shown(record)}... is no event.`);
}

export function readProvenance(record: unknown, line: number, sink: ImportSink): void {
  const { success, output } = v.safeParse(provenance, record);
  if (success) sink.provenance(output.sinceMs, output);
  else sink.skip(line, `${shown(record)}... does not say where samples come from.`);
}

/** `undefined` for text that is no JSON. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
