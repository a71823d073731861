/** Updates in words. */
import type { UpdatePhase } from '../../protocol/guest-state.ts';
import type { RolloutSnapshot } from '../../sim/bridge-snapshot.ts';
import { formatBytes, formatCount, formatPlural } from '../parts/format.ts';
import type { UpdateTarget } from './updates-port.ts';

type Tone = 'plain' | 'good' | 'warn' | 'bad';

export const phaseWords: Record<UpdatePhase, { word: string; tone: Tone; sentence: string }> = {
  sent: { word: 'sent', tone: 'plain', sentence: 'Sent; the node has not answered yet.' },
  verifying: { word: 'verifying', tone: 'plain', sentence: 'The node is receiving the module and checking digest and signature.' },
  trying: { word: 'trying', tone: 'warn', sentence: 'The node runs the new guest and keeps the old one until it has proved itself.' },
  accepted: { word: 'accepted', tone: 'good', sentence: 'The new guest has proved itself and stays.' },
  refused: { word: 'refused', tone: 'bad', sentence: 'The node did not run the module; the old guest runs on.' },
  'rolled-back': { word: 'rolled back', tone: 'bad', sentence: 'The new guest failed, and the node went back to the old one.' },
};

export const stateWords: Record<RolloutSnapshot['state'], { word: string; tone: Tone }> = {
  running: { word: 'under way', tone: 'plain' },
  paused: { word: 'paused', tone: 'warn' },
  done: { word: 'done', tone: 'good' },
  stopped: { word: 'stopped', tone: 'bad' },
  cancelled: { word: 'cancelled', tone: 'warn' },
};

/** Whether nodes are still to be sent to, or have not ended. */
export function isOpen({ state, underWay }: RolloutSnapshot): boolean {
  return state === 'running' || state === 'paused' || underWay > 0;
}

export interface PlanWords {
  name: string;
  sizeBytes: number;
  keyName: string;
  targets: UpdateTarget[];
  /** Nodes of each. */
  waves: number[];
  maxFailures: number;
  atOnce: number;
  timeoutS: number;
}

/** What pressing the button will do. */
export function planSentence(plan: PlanWords): string {
  const { targets, waves } = plan;
  const what = `${plan.name} (${formatBytes(plan.sizeBytes)}), signed with "${plan.keyName}", goes to`;
  const limit = `reports no outcome within ${plan.timeoutS} s`;
  if (targets.length === 1) return `${what} ${targets[0]!.id}. If it ${limit}, it has failed.`;
  const way = waves.length === 1 ? 'all in one wave' : `in ${waves.length} waves of ${list(waves.map(formatCount))}`;
  // More at once than the largest wave is no limit.
  const largest = waves.reduce((most, size) => Math.max(most, size), 0);
  const room = plan.atOnce < largest ? `, at most ${formatCount(plan.atOnce)} at once` : '';
  const stop = plan.maxFailures === 0 ? 'at the first failure' : `after more than ${formatPlural(plan.maxFailures, 'failure')}`;
  return `${what} ${formatCount(targets.length)} nodes (${kinds(targets)}), ${way}${room}. It stops ${stop}; a node that ${limit} has failed.`;
}

/** Who else has a say in it, or null. */
export function remoteSentence(targets: UpdateTarget[], keyName: string): string | null {
  const boards = targets.filter(({ kind }) => kind === 'real').length;
  const others = targets.filter(({ kind, remote }) => remote && kind !== 'real').length;
  const who = [
    ...(boards > 0 ? [formatPlural(boards, 'board')] : []),
    ...(others > 0 ? [`${formatPlural(others, 'node')} of other pages`] : []),
  ];
  if (who.length === 0) return null;
  return `${list(who)} will refuse it unless ${boards + others === 1 ? 'it trusts' : 'they trust'} the public key of "${keyName}": give it to a board when you provision it, to another page under its signing keys.`;
}

/** How a rollout stands, or ended. */
export function outcomeSentence(rollout: RolloutSnapshot): string {
  const { state, accepted, failed, underWay, waiting } = rollout;
  const all = accepted + failed.length + underWay + waiting;
  const counts = `${formatCount(accepted)} of ${formatPlural(all, 'node')} run ${rollout.name}`;
  const failures = failed.length === 0 ? '' : `, ${formatCount(failed.length)} failed`;
  const finishing = underWay === 0 ? '' : ` ${formatPlural(underWay, 'node')} under way will finish.`;
  const unsent = waiting === 0 ? '' : ` ${formatPlural(waiting, 'node')} did not get it.`;
  switch (state) {
    case 'running':
      return `${counts}${failures}; ${formatCount(underWay)} under way, ${formatCount(waiting)} waiting.`;
    case 'paused':
      return `${counts}${failures}. Nothing more is sent until you resume it.${finishing}`;
    case 'stopped':
      return `${rollout.reason ?? 'Stopped.'} ${counts}.${finishing}${unsent}`;
    case 'cancelled':
      return `You cancelled it. ${counts}${failures}.${finishing}${unsent}`;
    case 'done':
      return `${counts}${failures}.`;
  }
}

/** Nodes that have ended in each wave. */
export function endedByWave({ waves, accepted, failed }: RolloutSnapshot): number[] {
  let left = accepted + failed.length;
  return waves.map((size) => {
    const ended = Math.min(size, left);
    left -= ended;
    return ended;
  });
}

function kinds(targets: UpdateTarget[]): string {
  const real = targets.filter(({ kind }) => kind === 'real').length;
  if (real === 0) return 'all simulated';
  if (real === targets.length) return 'all real';
  return `${formatCount(targets.length - real)} simulated, ${formatCount(real)} real`;
}

function list(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
