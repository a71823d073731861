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

const anomalies: readonly { word: string; tone: Tone }[] = [
  { word: 'none', tone: 'plain' },
  { word: 'spike', tone: 'warn' },
  { word: 'stuck', tone: 'warn' },
  { word: 'out of range', tone: 'bad' },
];

/** What an anomaly code of the guest ABI means. */
export function anomalyWords(code: number): { word: string; tone: Tone } {
  return anomalies[code] ?? { word: `code ${code}`, tone: 'warn' };
}

/** Why a node has no guest, from its runtime. */
export function guestAbsence(runtime: string): { title: string; text: string } {
  return /native/i.test(runtime)
    ? {
        title: 'Native code, no guest',
        text: 'This tier runs the same logic without WebAssembly under the present strategy, as the yardstick for what a guest costs.',
      }
    : {
        title: 'Relay only, no guest',
        text: 'Under the present strategy this tier passes messages on and stores them; the guest runs on other tiers.',
      };
}
