/** The scenario of docs/methods/hand-calculation.md: one node, one hour, every stochastic model switched off. */
import type { Cell, Experiment } from '../../web/lab/experiment/experiment.ts';

const loam = { fieldCapacity: 0.25, wiltingPoint: 0.12, saturation: 0.463 };

export const handExperiment: Experiment = {
  name: 'by hand',
  question: '',
  factors: { strategy: ['C', 'E'], guest: ['c'], nodes: [1], link: ['ideal'], periodS: [900], weather: ['drySummer'] },
  replications: 1,
  seed: 1,
  // To 12:01, past what the board reports of itself at each full hour of its life.
  warmUpS: 12 * 3600 + 60,
  durationS: 3540,
  qos: 1,
  parameters: {
    'node.bootSpreadMs': 0,
    // So fast that the fog's result finds the telemetry still on the line to the cloud, and waits.
    'link.lan.latencyMedianMs': 0.05,
    'probe.noiseSd': 0,
    'probe.wanderSd': 0,
    // Which soil a site gets is drawn, so all three are the same one.
    'soil.sandyLoam.fieldCapacity': loam.fieldCapacity,
    'soil.sandyLoam.wiltingPoint': loam.wiltingPoint,
    'soil.sandyLoam.saturation': loam.saturation,
    'soil.siltLoam.fieldCapacity': loam.fieldCapacity,
    'soil.siltLoam.wiltingPoint': loam.wiltingPoint,
    'soil.siltLoam.saturation': loam.saturation,
    'soil.siteVariation': 0,
    'soil.initialSpread': 0,
    'soil.initialSaturation': 0.493,
  },
  baseline: {},
};

export const handCell: Cell = { index: 0, strategy: 'E', guest: 'c', nodes: 1, link: 'ideal', periodS: 900, weather: 'drySummer' };
