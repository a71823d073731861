/** What a guest has asked to publish, on its way to the virtual time of the call. */
import type { EdgeNode } from './edge-node.ts';
import type { Effect } from './guest-runner.ts';
import type { WrittenTopic } from './written-topics.ts';

export class Publication implements Effect {
  readonly #node: EdgeNode;
  readonly #topic: WrittenTopic;
  readonly #payload: string;
  readonly #sampledAtUs: number | null;

  constructor(node: EdgeNode, topic: WrittenTopic, payload: string, sampledAtUs: number | null) {
    this.#node = node;
    this.#topic = topic;
    this.#payload = payload;
    this.#sampledAtUs = sampledAtUs;
  }

  bring(): void {
    this.#node.send(this.#topic, this.#payload, this.#sampledAtUs);
  }
}
