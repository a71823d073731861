/** An acknowledgement in words. */
export function ackText(ack: { accepted: boolean; reason: string | null }): string {
  return ack.accepted ? 'Accepted and in force.' : `Refused: ${ack.reason ?? 'no reason given'}`;
}
