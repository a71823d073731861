/** The words, tones and meanings of what a node can be in. */
import type { FaultKind, NodeState, Tier } from '../../sim/snapshot.ts';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export const stateWords: Record<NodeState, { word: string; tone: Tone }> = {
  booting: { word: 'Booting', tone: 'warn' },
  running: { word: 'Running', tone: 'good' },
  restarting: { word: 'Restarting', tone: 'warn' },
  faulted: { word: 'Faulted', tone: 'bad' },
  off: { word: 'Off', tone: 'plain' },
  idle: { word: 'Idle', tone: 'plain' },
};

export const tierWords: Record<Tier, string> = { edge: 'Edge', fog: 'Fog', cloud: 'Cloud' };

export const faultWords: Record<FaultKind, { name: string; effect: string }> = {
  spike: { name: 'Spike', effect: 'Single readings jump far off and come back.' },
  stuck: { name: 'Stuck', effect: 'The probe repeats its last reading, wet or dry.' },
  dropout: { name: 'Drop-out', effect: 'The probe does not answer: the guest reads −1.' },
  drift: { name: 'Drift', effect: 'Readings creep away from the truth, hour by hour.' },
};
