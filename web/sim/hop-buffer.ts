/** Hops since the last frame, as many as a page can draw. */
import type { MqttMessage } from '../protocol/message.ts';
import type { Direction } from './connection.ts';
import { BROKER, hopKinds, type HopColumns } from './snapshot.ts';

const MOST = 256;

const kindOfTopic = new Map<string, number>([
  ['data', hopKinds.indexOf('data')],
  ['processed', hopKinds.indexOf('processed')],
  ['analytics', hopKinds.indexOf('analytics')],
  ['config', hopKinds.indexOf('config')],
  ['ack', hopKinds.indexOf('config')],
]);
const OTHER = hopKinds.indexOf('other');
const LOST = hopKinds.indexOf('lost');

export class HopBuffer {
  readonly #from = new Int32Array(MOST);
  readonly #to = new Int32Array(MOST);
  readonly #kind = new Uint8Array(MOST);
  #count = 0;

  add(index: number, direction: Direction, message: MqttMessage, lost: boolean): void {
    const at = this.#count++;
    if (at >= MOST) return;
    this.#from[at] = direction === 'up' ? index : BROKER;
    this.#to[at] = direction === 'up' ? BROKER : index;
    const kind = message.topic.slice(message.topic.lastIndexOf('/') + 1);
    this.#kind[at] = lost ? LOST : (kindOfTopic.get(kind) ?? OTHER);
  }

  /** What came since the last call. */
  take(): HopColumns {
    const count = Math.min(this.#count, MOST);
    const hops = {
      from: this.#from.slice(0, count),
      to: this.#to.slice(0, count),
      kind: this.#kind.slice(0, count),
      omitted: this.#count - count,
    };
    this.#count = 0;
    return hops;
  }
}
