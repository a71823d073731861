/** Topics as a guest writes them, and where they lead. */
import { Route } from '../protocol/message.ts';
import { resolveGuestTopic, type ResolvedTopic } from '../protocol/topics.ts';

const MOST_TOPICS = 16;

export interface WrittenTopic {
  written: string;
  resolved: ResolvedTopic;
  /** Empty when it is refused. */
  topic: string;
  route: Route;
}

export class WrittenTopics {
  readonly #root: string;
  readonly #node: string;
  readonly #known: WrittenTopic[] = [];

  constructor(root: string, node: string) {
    this.#root = root;
    this.#node = node;
  }

  /** A guest has few topics and passes the same strings again, which are then found by a comparison or two. */
  resolve(written: string): WrittenTopic {
    for (const known of this.#known) if (known.written === written) return known;
    const resolved = resolveGuestTopic(this.#root, this.#node, written);
    const topic = resolved.ok ? resolved.topic : '';
    const known: WrittenTopic = { written, resolved, topic, route: new Route() };
    // A guest may make up topics without end.
    if (this.#known.length >= MOST_TOPICS) this.#known.length = 0;
    this.#known.push(known);
    return known;
  }
}
