/** Requests to nodes of others; a ping's answer tells what their clocks are ahead by. */
import { encodeCommand, parseReply, type CommandName } from '../protocol/control-payloads.ts';
import type { BridgeOut } from './bridge-out.ts';
import type { Incoming } from './link-port.ts';
import type { Slot } from './slot.ts';

/** A node may never answer. */
const MOST_WAITING = 1000;
const COMMAND_EXPIRY_S = 30;
const PINGS_A_ROUND = 50;

export class BridgePings {
  readonly #out: BridgeOut;
  readonly #epochUs: () => number;
  readonly #waiting = new Map<string, { slot: Slot; sentUs: number }>();
  #count = 0;

  constructor(out: BridgeOut, epochUs: () => number) {
    this.#out = out;
    this.#epochUs = epochUs;
  }

  command(slot: Slot, cmd: CommandName): void {
    const { id } = slot.identity;
    const { clientId, root } = this.#out;
    this.#count += 1;
    const correlation = `${clientId}-${this.#count}`;
    if (cmd === 'ping') {
      if (this.#waiting.size >= MOST_WAITING) this.#waiting.clear();
      this.#waiting.set(correlation, { slot, sentUs: this.#epochUs() });
    }
    this.#out.push({
      topic: `${id}/cmd`,
      payload: encodeCommand({ cmd, id: correlation }),
      qos: 0,
      retain: false,
      userProperties: null,
      responseTopic: `${root}/${id}/reply`,
      correlationData: correlation,
      expiryS: COMMAND_EXPIRY_S,
    });
  }

  /** Pings nodes that may answer. */
  round(slots: Iterable<Slot>, nowUs: number): void {
    let left = PINGS_A_ROUND;
    for (const slot of slots) {
      if (left === 0) return;
      if (slot.peer.plain || slot.peer.gone(nowUs)) continue;
      this.command(slot, 'ping');
      left -= 1;
    }
  }

  /** An answer has come, perhaps to somebody else's request. */
  hear({ correlationData, receivedUs }: Incoming, payload: string): void {
    const reply = parseReply(payload);
    if (!reply.ok) return;
    const correlation = correlationData ?? reply.value.id ?? '';
    const ping = this.#waiting.get(correlation);
    this.#waiting.delete(correlation);
    if (ping && reply.value.timeUs !== null) ping.slot.peer.clock.add(ping.sentUs, reply.value.timeUs, receivedUs);
  }
}
