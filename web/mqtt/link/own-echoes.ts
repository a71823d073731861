/**
 * MQTT 3.1.1 has no "no local": what we publish comes back to us, without a word of who sent it. So what was sent
 * is remembered for a while by topic and payload, and as many like it are left out.
 */
import { hashOf } from './duplicates.ts';

const MOST = 20_000;
const KEPT_MS = 60_000;

const utf8 = new TextEncoder();

export class OwnEchoes {
  readonly #expected = new Map<string, { count: number; atMs: number }>();

  /** @param topic with its root */
  sent(topic: string, payload: string | Uint8Array, nowMs: number): void {
    const key = keyOf(topic, typeof payload === 'string' ? utf8.encode(payload) : payload);
    const count = (this.#expected.get(key)?.count ?? 0) + 1;
    // Deleted first, so that a `Map`'s order is the order of time.
    this.#expected.delete(key);
    this.#expected.set(key, { count, atMs: nowMs });
    if (this.#expected.size > MOST) this.#expected.delete(this.#expected.keys().next().value!);
  }

  /** Whether it is one of ours come back; each is recognised once. */
  isEcho(topic: string, payload: Uint8Array, nowMs: number): boolean {
    if (this.#expected.size === 0) return false;
    const key = keyOf(topic, payload);
    const entry = this.#expected.get(key);
    if (!entry) return false;
    entry.count -= 1;
    if (entry.count === 0 || nowMs - entry.atMs > KEPT_MS) this.#expected.delete(key);
    return nowMs - entry.atMs <= KEPT_MS;
  }
}

function keyOf(topic: string, payload: Uint8Array): string {
  return `${topic} ${payload.length} ${hashOf(payload)}`;
}
