/** What the broker delivers, on its way to the simulation: what came before, and what is our own, is left out. */
import type { IPublishPacket } from 'mqtt';
import type { Delivery } from './delivery.ts';
import { Duplicates } from './duplicates.ts';
import type { HeldNodes } from './held-nodes.ts';
import { readIncoming } from './intake.ts';
import type { OwnEchoes } from './own-echoes.ts';
import { ECHO_MARK } from './test-profile.ts';

export class Inbox {
  readonly #delivery: Delivery;
  readonly #held: HeldNodes;
  readonly #echoes: OwnEchoes;
  readonly #duplicates = new Duplicates();
  #rootLength = 0;
  /** A resumed session delivers before the simulation has been told that the broker is joined. */
  #early: [IPublishPacket, number][] | null = null;
  #received = 0;
  #repeated = 0;

  constructor(delivery: Delivery, held: HeldNodes, echoes: OwnEchoes) {
    this.#delivery = delivery;
    this.#held = held;
    this.#echoes = echoes;
  }

  get received(): number {
    return this.#received;
  }

  /** Deliveries that had come before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** What comes from now on waits for `open`. */
  close(): void {
    this.#early = [];
  }

  open(root: string): void {
    this.#rootLength = root.length + 1;
    const early = this.#early ?? [];
    this.#early = null;
    for (const [packet, arrivedMs] of early) this.take(packet, arrivedMs);
  }

  take(packet: IPublishPacket, arrivedMs: number): void {
    if (this.#early) {
      this.#early.push([packet, arrivedMs]);
      return;
    }
    // `ROOT/#` covers the root itself, where no node speaks.
    if (packet.topic.length <= this.#rootLength) return;
    if (this.#duplicates.seen(packet)) {
      this.#repeated += 1;
      return;
    }
    if (this.#echoes.isEcho(packet.topic, packet.payload as Uint8Array, arrivedMs)) return;
    const incoming = readIncoming(packet, this.#rootLength, Math.round(arrivedMs * 1000));
    if (this.#held.isOwnPresence(incoming.topic, incoming.payload)) return;
    if (typeof incoming.payload === 'string' && incoming.payload.startsWith(ECHO_MARK)) return;
    this.#received += 1;
    this.#delivery.add(incoming);
  }
}
