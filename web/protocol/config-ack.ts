/** A node's answer under `config/ack`: what is in force now, and why a configuration was refused. */
import * as v from 'valibot';
import { flag, parseJson, text } from './json-payload.ts';
import { checkNodeConfig, type NodeConfig, nodeConfigSchema, nodeConfigWire } from './node-config.ts';
import { type Parsed, refused } from './parsed.ts';

export interface ConfigAck {
  accepted: boolean;
  /** In force after the answer; after a refusal that is the old one. */
  inForce: NodeConfig;
  /** Why it was refused; null when accepted. */
  reason: string | null;
}

const verdict = v.object({ ok: flag(), reason: v.nullish(text(200), null) });

export function parseConfigAck(payload: string | Uint8Array): Parsed<ConfigAck> {
  const answer = parseJson(payload, verdict);
  if (!answer.ok) return answer;
  const inForce = parseJson(payload, nodeConfigSchema);
  if (!inForce.ok) return inForce;
  const broken = checkNodeConfig(inForce.value);
  if (broken !== null) return refused(broken);
  const { ok, reason } = answer.value;
  const why = ok ? null : (reason ?? 'No reason given.');
  return { ok: true, value: { accepted: ok, inForce: inForce.value, reason: why } };
}

/** The reason is cut to 200 characters, which is what a parser takes. */
export function encodeConfigAck(ack: ConfigAck): string {
  return JSON.stringify({
    ok: ack.accepted ? 1 : 0,
    ...nodeConfigWire(ack.inForce),
    reason: ack.reason?.slice(0, 200),
  });
}
