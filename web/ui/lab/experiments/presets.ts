/** Experiments to begin with, each for one question. */
import type { Experiment } from '../../../lab/experiment/experiment.ts';
import { asTheyAre } from '../../../lab/experiment/experiment-file.ts';

export interface Preset {
  id: string;
  label: string;
  experiment: Experiment;
}

const common = {
  seed: 192,
  warmUpS: 600,
  durationS: 21_600,
  replications: 10,
  qos: 1,
  parameters: {},
} as const;

const strategies: Experiment = {
  ...common,
  name: 'Strategies A to E with both guests',
  question: 'What do the sandbox and its placement cost on each tier, and does the language of the guest change that?',
  factors: { strategy: ['A', 'B', 'C', 'D', 'E'], guest: ['c', 'rust'], nodes: [10], link: ['site'], periodS: [60], weather: ['mixed'] },
  baseline: { strategy: 'E' },
};

export const presets: readonly [Preset, ...Preset[]] = [
  { id: 'strategies', label: 'Which placement?', experiment: strategies },
  {
    id: 'language',
    label: 'C or Rust?',
    experiment: {
      ...strategies,
      name: 'C against Rust',
      question: 'Does the language of the guest matter for latency, memory and energy?',
      factors: { ...strategies.factors, strategy: ['C'] },
      replications: 20,
      baseline: { guest: 'c' },
    },
  },
  {
    id: 'size',
    label: 'How large?',
    experiment: {
      ...strategies,
      name: 'Fleets of growing size',
      question: 'How do latency and link use grow with the fleet?',
      factors: { ...strategies.factors, strategy: ['A', 'C', 'E'], guest: ['c'], nodes: [10, 50, 100, 200] },
      replications: 5,
      durationS: 7200,
    },
  },
  {
    id: 'link',
    label: 'Which network?',
    experiment: {
      ...strategies,
      name: 'Networks from ideal to poor',
      question: 'How much of the latency is the network, and how much the placement?',
      factors: { ...strategies.factors, strategy: ['C', 'E'], guest: ['c'], link: ['ideal', 'near', 'site', 'edgeOfCoverage', 'lteBackhaul'] },
    },
  },
  {
    id: 'full',
    label: 'The full matrix',
    experiment: {
      ...strategies,
      name: 'The full matrix: 100 nodes, one day, 30 replications',
      factors: { ...strategies.factors, nodes: [100] },
      replications: 30,
      durationS: 86_400,
      qos: 0,
    },
  },
];

/** On the fleet that runs in the page; its number of nodes is known only there. */
export function livePreset(nodes: number): Experiment {
  return {
    ...common,
    name: 'The fleet as it runs here',
    question: 'What do the strategies cost on the nodes that are here, boards included?',
    factors: { strategy: ['C', 'E'], guest: ['c'], nodes: [nodes], link: [asTheyAre], periodS: [3], weather: [asTheyAre] },
    replications: 2,
    warmUpS: 15,
    durationS: 60,
    live: true,
    baseline: { strategy: 'E' },
  };
}
