/** Messages from the broker that were not taken, counted by reason, the last ones kept to be looked at. */
import type { BridgeSnapshot, RejectedMessage } from './bridge-snapshot.ts';

const RECENT = 50;
const REASONS_SHOWN = 20;
/** Reasons quote what was wrong, so hostile messages make up ever new ones. */
const REASONS_KEPT = 200;
const TOPIC_CHARACTERS = 120;
const EXCERPT_CHARACTERS = 80;
const OTHERS = 'Other reasons';

export class Rejections {
  #total = 0;
  readonly #byReason = new Map<string, number>();
  #recent: RejectedMessage[] = [];

  /** @param atMs since 1970 */
  add(atMs: number, topic: string, reason: string, payload: string | Uint8Array | null): void {
    this.#total += 1;
    const known = this.#byReason.has(reason) || this.#byReason.size < REASONS_KEPT;
    const counted = known ? reason : OTHERS;
    this.#byReason.set(counted, (this.#byReason.get(counted) ?? 0) + 1);
    this.#recent.push({ atMs, topic: topic.slice(0, TOPIC_CHARACTERS), reason, excerpt: excerptOf(payload) });
    if (this.#recent.length >= 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
  }

  snapshot(): BridgeSnapshot['rejected'] {
    const byReason = Array.from(this.#byReason, ([reason, count]) => ({ reason, count }));
    byReason.sort((a, b) => b.count - a.count);
    return {
      total: this.#total,
      byReason: byReason.slice(0, REASONS_SHOWN),
      recent: this.#recent.slice(-RECENT).reverse(),
    };
  }
}

function excerptOf(payload: string | Uint8Array | null): string {
  if (typeof payload !== 'string') return '';
  // What cannot be printed would hide what follows it.
  // eslint-disable-next-line no-control-regex
  return payload.slice(0, EXCERPT_CHARACTERS).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}
