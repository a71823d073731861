/** What is being put together before a rollout starts: module, nodes, waves and limits. */
import { waveSizes, type WaveGoal } from '../../sim/rollout.ts';
import { emptyGroup, type NodeGroup, withNodes, withoutNodes } from './node-group.ts';
import type { ModuleChoice, UpdateTarget } from './updates-port.ts';
import { parseWaves } from './wave-text.ts';

export const scopes = ['node', 'group', 'fleet'] as const;
export type Scope = (typeof scopes)[number];
export type Kinds = 'all' | UpdateTarget['kind'];

export interface Limit {
  label: string;
  hint: string;
  min: number;
  max: number;
}

/** Whole numbers. A single board needs seconds for a module, a busy one tens of them. */
export const limits = {
  maxFailures: { label: 'Failures allowed', hint: 'stops at one more', min: 0, max: 20_000 },
  atOnce: { label: 'At once', hint: 'nodes under way', min: 1, max: 20_000 },
  timeoutS: { label: 'Time limit', hint: 'seconds for a node', min: 1, max: 86_400 },
} satisfies Record<string, Limit>;
export type LimitId = keyof typeof limits;

export class RolloutDraft {
  module = $state.raw<ModuleChoice | null>(null);
  scope = $state<Scope>('node');
  /** Of the fleet. */
  kinds = $state<Kinds>('all');
  wavesText = $state('1, 10 %');
  limitTexts = $state<Record<LimitId, string>>({ maxFailures: '0', atOnce: '50', timeoutS: '60' });
  #group = $state.raw<NodeGroup>(emptyGroup);
  #node = $state<number | null>(null);
  readonly #nodes: () => readonly UpdateTarget[];

  constructor(nodes: () => readonly UpdateTarget[]) {
    this.#nodes = nodes;
  }

  readonly targets: UpdateTarget[] = $derived.by(() => {
    const nodes = this.#nodes();
    if (this.scope === 'fleet') return nodes.filter(({ kind }) => this.kinds === 'all' || kind === this.kinds);
    return nodes.filter(({ index }) => this.chosen(index));
  });

  readonly #goals = $derived(parseWaves(this.wavesText));

  readonly wavesProblem: string | null = $derived(this.staged && !this.#goals.ok ? this.#goals.reason : null);

  /** As they go into the plan; a single node has no use for them. */
  get goals(): WaveGoal[] {
    return this.staged && this.#goals.ok ? this.#goals.value : [];
  }

  readonly waves: number[] = $derived(waveSizes(this.targets.length, this.goals));

  /** Whether waves make sense. */
  get staged(): boolean {
    return this.scope !== 'node';
  }

  chosen(index: number): boolean {
    return this.scope === 'node' ? this.#node === index : this.#group.has(index);
  }

  choose(index: number, chosen: boolean): void {
    if (this.scope === 'node') this.#node = chosen ? index : null;
    else this.chooseAll([index], chosen);
  }

  /** Of a group. */
  chooseAll(indexes: readonly number[], chosen: boolean): void {
    this.#group = chosen ? withNodes(this.#group, indexes) : withoutNodes(this.#group, indexes);
  }

  limit(id: LimitId): number {
    return Number(this.limitTexts[id]);
  }

  limitProblem(id: LimitId): string | null {
    const { label, min, max } = limits[id];
    const value = this.limit(id);
    if (this.limitTexts[id].trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return null;
    return `"${label}" must be a whole number from ${min} to ${max}.`;
  }

  /** What is missing or wrong, as a sentence; null when it can start. */
  get problem(): string | null {
    if (this.module === null) return 'Choose a module.';
    if (this.targets.length === 0) {
      return this.scope === 'fleet' ? 'There is no node of this kind.' : this.scope === 'node' ? 'Choose a node.' : 'Choose the nodes of the group.';
    }
    if (this.wavesProblem !== null) return this.wavesProblem;
    for (const id of Object.keys(limits) as LimitId[]) {
      const problem = this.limitProblem(id);
      if (problem !== null) return problem;
    }
    return null;
  }
}
