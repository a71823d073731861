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
  /** Where the last round of pings ended. */
  #next = -1;

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
    const due = Array.from(slots).filter(({ peer }) => !peer.plain && !peer.gone(nowUs));
    for (let count = 0; count < Math.min(PINGS_A_ROUND, due.length); count += 1) {
      this.#next = (this.#next + 1) % due.length;
      this.command(due[this.#next], 'ping');
    }
  }

  /** An answer has come, perhaps to somebody else's request. */
  hear(slot: Slot, { correlationData, receivedUs }: Incoming, payload: string): void {
    const reply = parseReply(payload);
    if (!reply.ok) return;
    const correlation = correlationData ?? reply.value.id ?? '';
    const ping = this.#waiting.get(correlation);
    if (ping?.slot !== slot) return;
    this.#waiting.delete(correlation);
    if (reply.value.timeUs !== null) ping.slot.peer.clock.add(ping.sentUs, reply.value.timeUs, receivedUs);
  }
}
