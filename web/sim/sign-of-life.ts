/** Whether a message shows that an edge node is there. */
import { parsePresence, parseTelemetry, type Parsed } from '../protocol/payloads.ts';
import type { TopicKind } from '../protocol/topics.ts';

/** Its presence or a reading do; anything else could be about nobody. Of fogs and clouds a page shows its own. */
export function signOfLife(kind: TopicKind | null, payload: string): Parsed<boolean> {
  if (kind === 'presence') {
    const presence = parsePresence(payload);
    return presence.ok ? { ok: true, value: presence.value.online && (presence.value.tier ?? 'edge') === 'edge' } : presence;
  }
  if (kind !== 'data') return { ok: true, value: false };
  const telemetry = parseTelemetry(payload);
  return telemetry.ok ? { ok: true, value: true } : telemetry;
}
