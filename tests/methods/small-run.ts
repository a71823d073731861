/** The run that the tests here vary: three nodes of native code, one hour. */
import type { Cell, Experiment } from '../../web/lab/experiment/experiment.ts';
import type { RunControl } from '../../web/lab/measure/run-experiment-run.ts';

/** Nobody pauses or cancels. */
export const undisturbed: RunControl = { cancelled: () => false, turn: () => Promise.resolve(), progress: () => undefined };

export const smallExperiment: Experiment = {
  name: 'small',
  question: '',
  factors: { strategy: ['E'], guest: ['c'], nodes: [3], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 1,
  seed: 7,
  warmUpS: 300,
  durationS: 3600,
  qos: 1,
  parameters: {},
  baseline: {},
};

export const smallCell: Cell = { index: 0, strategy: 'E', guest: 'c', nodes: 3, link: 'site', periodS: 60, weather: 'mixed' };
