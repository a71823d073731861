/** The edge nodes of others that this page shows, and what each one's place is used for. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { BoardTwin } from './board-twin.ts';
import type { SlotMode } from './bridge-snapshot.ts';
import type { BrokerPort } from './broker-port.ts';
import type { EdgeNode } from './edge-node.ts';
import { EventLog } from './event-log.ts';
import { newColumns } from './fleet-columns.ts';
import { wholeHistory } from './kept-history.ts';
import type { NodeContext, NodeIdentity } from './node-context.ts';
import type { Observer } from './observer.ts';
import type { Peer } from './peer.ts';
import { resize } from './resize-columns.ts';
import { Slot } from './slot.ts';
import { NOT_JOINED } from './slot-modes.ts';
import { nodeStates } from './snapshot.ts';
import type { Source } from './tap.ts';

const TWIN_LOG_EVENTS = 64;

/** What slots need of the world around them. */
export interface SlotsHost {
  readonly context: NodeContext;
  readonly observer: Observer;
  /** The simulated edge node of this id, if the scenario has one. */
  localEdge(id: string): EdgeNode | null;
  /** Gives a newly found node the next index. */
  append(slot: Slot): void;
  nextIndex(): number;
  newEdge(context: NodeContext, identity: NodeIdentity, siteIndex: number): EdgeNode;
  newBroker(): BrokerPort;
  /** The loaded guest of this digest, or null. */
  guestBySha256(sha256: string): LoadedGuest | null;
  nativeEdge(): boolean;
  /** The column that completes a row under the strategy in force. */
  lastComputed(): 'cloudEma' | 'fogEma' | 'raw';
  /** Whether a broker has been joined. */
  joined(): boolean;
  /** This page speaks for the node from now on, if nobody else does. */
  claim(slot: Slot): boolean;
  release(id: string): void;
}

export class Slots {
  readonly #host: SlotsHost;
  readonly #byId = new Map<string, Slot>();
  readonly #byIndex = new Map<number, Slot>();
  /** What history was told of who stands behind an index. */
  readonly #told = new Map<number, string>();
  /** Changes whenever a slot is added or is used otherwise. */
  roster = 0;

  constructor(host: SlotsHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Slot | null {
    return this.#byId.get(id) ?? null;
  }

  at(index: number): Slot | null {
    return this.#byIndex.get(index) ?? null;
  }

  all(): Iterable<Slot> {
    return this.#byId.values();
  }

  /**
   * The place of this node, made if there is none: shown as real, its simulated node leaves.
   * @param peer what is known of it already
   */
  open(id: string, peer: Peer | null = null): Slot {
    const known = this.#byId.get(id);
    if (known) return known;
    const { host, slot } = this.#make(id, peer);
    slot.edge?.withdraw('Shown as it speaks on the broker, and not simulated here.');
    host.observer.show(slot.identity.index, id, slot);
    return slot;
  }

  /** Why the place cannot be used so, as a sentence, or null. */
  setMode(id: string, mode: SlotMode): string | null {
    if (mode === 'simulated' && !this.#byId.has(id)) return null;
    if (mode !== 'simulated' && !this.#host.joined()) {
      return NOT_JOINED;
    }
    if (this.#byId.get(id)?.mode === mode) return null;
    this.#host.release(id);
    const slot = this.open(id);
    if (slot.mode === mode) {
      this.sourceChanged(slot);
      return null;
    }
    slot.twin?.stop();
    slot.twin = null;
    slot.mode = mode;
    this.roster += 1;
    if (mode === 'simulated') this.#simulate(slot);
    else {
      slot.edge?.withdraw('Shown as it speaks on the broker, and not simulated here.');
      this.#host.observer.show(slot.identity.index, id, slot);
      if (mode === 'twin') slot.twin = this.#newTwin(slot);
    }
    this.#host.observer.tap?.event(slot.identity.index, 'mode', `Shown as ${mode} from now on.`);
    this.sourceChanged(slot);
    return null;
  }

  /** Tells history who stands behind the slot's readings. */
  sourceChanged({ identity, mode, peer }: Slot): void {
    const { presence } = peer;
    const source: Source = {
      id: identity.id,
      mode,
      kind: mode === 'simulated' ? 'simulated' : peer.kind,
      owner: peer.owner,
      runtime: presence?.runtime ?? null,
      guestSha256: presence?.guest?.sha256 ?? null,
    };
    const key = JSON.stringify(source);
    if (this.#told.get(identity.index) === key) return;
    this.#told.set(identity.index, key);
    this.#host.observer.tap?.source(identity.index, source);
  }

  /** Nobody outside is heard any more: nodes of this page are simulated again, those of others are gone. */
  forget(): void {
    for (const slot of this.#byId.values()) {
      slot.twin?.stop();
      const local = this.#host.localEdge(slot.identity.id);
      if (local) {
        this.#host.observer.show(slot.identity.index, slot.identity.id, local);
        local.powerOn();
      } else slot.edge?.runner?.stop();
    }
    this.#byId.clear();
    this.#byIndex.clear();
    this.roster += 1;
  }

  /** Brings what the page draws of these nodes up to date. */
  refresh(): void {
    const { columns, kernel } = this.#host.context;
    for (const { identity, mode, peer } of this.#byId.values()) {
      if (mode === 'simulated') continue;
      columns.state[identity.index] = nodeStates.indexOf(peer.state(kernel.nowUs));
      columns.outputs[identity.index] = peer.telemetry?.irrigate ? 8 : 0;
    }
  }

  stop(): void {
    for (const { twin, edge } of this.#byId.values()) {
      twin?.stop();
      edge?.runner?.stop();
    }
  }

  #make(id: string, peer: Peer | null): { host: SlotsHost; slot: Slot } {
    const host = this.#host;
    const { kernel, columns } = host.context;
    const local = host.localEdge(id);
    const index = local?.identity.index ?? host.nextIndex();
    const slot = new Slot(index, id, local, peer, () => kernel.nowUs);
    if (!local) {
      resize(columns, index + 1);
      host.append(slot);
    }
    slot.onCompared = (raw, percent) => host.observer.tap?.twin(index, kernel.nowUs, raw, percent);
    this.#byId.set(id, slot);
    this.#byIndex.set(index, slot);
    slot.series.expect(host.lastComputed());
    this.roster += 1;
    return { host, slot };
  }

  #simulate(slot: Slot): void {
    const { identity } = slot;
    slot.edge ??= this.#host.newEdge(this.#host.context, identity, identity.index);
    this.#host.claim(slot);
    this.#host.observer.show(identity.index, identity.id, slot.edge);
    slot.edge.powerOn();
  }

  /** In a world of its own as far as others hear and see it: broker, columns and log. */
  #newTwin(slot: Slot): BoardTwin {
    const { context, newBroker } = this.#host;
    const own: NodeContext = {
      ...context,
      broker: newBroker(),
      columns: newColumns(1),
      log: new EventLog(TWIN_LOG_EVENTS),
      kept: wholeHistory,
      totals: { lost: 0, wakeups: 0 },
      meter: null,
      onTransfer: () => undefined,
      onGuestReplaced: () => undefined,
      notify: (severity, _, text) => context.notify(severity, slot.identity.index, `Twin of ${text}`),
    };
    const node = this.#host.newEdge(own, { ...slot.identity, index: 0 }, slot.identity.index);
    const guest = this.#host.guestBySha256(slot.peer.presence?.guest?.sha256 ?? '');
    if (guest) node.run(guest, this.#host.nativeEdge());
    return new BoardTwin(node, own, slot.peer.config);
  }
}
