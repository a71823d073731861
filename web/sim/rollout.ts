/**
 * A guest on its way to many nodes, in waves: a first few prove it, then more get it, at last all. It stops by itself
 * when too many fail. Time and the way to a node come in through ports; the same reports in the same order lead to the
 * same decisions.
 */
import { type GuestState, isFinal } from '../protocol/guest-state.ts';
import type { RolloutSnapshot } from './bridge-snapshot.ts';

/** Cumulative: how many nodes have the guest once the wave is through, as a count or as a part of all (0 to 1). */
export type WaveGoal = { nodes: number } | { share: number };

export interface RolloutPlan {
  /** Each node once. In this order. */
  targets: readonly { index: number; id: string }[];
  name: string;
  sha256: string;
  /** What they leave out is a last wave. */
  waves: readonly WaveGoal[];
  /** One failure more stops it. */
  maxFailures: number;
  /** Nodes that may be under way at one time, at least 1: so many more can fail before the stop takes hold. */
  atOnce: number;
  /** For a node, from sending to its last word; then it has failed. */
  timeoutUs: number;
}

export interface RolloutPorts {
  /** Gives the offer to a node; whatever goes wrong is `heard` as a refusal. */
  send(index: number): void;
  /** Runs `action` later unless `cancelled` has been set by then. A `Kernel` does it. */
  after(delayUs: number, action: () => void): { cancelled: boolean };
}

/** Nodes in each wave, none empty, `total` together. */
export function waveSizes(total: number, waves: readonly WaveGoal[]): number[] {
  const sizes: number[] = [];
  let before = 0;
  for (const goal of [...waves, { share: 1 }]) {
    const through = 'nodes' in goal ? goal.nodes : Math.ceil(goal.share * total);
    if (!(through > before) || before === total) continue;
    const reached = Math.min(total, Math.floor(through));
    if (reached > before) sizes.push(reached - before);
    before = Math.max(before, reached);
  }
  return sizes;
}

export class Rollout {
  readonly #plan: RolloutPlan;
  readonly #ports: RolloutPorts;
  readonly #waves: number[];
  /** The time limit of each node that is under way, by its index. */
  readonly #underWay = new Map<number, { id: string; limit: { cancelled: boolean } }>();
  #state: RolloutSnapshot['state'] = 'running';
  #reason: string | null = null;
  #wave = 0;
  /** Targets that were sent to, which are the first so many. */
  #sent = 0;
  /** Targets that this wave and those before it comprise. */
  #waveEnd: number;
  #accepted = 0;
  #failed: { node: string; reason: string }[] = [];
  #sending = false;

  /** Throws `RangeError` for a plan that cannot be carried out. */
  constructor(plan: RolloutPlan, ports: RolloutPorts) {
    const { targets, atOnce, maxFailures, timeoutUs } = plan;
    if (targets.length === 0) throw new RangeError('A rollout needs at least one node.');
    if (new Set(targets.map(({ index }) => index)).size < targets.length) {
      throw new RangeError('A rollout names each node once.');
    }
    if (!(atOnce >= 1) || !(maxFailures >= 0)) {
      throw new RangeError(`A rollout cannot have ${atOnce} nodes under way at once, or ${maxFailures} failures at most.`);
    }
    if (!Number.isInteger(timeoutUs) || timeoutUs <= 0) {
      throw new RangeError(`The time limit must be a whole number of microseconds above 0, not ${timeoutUs}.`);
    }
    this.#plan = plan;
    this.#ports = ports;
    this.#waves = waveSizes(targets.length, plan.waves);
    this.#waveEnd = this.#waves[0]!;
  }

  /** Sends to the first nodes. Once. */
  start(): void {
    this.#advance();
  }

  /** A node's report; those of others, or of other modules, are passed over. */
  heard(index: number, state: GuestState): void {
    if (!isFinal(state.phase) || !this.#underWay.has(index)) return;
    // An empty digest is that of a node which could not read the offer.
    if (state.sha256 !== '' && state.sha256 !== this.#plan.sha256) return;
    if (state.phase === 'accepted') this.#end(index, null);
    else this.#end(index, state.reason ?? 'No reason given.');
  }

  /** Those under way finish; nothing more is sent until `resume`. */
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#advance();
  }

  /** Those under way finish: what was sent cannot be called back. */
  cancel(): void {
    if (this.#state === 'running' || this.#state === 'paused') this.#state = 'cancelled';
  }

  snapshot(): RolloutSnapshot {
    const { name, sha256, targets } = this.#plan;
    return {
      name,
      sha256,
      state: this.#state,
      reason: this.#reason,
      waves: [...this.#waves],
      wave: this.#wave,
      waiting: targets.length - this.#sent,
      underWay: this.#underWay.size,
      accepted: this.#accepted,
      failed: [...this.#failed],
    };
  }

  /** @param failure why, or null for a node that runs the new guest */
  #end(index: number, failure: string | null): void {
    const { id, limit } = this.#underWay.get(index)!;
    limit.cancelled = true;
    this.#underWay.delete(index);
    if (failure === null) this.#accepted += 1;
    else this.#fail(id, failure);
    this.#advance();
  }

  #fail(node: string, reason: string): void {
    const { maxFailures } = this.#plan;
    this.#failed.push({ node, reason });
    const open = this.#state === 'running' || this.#state === 'paused';
    if (!open || this.#failed.length <= maxFailures) return;
    this.#state = 'stopped';
    const limit = maxFailures === 0 ? 'no failure was allowed' : `${maxFailures} ${maxFailures === 1 ? 'failure was' : 'failures were'} allowed`;
    this.#reason = `Stopped because ${node} failed and ${limit}: ${reason}`;
  }

  /** Sends as far as wave, room and state allow. */
  #advance(): void {
    // A node may answer while it is being sent to; the loop that runs already goes on for both.
    if (this.#sending) return;
    this.#sending = true;
    while (this.#mayGoOn()) this.#send();
    this.#sending = false;
  }

  #mayGoOn(): boolean {
    if (this.#sent === this.#waveEnd && this.#underWay.size === 0) this.#nextWave();
    return this.#state === 'running' && this.#sent < this.#waveEnd && this.#underWay.size < this.#plan.atOnce;
  }

  #nextWave(): void {
    if (this.#sent === this.#plan.targets.length) {
      // Also when it was paused: nothing is left to resume.
      if (this.#state === 'running' || this.#state === 'paused') this.#state = 'done';
    } else if (this.#state === 'running') {
      this.#wave += 1;
      this.#waveEnd += this.#waves[this.#wave]!;
    }
  }

  #send(): void {
    const { index, id } = this.#plan.targets[this.#sent]!;
    this.#sent += 1;
    const seconds = this.#plan.timeoutUs / 1e6;
    const limit = this.#ports.after(this.#plan.timeoutUs, () =>
      this.#end(index, `It did not report an outcome within ${seconds} s.`),
    );
    this.#underWay.set(index, { id, limit });
    this.#ports.send(index);
  }
}
