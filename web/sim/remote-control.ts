/** What the page asks of edge nodes over MQTT beside their configuration: new guests, to one or many, and requests. */
import type { MqttMessage } from '../protocol/message.ts';
import {
  encodeCommand,
  encodeGuestOffer,
  isFinal,
  parseGuestState,
  type CommandName,
  type GuestOffer,
} from '../protocol/control-payloads.ts';
import { DEFAULT_ROOT, nodeTopic } from '../protocol/topics.ts';
import { Rollout, type RolloutPlan } from './rollout.ts';
import { Updates } from './updates.ts';
import type { World } from './world.ts';

export class RemoteControl {
  /** The last one, or the one that is under way. */
  rollout: Rollout | null = null;
  readonly updates: Updates;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.updates = new Updates(() => world.kernel.nowUs);
    world.observer.onGuestState = (index, message) => this.#hear(index, message);
    world.context.controlled = true;
    for (const edge of world.edges) edge.listenForControl();
  }

  /** Brings a guest to many nodes; one that is under way is called off. Throws `RangeError` for a plan that cannot be carried out. */
  startRollout(plan: RolloutPlan, bytes: Uint8Array, offer: GuestOffer): void {
    this.rollout?.cancel();
    const ids = new Map(plan.targets.map(({ index, id }) => [index, id]));
    this.rollout = new Rollout(plan, {
      send: (index) => this.#offer(index, ids.get(index) ?? '', bytes, offer),
      after: (delayUs, action) => this.#world.kernel.after(delayUs, action),
    });
    this.rollout.start();
  }

  /** Sends a request to an edge node; the answer is in its console and messages. */
  command(index: number, cmd: CommandName): void {
    const { bridge, slots, observer, nodes } = this.#world;
    const slot = slots?.at(index);
    if (slot && slot.mode !== 'simulated') bridge?.command(slot, cmd);
    else {
      const topic = nodeTopic(DEFAULT_ROOT, nodes[index].identity.id, 'cmd');
      observer.publish({ topic, payload: encodeCommand({ cmd, id: null }), qos: 1, retain: false });
    }
  }

  #offer(index: number, id: string, bytes: Uint8Array, offer: GuestOffer): void {
    const { log, kernel, nodes, observer } = this.#world;
    // Nodes of others go when their broker is left.
    if (nodes.at(index)?.identity.id !== id) {
      const { name, sha256 } = offer;
      this.rollout?.heard(index, { phase: 'refused', name, sha256, progress: 1, reason: `${id} is not here any more.` });
      return;
    }
    const topic = nodeTopic(DEFAULT_ROOT, id, 'guest');
    log.append(kernel.nowUs, 'page', 'offer', `${topic} ${offer.name} ${offer.sha256}`);
    this.updates.sent(index, offer.name, offer.sha256);
    const userProperties = encodeGuestOffer(offer);
    observer.publish({ topic, payload: '', binary: bytes, qos: 1, retain: false, userProperties });
  }

  #hear(index: number, { payload }: MqttMessage): void {
    const state = parseGuestState(payload);
    if (!state.ok) return;
    const { name, phase, reason } = state.value;
    this.updates.heard(index, state.value);
    this.rollout?.heard(index, state.value);
    if (isFinal(phase)) this.#world.observer.tap?.event(index, 'replacement', `Guest ${name}: ${phase}. ${reason ?? ''}`.trim());
  }
}
