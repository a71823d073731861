import { parseConfigAck } from '../../protocol/config-ack.ts';

/** A node's acknowledgement as a sentence: read from its payload, or as it came where it is words already. */
export function answerWords(acknowledgement: string): { text: string; refused: boolean } {
  const parsed = parseConfigAck(acknowledgement);
  if (!parsed.ok) return { text: acknowledgement, refused: /refus|reject/i.test(acknowledgement) };
  const { accepted, inForce, reason } = parsed.value;
  const values = `dry ${inForce.dry}, wet ${inForce.wet}, threshold ${inForce.threshold}`;
  return accepted
    ? { text: `Accepted: ${values}.`, refused: false }
    : { text: `Refused: ${reason} In force stays ${values}.`, refused: true };
}
