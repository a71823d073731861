/** Who a node is and whether it is there; retained under `presence`, its last will says `"online":false`. */
import * as v from 'valibot';
import { sha256Hex } from './hex.ts';
import { flag, orNull, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';

/** All but `online` is null where the node did not say. */
export interface Presence {
  online: boolean;
  tier: 'edge' | 'fog' | 'cloud' | null;
  kind: 'simulated' | 'real' | null;
  /** What executes the guest, as people call it. */
  runtime: string | null;
  /** Version of what hosts the runtime. */
  firmware: string | null;
  guest: { name: string; sha256: string } | null;
  /** MQTT client id of the page that runs it, at most 64 characters; null or left out for boards, which run themselves. */
  owner?: string | null;
}

const presence = v.pipe(
  v.object({
    online: flag(),
    tier: orNull(v.picklist(['edge', 'fog', 'cloud'] as const, 'must be "edge", "fog" or "cloud"')),
    kind: orNull(v.picklist(['simulated', 'real'] as const, 'must be "simulated" or "real"')),
    runtime: orNull(text(64)),
    firmware: orNull(text(64)),
    guest: orNull(
      v.object(
        {
          name: text(64),
          sha256: sha256Hex(),
        },
        'must have a name and a SHA-256',
      ),
    ),
    owner: orNull(text(64)),
  }),
  v.transform((wire): Presence => wire),
);

export function parsePresence(payload: string | Uint8Array): Parsed<Presence> {
  return parseJson(payload, presence);
}

/** Leaves out an owner that is null. */
export function encodePresence(value: Presence): string {
  return JSON.stringify({ ...value, owner: value.owner ?? undefined });
}
