/** An edge node's place in the page that somebody outside speaks for: shown as it is, with a twin beside it, or simulated instead. */
import type { MqttMessage } from '../protocol/message.ts';
import { telemetryIn } from '../protocol/message.ts';
import { parseGuestState, parseReply } from '../protocol/control-payloads.ts';
import {
  parseConfigAck,
  parseMetrics,
  parseNodeConfig,
  parsePresence,
  type NodeConfig,
  type Parsed,
} from '../protocol/payloads.ts';
import type { TopicKind } from '../protocol/topics.ts';
import type { BoardTwin } from './board-twin.ts';
import type { SlotMode } from './bridge-snapshot.ts';
import type { EdgeNode } from './edge-node.ts';
import { wholeHistory } from './kept-history.ts';
import type { Charted } from './observer.ts';
import { Peer } from './peer.ts';
import { Series } from './series.ts';
import { slotDetail } from './slot-detail.ts';
import type { NodeDetail } from './snapshot.ts';
import type { World } from './world.ts';

/** Longest text under `status` that is shown. */
const MAX_STATUS_CHARACTERS = 1024;

export class Slot implements Charted {
  readonly identity: { readonly index: number; readonly id: string; readonly tier: 'edge' };
  readonly peer: Peer;
  readonly series = new Series(wholeHistory.seriesRows);
  mode: SlotMode = 'real';
  /** The simulated node of this place, switched off while it is not wanted; null before it was. */
  edge: EdgeNode | null;
  twin: BoardTwin | null = null;
  readonly #nowUs: () => number;
  /** Told of each comparison: the twin's reading beside the board's. */
  onCompared: (raw: number, percent: number) => void = () => undefined;

  /** @param peer what is known of the node already; null for nothing */
  constructor(index: number, id: string, edge: EdgeNode | null, peer: Peer | null, nowUs: () => number) {
    this.identity = { index, id, tier: 'edge' };
    this.peer = peer ?? new Peer(id, nowUs());
    this.edge = edge;
    this.#nowUs = nowUs;
  }

  get threshold(): number {
    return this.peer.config.threshold;
  }

  /** As its readings say: a board's relay cannot be seen from here. */
  get pumpOn(): boolean {
    return this.peer.telemetry?.irrigate ?? false;
  }

  /** Who senses here now. */
  get kind(): 'simulated' | 'real' {
    return this.mode === 'simulated' ? 'simulated' : this.peer.kind;
  }

  /** Takes in what the node has published; the reason why it cannot be right, or null. */
  take(kind: TopicKind | null, message: MqttMessage): string | null {
    const problem = this.#read(kind, message);
    // What others tell the node, and what was retained, says nothing of whether it is there.
    if (problem === null) this.peer.heard(message, this.#nowUs(), kind !== 'config' && !message.retain);
    return problem;
  }

  #read(kind: TopicKind | null, message: MqttMessage): string | null {
    switch (kind) {
      case 'data': {
        const telemetry = telemetryIn(message);
        if (!telemetry.ok) return telemetry.reason;
        this.peer.tookReading(telemetry.value, this.#nowUs());
        const twin = this.twin?.compare(telemetry.value);
        if (twin) this.onCompared(twin.raw, twin.percent);
        return null;
      }
      case 'presence':
        return this.#taken(parsePresence(message.payload), (presence) => this.peer.tookPresence(presence));
      case 'metrics':
        return this.#taken(parseMetrics(message.payload), (metrics) => this.peer.tookMetrics(metrics));
      case 'config':
        return this.#taken(parseNodeConfig(message.payload), (config) => this.tell(config));
      case 'config/ack':
        return this.#taken(parseConfigAck(message.payload), ({ inForce }) => {
          this.peer.acknowledged(inForce);
          this.twin?.configure(inForce);
        });
      case 'guest/state':
        return this.#taken(parseGuestState(message.payload), () => this.peer.answered());
      case 'reply':
        return this.#taken(parseReply(message.payload), () => this.peer.answered());
      case 'status':
        if (message.payload.length > MAX_STATUS_CHARACTERS) return `The text has more than ${MAX_STATUS_CHARACTERS} characters.`;
        this.peer.journal.say(this.#nowUs(), 'out', message.payload);
        return null;
      default:
        return null;
    }
  }

  detail(world: World): NodeDetail {
    return slotDetail(world, this);
  }

  /** Makes the twin's soil as wet as the board's last reading says. */
  align(): void {
    const raw = this.peer.telemetry?.raw ?? -1;
    if (raw >= 0) this.twin?.align(raw);
  }

  /** Somebody has configured the node. */
  tell(config: NodeConfig): void {
    this.peer.wasTold(config);
    this.twin?.configure(config);
  }

  #taken<T>(parsed: Parsed<T>, take: (value: T) => void): string | null {
    if (!parsed.ok) return parsed.reason;
    take(parsed.value);
    return null;
  }
}
